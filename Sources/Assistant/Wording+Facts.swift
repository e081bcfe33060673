import Conversation
import Dialogue
import Knowledge

/// Facts in words: lists, procedures and tables, each with the numbers of its sources and the place that it holds for.
extension Wording {
    /// Gives back the facts that were found and not told because the look-up's limit left no room.
    @discardableResult
    mutating func sayFacts(_ block: FactBlock, _ arguments: [Effect.Argument]) -> [String] {
        let asked = block.place.flatMap { slots[$0] }
        // Without a place of its own a local look-up has nothing to say.
        if block.breadth == .local, asked == nil { return [] }
        let query = query(for: block, place: asked?.value)
        monthsOfCase = query.months ?? monthsOfCase
        var answer = knowledge.answer(query)
        // A county's people are insured with its city, whose rules are theirs.
        if block.breadth == .local, answer.isWider, !knowledge.places.isCity(answer.scope) {
            answer.facts = []
        }
        // Facts that are named one by one are not looked up by place; those of another one are left out all the same.
        if asked == nil, let place = scene.latestPlace {
            answer.facts.removeAll { !isNear($0, place) }
            answer.givesWay.removeAll { !isNear($0.fact, place) }
        }
        answer.facts = narrowed(answer.facts, by: block.narrowing)
        let borrowed = borrowed(for: block, beside: answer.facts)
        if !answer.facts.isEmpty || !focus.isEmpty { answer.facts += borrowed }
        var cites: [Int] = []
        guard !answer.facts.isEmpty else {
            sayMissing(block, arguments)
            disbelieved += answer.implausible
            stateOtherTimes(of: answer, block)
            return []
        }
        guard block.limit > 0 else { return answer.facts.map(\.id) }
        let heading = block.title.flatMap { fill($0, arguments, &cites) } ?? ""
        let isAfterYear =
            stateYearAsked(of: answer, block, title: heading) || stateLast(of: answer, block, title: heading)
        let title = heading + (isAfterYear && !heading.isEmpty ? "（现在）" : "")
        let (known, hearsay) = setApart(answer.facts, block)
        if known.isEmpty {
            sayMissing(block, arguments)
        } else {
            let scope = scopeNote(of: answer, block)
            lay(known, title: title + scope, asked: asked?.value, limit: block.limit, block)
            sayBorrowed(borrowed)
        }
        let room = known.isEmpty ? block.limit : block.limit - known.count
        if !hearsay.isEmpty, room > 0 {
            lay(hearsay, title: title + Self.hearsayNote, asked: nil, limit: room, block)
        }
        givesWay += answer.givesWay
        let told = Set(citedFacts + heldBack)
        stateOtherTimes(of: answer, block, title: heading)
        return answer.facts.map(\.id).filter { !told.contains($0) }
    }

    private mutating func lay(
        _ facts: [Fact], title: String, asked: String?, limit: Int, _ block: FactBlock
    ) {
        switch block.layout {
        case .list:
            list(
                facts, title: title, asked: block.breadth == .all ? asked : nil, limit: limit,
                namesInsurance: isInsuranceOpen(block))
        case .steps: procedures(facts, title: title, limit: limit)
        case .table:
            table(
                inOrder(facts, of: block), title: title, limit: limit,
                isNarrowed: !isChanged && block.narrowing.contains(where: scene.changed.contains))
        }
    }

    /// Figures of a table that are written for another group than the one asked for, where the rules for the sum take them over:
    /// what is worked out with them is not said to be unknown.
    private func borrowed(for block: FactBlock, beside facts: [Fact]) -> [Fact] {
        guard block.layout == .table, block.population != nil else { return [] }
        let topics = topics(of: block)
        let missing = block.attributes.filter { attribute in !facts.contains { $0.attribute == attribute } }
        if missing.isEmpty { return [] }
        let parts = world.rules(for: .reimbursement, given: slots).main.flatMap { rule in
            rule.shares + [rule.cap, rule.deductible.part].compactMap { $0 }
        }
        let found = parts.filter(\.isBorrowed).map(\.fact).unique.compactMap(knowledge.fact)
        return narrowed(
            found.filter { topics.contains($0.topic) && missing.contains($0.attribute) },
            by: block.narrowing)
    }

    /// Says that figures were written for others, in the words of the sums.
    private mutating func sayBorrowed(_ facts: [Fact]) {
        let told = facts.filter { citedFacts.contains($0.id) }
        for attribute in told.map(\.attribute).unique {
            let numbers = told.filter { $0.attribute == attribute }.map { cite($0) }.unique
            let text = "\(attribute)的资料是给别的人群写的，先借来用"
            remarks.append(text)
            append(Reply(text: text + numbers.map { "[\($0)]" }.joined(), cites: numbers))
        }
    }

