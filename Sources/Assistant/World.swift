import Conversation
import Dialogue
import Knowledge

/// The dialogue's questions about the world, answered from the knowledge base as it stands on a day.
struct World: DialogueWorld {
    let knowledge: KnowledgeBase
    let date: CivilDate
    var memory: WorldMemory?
    /// Words responses, when it is asked what they would say.
    var assistant: Assistant?

    /// Slots that rules for sums look at.
    static let sumSlots = NameSet(["city", "year"] + CalculationRule.Dimension.allCases.map(\.rawValue))

    func areInOneProvince(_ first: String, _ second: String) -> Bool { knowledge.sameProvince(first, second) }
    func isPlace(_ place: String, within container: String) -> Bool { knowledge.isWithin(place, container) }

    func isCity(_ place: String) -> Bool { knowledge.places.isCity(place) }

    func hasFacts(on topic: String, for place: String) -> Bool {
        let answer = knowledge.answer(FactQuery(topics: [topic], place: place, asOf: date))
        return !answer.facts.isEmpty && !answer.isWider
    }

    func hasRule(on topic: String, attribute: String, for place: String, people: String?) -> Bool {
        var query = FactQuery(topics: [topic], place: place, asOf: date)
        query.attributes = [attribute]
        return knowledge.answer(query).facts.contains { $0.population.isEmpty || $0.population == people }
    }

    func calculation(_ sum: String, needs slot: String, given slots: Slots) -> Bool {
        rules(for: sum, given: slots)?.needs(slot) ?? false
    }

    func canCalculate(_ sum: String, byReference: Bool, given slots: Slots) -> Bool {
        rules(for: sum, given: slots).map { $0.isComputable && $0.isReference == byReference } ?? false
    }

    private func rules(for sum: String, given slots: Slots) -> RuleChoice? {
        CalculationRule.Sum(rawValue: sum).map { rules(for: $0, given: slots) }
    }

    /// The rules for a sum where the person is insured, as far as the slots tell them apart.
    func rules(for sum: CalculationRule.Sum, given slots: Slots) -> RuleChoice {
        var day = date
        if sum == .fee, let year = slots["year"]?.value {
            let named = ["去年": date.year - 1, "明年": date.year + 1]
            day = CivilDate(year: Int(year) ?? named[year] ?? date.year, month: 7, day: 1)
        }
        // A family has people of several kinds.
        let choice = knowledge.rules(for: sum, place: slots["city"]?.value, asOf: day) {
            sum == .fee && $0 == .population ? nil : slots[$0.rawValue]?.value
        }
        return sum == .allowance && slots["leave_days"] != nil ? byGivenDays(choice) : choice
    }

    /// Where an allowance is paid by the day, and the days were said, how the birth went changes nothing any more.
    private func byGivenDays(_ choice: RuleChoice) -> RuleChoice {
        guard let first = choice.main.first(where: { !$0.shares.isEmpty }),
            choice.main.allSatisfy({ $0.also.contains { knowledge.fact($0)?.divisor != nil } })
        else { return choice }
        var choice = choice
        choice.rules = [first]
        choice.isSettled = true
        return choice
    }

    func remembered(_ look: ForwardLook, _ find: () -> Int) -> Int {
        let seen = WorldMemory.Seen(look: look, date: date)
        if let known = memory?.looks[seen] { return known }
        let found = find()
        memory?.looks[seen] = found
        return found
    }

    func saysAlike(_ response: String, for cases: [Slots]) -> Bool {
        guard let assistant, let first = cases.first else { return false }
        let asked = WorldMemory.Cases(response: response, cases: cases.map(\.withoutHistory), date: date)
        if let known = memory?.alike[asked] { return known }
        let said = assistant.wordingAlone(response, slots: first, on: date)
        let isAlike = cases.dropFirst().allSatisfy {
            assistant.wordingAlone(response, slots: $0, on: date) == said
        }
        memory?.alike[asked] = isAlike
        return isAlike
    }

    /// Rows that a table told whole has at most, and those at most of them that are not for everybody.
    private static let (wholeRows, ownRows) = (8, 6)

    func saysAll(_ response: String, for cases: [Slots]) -> Bool {
        guard let assistant, cases.count > 1 else { return false }
        let asked = WorldMemory.Cases(response: response, cases: cases.map(\.withoutHistory), date: date)
        if let known = memory?.whole[asked] { return known }
        let told = cases.map { slots in
            assistant.toldAlone(response, slots: slots, on: date)
        }
        let lines = told.map { replies in
            replies.flatMap(\.statements).filter { $0.unicodeScalars.last != "：" }
        }
        let rows = told[0].filter(\.isTable).flatMap(\.statements)
        let own = lines[0].filter { line in !lines.dropFirst().allSatisfy { $0.contains(line) } }
        let saysAll =
            rows.count <= Self.wholeRows && own.count <= Self.ownRows
            && lines.dropFirst().allSatisfy { $0.allSatisfy(lines[0].contains) }
        memory?.whole[asked] = saysAll
        return saysAll
    }

