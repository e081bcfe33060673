import Conversation
import Dialogue
import Knowledge
import Understanding

/// An answer that is given again with another value, or of which one thing is asked: what of it was told just before, word for
/// word and under the same heading, is not told twice. A line says so and names the headings; a line in which anything is
/// different is always told.
extension Assistant {
    /// Lines of an answer at most that is given again in full.
    private static let shortAnswer = 6

    /// What an answer told: its lines, without the numbers of sources, and the blocks that were kept short.
    struct Told {
        var lines: [String] = []
        var shortened: [String] = []
        /// Words of what was said now: a line that names it is what the person waits for, told before or not.
        var awaited: [String] = []
        /// Slots that hold something else now.
        var changed: [String] = []
    }

    /// What was told before, where this turn gives the last answer again because of values that were said; nothing otherwise:
    /// whoever asks for the task in so many words hears all of it.
    func toldBefore(
        _ tracker: Tracker, _ outcome: DialogueEngine.Outcome, _ result: NLUResult?, on date: CivilDate
    ) -> Told {
        guard tracker.frame == nil, outcome.tracker.frame == nil, let result,
            tracker.state.lastFlow == outcome.tracker.state.lastFlow
        else { return Told() }
        let isForAnother = outcome.commands.contains { if case .forSomeoneElse = $0 { true } else { false } }
        guard isForAnother || tracker.state.person == outcome.tracker.state.person else { return Told() }
        let filled = outcome.commands.flatMap { command in
            if case .fill(let assignments) = command { assignments } else { [] as [Command.Assignment] }
        }
        let changed = outcome.tracker.slots.changes(since: tracker.slots)
        // A task that is asked for anew is told whole.
        let isAnew = outcome.commands.contains { if case .start = $0 { true } else { false } }
        guard isForAnother || !isAnew && !filled.isEmpty && !changed.isEmpty else { return Told() }
        let again = outcome.effects.filter(\.isAnswer).map(\.responseName)
        let answer = tracker.lastSpoken.filter(\.isAnswer)
        guard answer.contains(where: { again.contains($0.responseName) }) else { return Told() }
        let wording = worded(answer, tracker, on: date)
        // A short answer is as soon read again as looked for.
        guard wording.replies.reduce(0, { $0 + $1.lineCount }) > Self.shortAnswer else { return Told() }
        return Told(
            lines: wording.replies.flatMap(\.statements).unique, shortened: wording.shortened,
            awaited: filled.flatMap(words) + program.ownWords(of: result), changed: changed)
    }

    /// Words by which a line names a value; a figure is in many lines that are about something else.
    private func words(for assignment: Command.Assignment) -> [String] {
        guard let slot = program.slot(assignment.slot), slot.kind != .amount else { return [] }
        if slot.kind == .number {
            // Of figures a line is about the year that it names (2026年度).
            return assignment.value.raw.holds("年") && assignment.value.value.count == 4
                ? [assignment.value.value + "年"] : []
        }
        let name = slot.kind == .place ? assignment.value.text : assignment.value.raw
        let tied = slot.option(assignment.value.value)?.factWords ?? []
        return (tied + [name]).filter { !$0.isEmpty }.unique
    }

    /// The one thing of the last answer that is asked about. What no slot knows (信用卡) is a thing of it when the answer names it, or
    /// when the words are about nothing else that is known.
    func queryOfAnswer(in result: NLUResult, _ tracker: Tracker, on date: CivilDate) -> AnswerQuery? {
        guard let query = program.answerQuery(in: result, tracker) else { return nil }
        if query.slot != nil { return query }
        let answer = tracker.lastSpoken.filter(\.isAnswer)
        guard !answer.isEmpty else { return nil }
        let flow = result.intent.flatMap { program.flow(startedBy: $0) }
        let isOpen =
            !query.mustBeNamed && (Policy.isVague(result) || flow?.name == tracker.state.lastFlow)
        // What the details are called is asked for as such (要啥材料).
        let asked = Array(query.name.unicodeScalars)
        if query.mustBeNamed, details.contains(where: { $0.words.occur(in: asked) }) { return nil }
        return isOpen || names(worded(answer, tracker, on: date), query) ? query : nil
    }

