import Conversation
import Dialogue
import Knowledge

/// Puts the effects of a turn into words, and every fact's source beside them.
///
/// The bubbles come in the order of the effects; what sources disagree on and the list of sources follow the last bubble
/// that states facts, so that a question stands at the end, where it is read.
struct Wording {
    let assistant: Assistant
    let scene: Scene

    var replies: [Reply] = []
    var citations = CitationList()
    /// Facts cited so far, in order.
    var citedFacts: [String] = []
    /// Facts that gave way to a cited one, and by which.
    var givesWay: [(fact: Fact, by: Fact)] = []
    /// Whether the source of the question was looked for in this turn.
    var hasQuoted = false
    /// Doubts that need not be stated any more.
    var statedDoubts: [String] = []
    /// Codes of wider places whose rule was told and named as such.
    var notedScopes: [String] = []
    /// What was said not to be known.
    var gaps: [String] = []
    /// Facts that were told as what held once, or beside a doubt as what somebody says.
    var toldAsPast: [String] = []
    /// Attributes that the answer is kept to; all when empty.
    var focus: [String] = []
    /// Whether what an answer keeps for later is told, too.
    var tellsAll = false
    /// Whether it tells what would be with other values: what would follow for still others is beside the question.
    var isSupposing = false
    /// Whether what the sources disagree on is offered and not told: who wants it short has had it.
    var keepsDoubts = false
    /// How long the case has lasted that was looked up: of a doubt, what others say of longer or shorter ones is no news.
    var monthsOfCase: ClosedRange<Int>?
    /// What must not be believed and nobody asked about.
    var disbelieved: [(fact: Fact, doubt: Doubt)] = []
    /// The facts of the answer itself, without those that a doubt only names.
    private var toldFacts: [String] = []
    /// What was kept for later: where it is written, what it is offered as, and its facts; none for results that are worked out.
    var kept: [(response: String, offer: String, facts: [String])] = []
    /// Blocks of which no more than a line was told, for the answer was long.
    private(set) var shortened: [String] = []
    /// Lines left out that the last answer told: the answer is as long with them as it was.
    var linesLeftOut = 0
    /// Their headings.
    var headingsLeftOut: [String] = []
    /// Facts that are not told because they were.
    var heldBack: [String] = []
    /// Words of which a line must hold one to be told; all are told when there are none.
    var sought: [String] = []
    /// Statements to which what is told is kept; all are told when there are none.
    var shared: Set<String> = []
    /// What is said of figures that were told, and is no figure itself: for whom they were written.
    var remarks: [String] = []
    /// Whether what is put is what a flow says.
    private(set) var isAnswering = false
    /// Whether the block that is put looks at what was changed.
    private(set) var isChanged = false
    /// Whether a flow has told anything besides what was told before.
    private(set) var tellsAnew = false
    /// What is offered at the end, when it is not what the dialogue wanted offered.
    private(set) var offered: [String]?
    /// Blocks that were put before what they stand behind, for they were asked for.
    var saidFirst: Set<String> = []
    /// Names of the responses said, in order.
    private(set) var said: [String] = []
    private var offer: Offer?
    private var factEnd = 0

    /// An offer of what may come next, still to be completed, and where it stands.
    private struct Offer {
        var index: Int
        var names: [String]
        var effect: Effect
    }

    init(_ assistant: Assistant, _ scene: Scene) {
        self.assistant = assistant
        self.scene = scene
    }

    var knowledge: KnowledgeBase { assistant.knowledge }
    /// Slots other than those of the scene, while something is worked out for them.
    var supposed: Slots?
    var slots: Slots { supposed ?? scene.slots }
    var date: CivilDate { scene.date }
    var question: String { scene.question.text }
    var mentionedPlace: String? { scene.mentionedPlace }
    var world: World { World(knowledge: knowledge, date: date, assistant: assistant) }

    mutating func put(_ effect: Effect) {
        switch effect {
        case .say(let response, let arguments): say(response, arguments)
        case .ask(let slot, let attempt): ask("ask.\(slot).\(attempt)", effect)
        case .askWhich: ask("pattern.which", effect)
        case .offerFlows(let names, _) where effect.closesTask:
            offer = Offer(index: replies.count, names: names, effect: effect)
        case .offerFlows(_, let response): ask(response, effect)
        case .pick(let response, let arguments, _): ask(response, effect, arguments)
        case .explain(let slot): say("why.\(slot)", [])
        case .lookUp(let question): naming(effect) { $0.lookUp(question) }
        case .suppose(let label, let values, let present, let supposed):
            naming(effect) { $0.suppose(label, values, present: present, supposed: supposed) }
        }
    }

    /// What an effect says by its own name counts as said unless it says something else in the place of that (not_found).
    private mutating func naming(_ effect: Effect, _ put: (inout Wording) -> Void) {
        let count = said.count
        put(&self)
        if said.count == count { said.append(effect.responseName) }
    }