    private mutating func sayMissing(_ block: FactBlock, _ arguments: [Effect.Argument]) {
        var cites: [Int] = []
        guard let missing = block.missing, let text = fill(missing, arguments, &cites) else { return }
        gaps.append(text)
        append(Reply(text: text))
    }

    // MARK: Whose figures they are

    /// Behind the heading of figures that are nobody's rule.
    static var hearsayNote: String { "（网上文章的数，不一定是您那儿的，只能参考）" }

    /// What holds, and apart from it the figures of articles that say for no place. While it is open which insurance somebody
    /// has, what holds for all of them comes before what holds for one.
    private func setApart(_ facts: [Fact], _ block: FactBlock) -> (known: [Fact], hearsay: [Fact]) {
        var known = facts.filter { !isHearsay($0) }
        if block.breadth == .all, isInsuranceOpen(block) {
            known = known.filter { $0.insurance.isEmpty } + known.filter { !$0.insurance.isEmpty }
        }
        return (known, facts.filter(isHearsay))
    }

    /// Whether a figure stands in an article that does not say where it holds.
    func isHearsay(_ fact: Fact) -> Bool {
        fact.table == "rates" && fact.place == Place.nationCode
            && knowledge.source(fact.source)?.authority == .web
    }

    /// Whether a fact holds for a place, or for a part of it.
    private func isNear(_ fact: Fact, _ place: String) -> Bool {
        knowledge.isWithin(place, fact.place) || knowledge.isWithin(fact.place, place)
    }

    private func query(for block: FactBlock, place: String?) -> FactQuery {
        var query = FactQuery(topics: topics(of: block), place: place, asOf: date)
        query.attributes = block.attributes
        query.insurance = block.fixedInsurance ?? block.insurance.flatMap { slots[$0]?.value }
        query.populations =
            block.fixedPopulations.isEmpty
            ? block.population.flatMap { slots[$0]?.value }.map { [$0] } ?? [] : block.fixedPopulations
        if let place, let other = block.otherEnd.flatMap({ slots[$0]?.value }) {
            query.journey = knowledge.journey(from: place, to: other)
        }
        query.months = block.months.flatMap(months)
        query.about = block.about
        query.notAbout = block.notAbout
        query.identifiers = block.identifiers
        query.combinesLevels = block.breadth == .all
        query.includesPast = block.includesPast
        query.ownInsuranceOnly = block.ownInsuranceOnly
        return query
    }

    /// The months that a slot holds, from the fewest to the most they may be.
    private func months(_ slot: String) -> ClosedRange<Int>? {
        let ends = (slots[slot]?.ends ?? []).compactMap { Int($0.prefix { $0 != "." }) }
        guard let least = ends.min(), let most = ends.max() else { return nil }
        return least...most
    }

    private func topics(of block: FactBlock) -> [String] {
        block.topics.compactMap { $0.filled(gap: { slots[$0]?.value }, fact: { _ in nil }) }.filter {
            !$0.isEmpty
        }
    }

    /// Leaves out facts whose condition is tied to another option of a choice slot than the one that is filled, or bounds another age.
    func narrowed(_ facts: [Fact], by names: [String]) -> [Fact] {
        var facts = facts
        for name in names {
            if name == "age" {
                facts = ofAge(facts)
                continue
            }
            guard let value = slots[name]?.value, let definition = assistant.program.slot(name),
                let chosen = definition.option(value)?.factWords, !chosen.isEmpty
            else { continue }
            let others = definition.options.filter { $0.value != value }.flatMap(\.factWords)
            let kept = facts.filter { fact in
                // A step of another way of doing it is none of this one, whatever it compares itself with.
                let isNamed = (chosen + others).contains { fact.condition.holds($0) }
                let words = isNamed ? fact.condition : fact.condition + fact.value
                return chosen.contains { words.holds($0) } || !others.contains { words.holds($0) }
            }
            if !kept.isEmpty { facts = kept }
        }
        return facts
    }

    /// Those that hold for the age that is known, where there are any. What is for old people is for nobody under sixty; where it is, these
    /// are no other grown-ups.
    private func ofAge(_ facts: [Fact]) -> [Fact] {
        guard let age = slots["age"].flatMap({ Int($0.value) }) else { return facts }
        let isOld = age >= AgeBound.old
        let tellsOld = facts.contains { $0.population == "老年" }
        let kept = facts.filter { fact in
            fact.holds(atAge: age)
                && (fact.population != "老年" || isOld)
                && !(tellsOld && isOld && ["成年居民", "学生儿童"].contains(fact.population))
        }
        return kept.isEmpty ? facts : kept
    }