    /// Whether an answer names a thing; for what is asked in any words, in what it says and not in a heading of it.
    private func names(_ answer: Wording, _ query: AnswerQuery) -> Bool {
        let named = answer.replies.filter { $0.text.holds(query.name) }
        guard query.mustBeNamed else { return !named.isEmpty }
        return named.contains { $0.cites.isEmpty && $0.text.unicodeScalars.last != "：" }
            || answer.citedFacts.compactMap(knowledge.fact).contains {
                $0.condition.holds(query.name) || $0.value.holds(query.name)
            }
    }

    /// The last answer of a conversation as it was told.
    private func worded(_ answer: [Effect], _ tracker: Tracker, on date: CivilDate) -> Wording {
        let scene = Scene(
            effects: answer, slots: tracker.slots.withoutHistory, date: date,
            phase: tracker.turn % phases(of: tracker.lastSpoken), question: ExactText(""),
            latestPlace: tracker.latestPlace, topic: ExactText(tracker.state.topic), isTopicOld: true,
            startsTask: false, isMasked: false)
        var wording = Wording(self, scene)
        for effect in answer { wording.put(effect) }
        return wording
    }
}

extension Wording {
    /// Headings that are named at most.
    private static var headingsLimit: Int { 5 }

    // MARK: One thing of an answer

    /// Tells what the answer says of one thing that is asked about, or that it says nothing.
    mutating func seek(_ query: AnswerQuery) {
        let wanted = focus
        focus = []
        defer { focus = wanted }
        let before = self
        say("pattern.detail_found", [.init("value", query.name)])
        let start = replies.count
        supposed = slots(with: query)
        for words in query.words where replies.count == start {
            for effect in scene.effects where effect.isAnswer { seek(words, in: effect) }
        }
        supposed = nil
        guard replies.count == start else { return }
        self = before
        if query.slot == nil, tellThings([query.name]) { return }
        say("pattern.detail_unknown", [.init("value", query.name)])
        // What there is of its kind helps all the same (户口本行吗: what is to be brought).
        focus = wanted
        if !focus.isEmpty { for effect in scene.effects where effect.isAnswer { put(effect) } }
    }

    /// Tells the lines of the answer that hold one of some words; false where none does.
    mutating func tellNamed(_ words: [String]) -> Bool {
        guard let name = words.first else { return false }
        let before = self
        say("pattern.detail_found", [.init("value", name)])
        let start = replies.count
        for effect in scene.effects where effect.isAnswer { seek(words, in: effect) }
        if replies.count > start { return true }
        self = before
        return false
    }

    /// Tells what the answer says of a detail in facts of other kinds; false when it says nothing.
    mutating func tellLines(of detail: Detail) -> Bool {
        guard !detail.lines.isEmpty, let name = detail.name else { return false }
        let before = self
        say("pattern.detail_found", [.init("value", name)])
        let start = replies.count
        for effect in scene.effects where effect.isAnswer { seek(detail.lines, in: effect) }
        if replies.count > start { return true }
        self = before
        return false
    }

    /// The slots as they would be with the value that is asked about.
    private func slots(with query: AnswerQuery) -> Slots {
        var slots = scene.slots
        if let slot = query.slot { slots[slot] = query.value }
        return slots
    }

    /// Tells the lines of an answer, with what it keeps for later, that hold one of some words.
    mutating func seek(_ words: [String], in effect: Effect) {
        guard case .say(let name, let arguments) = effect else { return }
        for block in assistant.response(name)?.blocks ?? []
        where block.condition?.holds(in: slots, world: world) ?? true {
            if case .text(let templates) = block.content {
                sayText(templates, arguments, holding: words)
                continue
            }
            if case .calculation(let look) = block.content {
                seek(words, in: look, arguments)
                continue
            }
            guard case .facts(var look) = block.content, look.limit > 0 else { continue }
            look.limit = .max
            let before = self
            sought = words
            sayFacts(look, arguments)
            sought = []
            let new = replies.dropFirst(before.replies.count)
            let isFound = gaps.count == before.gaps.count && new.contains { words.occur(in: $0.text) }
            if !isFound { self = before }
        }
    }

    /// Tells the lines of a sum and its working that hold one of some words (最低 of the lowest premium).
    private mutating func seek(
        _ words: [String], in look: CalculationBlock, _ arguments: [Effect.Argument]
    ) {
        var sum = self
        sum.isSupposing = true
        _ = sum.sayCalculation(look, arguments, keepingVariations: false)
        for reply in sum.replies.dropFirst(replies.count) where reply.isStatement {
            let lines = reply.text.split(separator: "\n").map(String.init).filter { words.occur(in: $0) }
            guard !lines.isEmpty else { continue }
            let text = lines.joined(separator: "\n")
            let cites = reply.cites.filter { text.contains("[\($0)]") }
            guard !cites.isEmpty else { continue }
            (citations, citedFacts) = (sum.citations, sum.citedFacts)
            append(Reply(text: text, cites: cites))
        }
    }