    mutating func finish() -> [Reply] {
        let (end, factEnd) = (replies.count, factEnd)
        var others: OtherSayings?
        toldFacts = citedFacts
        if factEnd > 0 {
            let tail = Array(replies[factEnd...])
            replies.removeSubrange(factEnd...)
            others = stateDoubts()
            replies.append(sourcesReply())
            replies += tail
        }
        if var offer {
            offer.index += offer.index >= factEnd ? replies.count - end : 0
            put(offer, beside: others)
        }
        return replies
    }

    /// What is offered besides what the task offers at most: more would have to be scrolled through.
    private static var offersLimit: Int { 5 }

    /// Puts what may come next: what was kept for later, the tasks, the sources as far as they were not told, and what others
    /// say.
    private mutating func put(_ offer: Offer, beside others: OtherSayings?) {
        let remainders = remainders().map(\.identifier)
        let room = Self.offersLimit - remainders.count - (others == nil ? 0 : 1)
        var names = offer.names.compactMap { name -> String? in
            // What an earlier answer left over is offered on only where nothing new is told.
            if OtherSayings(name) != nil || Remainder(name) != nil { return citedFacts.isEmpty ? name : nil }
            return ReadingPlace(name).map { reading(on: $0)?.identifier } ?? name
        }
        if !remainders.isEmpty {
            let readings = names.count(where: FurtherReading.isReading)
            let tasks = names.filter { !FurtherReading.isReading($0) }.prefix(max(1, room - readings))
            names = remainders + tasks + names.filter(FurtherReading.isReading)
        }
        if let others { names.append(others.identifier) }
        if names != offer.names { offered = names }
        let tail = Array(replies[offer.index...])
        replies.removeSubrange(offer.index...)
        if case .offerFlows(_, let response) = offer.effect, !names.isEmpty {
            ask(response, .offerFlows(names, response: response))
        }
        replies += tail
    }

    mutating func say(_ name: String, _ arguments: [Effect.Argument]) {
        said.append(name)
        let blocks = assistant.response(name)?.blocks ?? []
        put(
            blocks.indices.filter { saidFirst.isEmpty || !saidFirst.contains(Self.place(of: $0, in: name)) },
            of: name, arguments)
    }

    /// What a block of a response is known by.
    static func place(of index: Int, in response: String) -> String { "\(response)#\(index)" }

    /// Puts blocks of a response as far as their conditions hold.
    mutating func put(_ indices: [Int], of name: String, _ arguments: [Effect.Argument]) {
        guard let response = assistant.response(name) else { return }
        isAnswering = !name.hasPrefix("pattern.")
        defer { (isAnswering, isChanged) = (false, false) }
        for index in indices where response.blocks[index].condition?.holds(in: slots, world: world) ?? true {
            let block = response.blocks[index]
            let before = scene.told.isEmpty || !isAnswering ? nil : self
            isChanged = before != nil && looksAtChange(block.content)
            switch block.content {
            case .text(let templates): if focus.isEmpty { sayText(templates, arguments) }
            case .facts(let look): sayFacts(look, block.later, of: name, at: index, arguments)
            case .calculation(let look):
                if focus.isEmpty { sayCalculation(look, block.later, of: name, arguments) }
            }
            guard let before else { continue }
            takeBackWhatWasTold(since: before)
            let new = replies.dropFirst(before.replies.count)
            if new.contains(where: { $0.text.unicodeScalars.last != "：" }) { tellsAnew = true }
        }
    }

    /// Looks up and tells; of what is kept for later only the beginning, unless that is just what was asked for.
    private mutating func sayFacts(
        _ look: FactBlock, _ later: Response.Later?, of response: String, at index: Int,
        _ arguments: [Effect.Argument]
    ) {
        let whole = look.attributes.count
        guard var look = look.kept(to: focus) else { return }
        // What is said to be missing is all that the block tells, not the one thing of it that is asked.
        if look.attributes.count < whole { look.missing = nil }
        guard let later, !tellsAll, focus.isEmpty, !assistant.asks(scene, for: later, look.attributes) else {
            sayFacts(look, arguments)
            return
        }
        let block = Self.place(of: index, in: response)
        let isShort = lines >= Self.longAnswer || scene.shortened.contains(block)
        if isShort { shortened.append(block) }
        look.limit = min(look.limit, isShort ? min(later.shown, 1) : later.shown)
        let untold = sayFacts(look, arguments)
        if !untold.isEmpty { kept.append((response, later.offer, untold)) }
    }

    /// Lines from which on an answer keeps all but the first line of what can wait.
    private static var longAnswer: Int { 10 }

    /// Lines that the answer has already, told before or now.
    private var lines: Int { replies.reduce(linesLeftOut) { $0 + ($1.isStatement ? $1.lineCount : 0) } }

    /// Works out; what would follow for other values may be kept for later.
    private mutating func sayCalculation(
        _ look: CalculationBlock, _ later: Response.Later?, of response: String,
        _ arguments: [Effect.Argument]
    ) {
        let keeps = later.map { !tellsAll && !assistant.asks(scene, for: $0, []) } ?? false
        let isKept = sayCalculation(look, arguments, keepingVariations: keeps)
        if isKept, let later { kept.append((response, later.offer, [])) }
    }