    /// Whose rule it is when it is not the place's own: said once in a line of its own, and marked wherever it is so.
    private mutating func scopeNote(of answer: FactAnswer, _ block: FactBlock) -> String {
        guard block.breadth != .all, answer.isWider, let asked = answer.askedPlace else { return "" }
        let scope = answer.scope == Place.nationCode ? "全国" : knowledge.name(of: answer.scope)
        if notedScopes.contains(answer.scope) { return "（\(scope)的）" }
        notedScopes.append(answer.scope)
        let note = "没有\(knowledge.name(of: asked))单独的规定，"
        // Behind what is the place's own, only this is somebody else's.
        guard !(citedFacts + heldBack).contains(where: { knowledge.fact($0)?.place == asked }),
            notedScopes.count == 1
        else { return "（\(note)按\(scope)的说）" }
        append(Reply(text: "\(note)下面按\(scope)的说。"))
        return ""
    }

    /// Of each source, what comes first in the look-up's own order: where it begins, what share, up to what.
    private func inOrder(_ facts: [Fact], of block: FactBlock) -> [Fact] {
        let sources = facts.map(\.source).unique
        let keys = facts.indices.map { index in
            (
                sources.firstIndex(of: facts[index].source) ?? 0,
                block.attributes.firstIndex(of: facts[index].attribute) ?? 0, index
            )
        }
        return keys.sorted { $0 < $1 }.map { facts[$0.2] }
    }

    // MARK: Layouts

    /// Whether a block is looked up whatever the insurance, so that a figure has to say whose it is.
    private func isInsuranceOpen(_ block: FactBlock) -> Bool {
        block.fixedInsurance == nil && block.insurance.map { slots[$0] == nil } ?? false
    }

    mutating func list(
        _ facts: [Fact], title: String, asked: String?, limit: Int, namesInsurance: Bool = false
    ) {
        var lines: [ListLine] = []
        for fact in facts {
            guard lines.count < limit else { break }
            let place = placePrefix(of: fact, asked: asked)
            let words = knowledge.render(
                fact, naming: namesInsurance && fact.isAboutMoney ? .insurance : [])
            let line = ListLine(place, words + (isOver(fact) ? span(of: fact) : ""), of: fact, under: title)
            if !lines.indices.contains(where: { lines[$0].takes(line) }) { lines.append(line) }
        }
        let heading = title.isEmpty ? "" : title + "："
        lines.removeAll { line in
            isBeside(heading + line.words) || leavesOut([heading + line.words], under: title, line.facts)
        }
        let told = facts.filter { fact in lines.contains { $0.facts.contains(fact) } }
        let numbers = told.map { (fact: $0, number: cite($0)) }
        let texts = lines.map { line in
            line.words
                + line.facts.compactMap { fact in numbers.first { $0.fact == fact }?.number }.unique
                .map { "[\($0)]" }.joined()
        }
        append(
            texts, under: heading, numbers.map(\.number).unique,
            notes: notes(on: told).map { ["注意：\($0)"] } ?? [])
    }

    /// Lines under their heading; a single one stands behind it.
    mutating func append(_ lines: [String], under heading: String, _ cites: [Int], notes: [String] = []) {
        guard !lines.isEmpty else { return }
        let body =
            lines.count == 1 && !heading.isEmpty ? [heading + lines[0]] : [heading] + lines.map { "· \($0)" }
        append(
            Reply(text: (body.filter { !$0.isEmpty } + notes).joined(separator: "\n"), cites: cites.unique))
    }

    private func placePrefix(of fact: Fact, asked: String?) -> String {
        guard let asked, fact.place != asked else { return "" }
        return fact.place == Place.nationCode ? "全国：" : knowledge.name(of: fact.place) + "："
    }

    /// One bubble for each procedure: the facts of one source under one condition, in the order of their steps.
    mutating func procedures(_ facts: [Fact], title: String, limit: Int) {
        var groups: [(key: String, facts: [Fact])] = []
        for fact in facts {
            let key = fact.source + "|" + fact.condition
            if let index = groups.firstIndex(where: { $0.key == key }) {
                groups[index].facts.append(fact)
            } else {
                groups.append((key, [fact]))
            }
        }
        var told: [Fact] = []
        for group in groups.prefix(limit) {
            let steps = group.facts.sorted { $0.step < $1.step }
            let condition = steps[0].condition
            let heading = condition.isSaid(by: title) ? title : "\(title)（\(condition)）"
            let words = steps.map(\.value)
            func text(_ numbers: String) -> String {
                words.count == 1
                    ? "\(heading)\(numbers)：\(words[0])"
                    : (["\(heading)\(numbers)："] + words.enumerated().map { "\($0 + 1). \($1)" }).joined(
                        separator: "\n")
            }
            if isBeside(text("")) || leavesOut([text("")], under: heading, steps) { continue }
            told += group.facts
            let cites = steps.map { cite($0) }.unique
            append(
                Reply(
                    kind: .steps(title: heading, steps: words),
                    text: text(cites.map { "[\($0)]" }.joined()), cites: cites))
        }
        sayNotes(on: told)
    }