    // MARK: What was told before

    /// Whether a statement is none of those that are sought.
    func isBeside(_ statement: String) -> Bool {
        !sought.isEmpty && !sought.occur(in: statement) || !shared.isEmpty && !shared.contains(statement)
    }

    /// Whether some statements are not told, because all of them were.
    mutating func leavesOut(_ statements: [String], under title: String, _ facts: [Fact]) -> Bool {
        if statements.isEmpty { return true }
        guard isAnswering, !isChanged, sought.isEmpty, statements.allSatisfy(wasTold) else { return false }
        heldBack += facts.map(\.id)
        linesLeftOut += statements.count
        headingsLeftOut.append(title)
        return true
    }

    func wasTold(_ statement: String) -> Bool {
        scene.told.contains(statement) && !scene.awaited.occur(in: statement)
    }

    /// Whether what a block says is another thing now, though it may sound the same: it looks at what was changed (那聊城的呢).
    func looksAtChange(_ content: Response.Block.Content) -> Bool {
        switch content {
        case .text: return false
        case .calculation: return !scene.changed.isEmpty
        case .facts(let look): return look.lookedUpBy.contains(where: scene.changed.contains)
        }
    }

    /// Takes back what was put since when all of it was told before; with it, what it cites.
    mutating func takeBackWhatWasTold(since before: Wording) {
        if isChanged { return }
        let new = replies.dropFirst(before.replies.count)
        guard new.flatMap(\.statements).allSatisfy(wasTold) else { return }
        let (scopes, kept, headings) = (notedScopes, kept, headingsLeftOut)
        let heldBack = heldBack + citedFacts.filter { !before.citedFacts.contains($0) }
        let lines = linesLeftOut + new.reduce(0) { $0 + $1.lineCount }
        self = before
        (notedScopes, self.kept, headingsLeftOut) = (scopes, kept, headings)
        (self.heldBack, linesLeftOut) = (heldBack, lines)
    }

    /// Says, behind an answer of which something was left out, that it is as it was.
    mutating func tellOfWhatWasLeftOut() {
        guard linesLeftOut > 0, tellsAnew else { return }
        linesLeftOut = 0
        let headings = headingsLeftOut.map(\.withoutAsides).unique.filter { heading in
            !heading.isEmpty && !replies.contains { $0.text.hasPrefix(heading) }
        }
        // What has no heading is the word on whom to ask; nobody misses it.
        guard !headings.isEmpty else { return }
        let items = headings.prefix(Self.headingsLimit).joined(separator: "、")
        say("pattern.rest_same", [.init("items", items)])
    }
}

extension Reply {
    var isTable: Bool { if case .table = kind { true } else { false } }

    /// What it says line by line, each under its heading, without the numbers of sources; a procedure is one.
    var statements: [String] {
        let lines = text.withoutCitations.split(separator: "\n").map(String.init)
        if case .steps = kind { return [lines.joined(separator: "\n")] }
        guard lines.count > 1, lines[0].unicodeScalars.last == "：" else { return lines }
        return lines.dropFirst().map { lines[0] + ($0.hasPrefix("· ") ? String($0.dropFirst(2)) : $0) }
    }
}

extension [String] {
    /// Whether a text holds one of them.
    fileprivate func occur(in text: String) -> Bool { contains { text.holds($0) } }
}

extension String {
    /// Without what stands in brackets (（没有济南市单独的规定，按全国的说）).
    fileprivate var withoutAsides: String {
        var view = String.UnicodeScalarView()
        var depth = 0
        for scalar in unicodeScalars {
            if scalar == "（" { depth += 1 }
            if depth == 0 { view.append(scalar) }
            if scalar == "）" { depth -= 1 }
        }
        return String(view)
    }
}

extension Slots {
    /// Names of those that held something else, or nothing, before.
    fileprivate func changes(since before: Slots) -> [String] {
        entries.filter { before[$0.name]?.value != $0.value.value }.map(\.name)
            + before.entries.map(\.name).filter { self[$0] == nil }
    }
}