    /// What was kept for later and not told by the way, as it is offered.
    private func remainders() -> [Remainder] {
        // A source that a doubt only names has told nothing.
        let left = kept.filter {
            $0.facts.isEmpty || $0.facts.contains { !(toldFacts + heldBack).contains($0) }
        }
        return left.map(\.offer).unique.map { offer in
            Remainder(responses: left.filter { $0.offer == offer }.map(\.response).unique, offer: offer)
        }
    }

    /// Tells what was kept for later.
    mutating func tell(_ remainder: Remainder) {
        tellsAll = true
        for name in remainder.responses {
            for block in assistant.response(name)?.blocks ?? []
            where block.later?.offer == remainder.offer
                && block.condition?.holds(in: slots, world: world) ?? true
            {
                switch block.content {
                case .facts(let look): sayFacts(look, [])
                case .calculation(let look): sayVariations(look)
                case .text: break
                }
            }
        }
        if replies.isEmpty { say("pattern.not_found", []) }
    }

    /// `holding`: said only when it holds one of these words, and is no mere heading.
    mutating func sayText(
        _ templates: [Template], _ arguments: [Effect.Argument], holding words: [String] = []
    ) {
        guard !templates.isEmpty else { return }
        var cites: [Int] = []
        guard let text = fill(templates[scene.phase % templates.count], arguments, &cites), !text.isEmpty
        else { return }
        if !words.isEmpty, text.unicodeScalars.last == "：" || !words.contains(where: text.holds) { return }
        append(Reply(text: text, cites: cites))
    }

    /// A question or an offer with what may be picked; the plain text numbers the choices.
    private mutating func ask(_ name: String, _ effect: Effect, _ arguments: [Effect.Argument] = []) {
        said.append(name)
        let choices = assistant.program.choices(of: effect, given: scene.slots, world: world)
        guard let response = assistant.response(name),
            case .text(let templates)? = response.blocks.first?.content,
            !templates.isEmpty
        else { return }
        var cites: [Int] = []
        let intro = naming(
            effect, in: fill(templates[scene.phase % templates.count], arguments, &cites) ?? "")
        guard !choices.isEmpty else { return append(Reply(text: intro, cites: cites)) }
        let lines = choices.enumerated().map { "\($0 + 1). \($1.label)" }
        append(Reply(kind: .choices(choices), text: ([intro] + lines).joined(separator: "\n"), cites: cites))
    }

    /// What is asked of somebody else names them, where it would say 您: nobody takes it for a question about themselves.
    private func naming(_ effect: Effect, in text: String) -> String {
        guard case .ask(let name, _) = effect, let person = scene.person,
            let slot = assistant.program.slot(name), slot.isOfOnePerson || slot.kind == .place,
            let mark = text.firstIndex(of: "您")
        else { return text }
        return text[..<mark] + "“\(person)”" + text[text.index(after: mark)...]
    }

    // MARK: Filling in

    /// What two answers of one turn tell alike is told once; the numbers of its sources are in the text.
    mutating func append(_ reply: Reply) {
        if !reply.cites.isEmpty, replies.contains(where: { $0.text == reply.text }) { return }
        replies.append(reply)
        if !reply.cites.isEmpty { factEnd = replies.count }
    }

    /// Puts others in the place of the last replies.
    mutating func replaceReplies(from start: Int, with others: [Reply]) {
        replies.replaceSubrange(start..., with: others)
        factEnd = (replies.lastIndex { !$0.cites.isEmpty }).map { $0 + 1 } ?? 0
    }

    mutating func fill(_ template: Template, _ arguments: [Effect.Argument], _ cites: inout [Int]) -> String?
    {
        // The closures below cannot change `self`: what they cite is noted first and numbered after.
        var quoted: [(String, Int)] = []
        for id in template.facts {
            guard let fact = knowledge.fact(id) else { continue }
            quoted.append((id, cite(knowledge.bestSaying(fact, place: scene.latestPlace, asOf: date))))
        }
        let slots = slots
        let knowledge = knowledge
        let text = template.filled(
            gap: { name in arguments.first { $0.name == name }?.text ?? slots[name]?.text },
            fact: { id in
                guard let number = quoted.first(where: { $0.0 == id })?.1, let fact = knowledge.fact(id)
                else { return nil }
                return fact.value + fact.unit + "[\(number)]"
            })
        cites += quoted.map(\.1).filter { !cites.contains($0) }
        return text
    }

    mutating func cite(_ fact: Fact) -> Int {
        if !citedFacts.contains(fact.id) { citedFacts.append(fact.id) }
        return citations.cite(fact, in: knowledge)
    }

    private func sourcesReply() -> Reply {
        let list = citations.citations
        let lines = list.map { citation -> String in
            let publisher = citation.publisher.map { "\($0) " } ?? ""
            let number = citation.documentNumber.map { "，\($0)" } ?? ""
            return
                "[\(citation.number)] \(publisher)《\(citation.title)》（\(citation.region)\(number)，\(citation.date ?? "日期不详")）"
        }
        return Reply(kind: .sources(list), text: (["来源："] + lines).joined(separator: "\n"))
    }
}