    func placeName(_ code: String) -> String { knowledge.name(of: code) }
    func placeLabel(_ code: String) -> String { knowledge.label(of: code) }

    func canAnswer(_ question: String, place: String?) -> Bool {
        !knowledge.search(
            question, place: place ?? Place.nationCode, insurance: nil, asOf: date, limit: 1
        ).isEmpty || !knowledge.definitions(for: question, place: place, asOf: date).isEmpty
            || !knowledge.articles(on: question, place: place, asOf: date, limit: 1).isEmpty
            || isDoubtAsked(about: question, place: place)
            || !knowledge.disputed(on: question, place: place).isEmpty
    }

    func defines(_ question: String, place: String?) -> Bool {
        !knowledge.definitions(for: question, asksMeaning: true, place: place, asOf: date).isEmpty
    }

    func speaks(of things: [String], place: String?) -> Bool {
        !knowledge.facts(naming: things, place: place, insurance: nil, asOf: date).isEmpty
    }

    func isAskedBySource(_ question: String, place: String?) -> Bool {
        !knowledge.articles(on: question, place: place, asOf: date, limit: 1).isEmpty
    }

    func isDoubtAsked(about question: String, place: String?) -> Bool {
        let asked = WorldMemory.Question(words: question, place: place, date: date)
        if let known = memory?.doubts[asked] { return known }
        let found = knowledge.isDoubtAsked(question, place: place)
        memory?.doubts[asked] = found
        return found
    }

    func furtherReading(on question: String, place: String?) -> [String] {
        guard !question.isEmpty else { return [] }
        let asked = WorldMemory.Question(words: question, place: place, date: date)
        if let known = memory?.furtherReading[asked] { return known }
        let found = findFurtherReading(on: question, place: place)
        memory?.furtherReading[asked] = found
        return found
    }

    private func findFurtherReading(on question: String, place: String?) -> [String] {
        let articles = knowledge.articles(on: question, place: place, asOf: date)
        // A second one only when it is the same question, too.
        return articles.enumerated().filter {
            $0.offset == 0 || $0.element.likeness >= KnowledgeBase.sameTitleFloor
        }.map(\.element).map {
            ReadingPlace(source: $0.source.id, place: place ?? Place.nationCode).identifier
        }
    }

    func readingLabel(_ identifier: String) -> String? {
        let asked = WorldMemory.Question(words: identifier, place: nil, date: date)
        if let known = memory?.readingLabels[asked] { return known }
        let label = findReadingLabel(identifier)
        memory?.readingLabels[asked] = .some(label)
        return label
    }

    private func findReadingLabel(_ identifier: String) -> String? {
        if let others = OtherSayings(identifier) { return "还有\(others.lines)条不同说法" }
        if let remainder = Remainder(identifier) {
            let isWritten = remainder.responses.contains { name in
                assistant?.response(name)?.blocks.contains { $0.later?.offer == remainder.offer } ?? false
            }
            return isWritten ? remainder.offer : nil
        }
        guard let reading = ReadingPlace(identifier),
            let article = knowledge.article(reading.source, place: reading.place, asOf: date)
        else { return nil }
        let left = reading.untold(in: article)
        if left.isEmpty { return nil }
        if reading.parts > 0 { return "《\(article.source.title)》接着往下看" }
        let topics = left.map(\.fact.topic).unique.prefix(3).joined(separator: "、")
        return "《\(article.source.title)》里写的\(topics)"
    }

    func reading(after identifier: String) -> String? {
        guard let reading = ReadingPlace(identifier),
            let article = knowledge.article(reading.source, place: reading.place, asOf: date)
        else { return nil }
        return reading.next(in: article)?.identifier
    }
}

/// What the world was asked lately. Belongs to one thread, as the turns do for which it is kept.
final class WorldMemory {
    struct Question: Hashable {
        var words: String
        var place: String?
        var date: CivilDate

        func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: words) }
    }

    var furtherReading = RecentValues<Question, [String]>(limit: 256)
    /// A response with the slots for which it is worded.
    struct Cases: Hashable {
        var response: String
        var cases: [Slots]
        var date: CivilDate

        func hash(into hasher: inout Hasher) {
            hasher.combine(bytesOf: response)
            if let last = cases.last { hasher.combine(last) }
        }
    }

    /// Whether a response is the same in some cases.
    var alike = RecentValues<Cases, Bool>(limit: 512)
    /// Whether a response says all of some cases in the first of them.
    var whole = RecentValues<Cases, Bool>(limit: 512)
    struct Seen: Hashable {
        var look: ForwardLook
        var date: CivilDate
    }

    /// What was seen ahead in a flow.
    var looks = RecentValues<Seen, Int>(limit: 1024)
    /// Whether a question asks about something doubtful.
    var doubts = RecentValues<Question, Bool>(limit: 512)
    /// Nil for what has no label.
    var readingLabels = RecentValues<Question, String?>(limit: 256)

    func removeAll() {
        furtherReading.removeAll()
        alike.removeAll()
        whole.removeAll()
        looks.removeAll()
        doubts.removeAll()
        readingLabels.removeAll()
    }
}