    /// Figures with what they are for; what several sources say alike stands once, with all of them.
    /// `isNarrowed`: it was told just before, and one of its cases is asked for (社区呢).
    private mutating func table(_ facts: [Fact], title: String, limit: Int, isNarrowed: Bool) {
        var entries = TableEntry.merged(
            facts.prefix(limit).map { TableEntry($0, namesInsurance: slots["insurance"] == nil) })
        func line(_ attribute: String, _ subject: String, _ value: String) -> String {
            "\(attribute)\(subject.isEmpty ? "" : "（\(subject)）")：\(value)"
        }
        func statement(_ attribute: String, _ subject: String, _ value: String) -> String {
            "\(title)：" + line(attribute, subject, value)
        }
        entries.removeAll { isBeside(statement($0.attribute, $0.subject, $0.value)) }
        if isNarrowed {
            let asked = entries.filter { !wasTold(statement($0.attribute, $0.subject, $0.value)) }
            if !asked.isEmpty { entries = asked }
        }
        // The figures of a table belong together: a row that is the same stays beside one that is not.
        let statements = entries.map { statement($0.attribute, $0.subject, $0.value) }
        if leavesOut(statements, under: title, entries.flatMap(\.facts)) { return }
        let told = facts.prefix(limit).filter { fact in entries.contains { $0.facts.contains(fact) } }
        let cites = told.map { (fact: $0, number: cite($0)) }
        let rows = entries.map { entry in
            let numbers = entry.facts.compactMap { fact in cites.first { $0.fact == fact }?.number }.unique
            return [entry.attribute, entry.subject, entry.value + numbers.map { "[\($0)]" }.joined()]
        }
        let lines = rows.map { line($0[0], $0[1], $0[2]) }
        let text =
            lines.count == 1
            ? "\(title)：\(lines[0])"
            : (["\(title)："] + lines.map { "· \($0)" }).joined(separator: "\n")
        append(
            Reply(
                kind: .table(columns: ["项目", "情形", "数值"], rows: rows), text: text,
                cites: cites.map(\.number).unique))
        sayNotes(on: told)
    }
}

extension String {
    /// Whether a heading has half of its characters or more, so that it would only say the same again (线上备案, 手机上备案).
    fileprivate func isSaid(by heading: String) -> Bool {
        let known = Set(heading.unicodeScalars)
        return unicodeScalars.count(where: known.contains) * 2 >= unicodeScalars.count
    }

    /// Whether the text contains the other; by bytes, without `Foundation`.
    func holds(_ other: String) -> Bool {
        let needle = Array(other.utf8), hay = Array(utf8)
        guard !needle.isEmpty else { return true }
        guard hay.count >= needle.count else { return false }
        return (0...(hay.count - needle.count)).contains { hay[$0..<$0 + needle.count].elementsEqual(needle) }
    }
}

/// A line of a list: what it is about, what is said of that, and by which facts.
private struct ListLine {
    /// Scalars of a line that holds several values at most.
    private static let longest = 72
    /// Scalars that the number of a source takes.
    private static let numberLength = 3

    /// The condition up to its colon; empty when the words do not begin with it.
    private let subject: String
    private var values: [String]
    private(set) var facts: [Fact]

    init(_ place: String, _ words: String, of fact: Fact, under heading: String) {
        let condition = fact.condition
        let opening = condition + "："
        if !condition.isEmpty, words.hasPrefix(opening) {
            // What the heading says already is not said again.
            subject = place + (heading == condition ? "" : opening)
            values = [String(words.dropFirst(opening.count))]
        } else {
            subject = ""
            values = [place + words]
        }
        facts = [fact]
    }

    /// Without the numbers of its sources.
    var words: String { subject + values.joined(separator: "、") }

    /// What is numbered as a source: a source with the place for which it says something.
    private var sources: [String] { facts.map { "\($0.source)|\($0.place)" }.unique }

    /// Takes another line in: one that says the same by another source, or says more on the same by the same source.
    mutating func takes(_ other: ListLine) -> Bool {
        guard subject == other.subject else { return false }
        if values == other.values {
            facts += other.facts
            return true
        }
        let length =
            words.unicodeScalars.count + sources.count * Self.numberLength
            + other.values[0].unicodeScalars.count
        guard !subject.isEmpty, sources == other.sources, length < Self.longest else { return false }
        if !values.contains(other.values[0]) { values += other.values }
        facts += other.facts
        return true
    }
}

extension Place {
    /// Code of the whole country.
    static let nationCode = "000000"
}
