import Conversation
import Dialogue
import Knowledge
import Language

/// What is said of the answer before: where it is written, and its gist.
extension Wording {
    /// Lines of an answer that are its gist.
    private static var gist: Int { 3 }
    /// Lines of a procedure that are.
    private static var steps: Int { 6 }
    /// Lines that are told for a figure at most.
    private static var linesOfFigure: Int { 3 }

    mutating func lookBack(_ effect: Effect) {
        let before = answer()
        if effect.responseName == "pattern.sources" { showSources(of: before) } else { tellGist(of: before) }
    }

    /// The answer before as it was told, which is cited from here on.
    private func answer() -> Wording {
        var answer = self
        answer.focus = []
        for effect in scene.answered { answer.put(effect) }
        return answer
    }

    /// The sources by how far they are to be believed; before them the lines that hold a figure which is asked about.
    private mutating func showSources(of answer: Wording) {
        (citations, citedFacts) = (answer.citations, answer.citedFacts)
        tellLines(
            of: answer, holding: Quantities.scan(Normalizer.normalize(question)).map(\.value.description))
        let marks = Dictionary(
            grouping: citations.citations,
            by: { citation in
                citation.facts.first.flatMap(knowledge.fact).flatMap { knowledge.source($0.source) }?
                    .authority ?? .web
            }
        ).mapValues { $0.map { "[\($0.number)]" }.joined() }
        let arguments = [Source.Authority.official, .press, .reprint, .web].compactMap { authority in
            marks[authority].map { Effect.Argument(authority.rawValue, $0) }
        }
        let start = replies.count
        say("pattern.sources", arguments)
        var said = Array(replies[start...])
        if !said.isEmpty { said[0].cites = citations.citations.map(\.number) }
        replaceReplies(from: start, with: said)
    }

    private mutating func tellLines(of answer: Wording, holding figures: [String]) {
        guard !figures.isEmpty else { return }
        let lines = answer.replies.filter(\.isStatement).flatMap { reply in
            reply.text.split(separator: "\n").map(String.init).filter { line in
                figures.contains { line.withoutCitations.holdsFigure($0) }
            }.map { (line: $0, cites: reply.cites) }
        }.prefix(Self.linesOfFigure)
        for (line, cites) in lines {
            append(Reply(text: line, cites: cites.filter { line.holds("[\($0)]") }))
        }
    }

    /// The first thing that the answer says, what of a bill it leaves out, and whom to ask.
    private mutating func tellGist(of answer: Wording) {
        guard
            let first = answer.replies.first(where: { $0.isStatement && !$0.cites.isEmpty })
                ?? answer.replies.first
        else { return say("pattern.not_found", []) }
        // Steps that are cut off lead nowhere.
        let most = if case .steps = first.kind { Self.steps } else { Self.gist }
        let lines = first.text.split(separator: "\n").prefix(most).joined(separator: "\n")
        let named = first.cites.filter { lines.holds("[\($0)]") }
        var gist = [Reply(text: lines, cites: named.isEmpty ? first.cites : named)]
        if let remark = answer.replies.first(where: { $0.text.hasPrefix(Self.remarksHeading) }),
            let line = remark.text.split(separator: "\n").dropFirst().first
        {
            gist.append(Reply(text: String(line)))
        }
        if let contact = answer.replies.last(where: { $0.isStatement && !$0.cites.isEmpty }),
            contact.lineCount == 1, contact.text != first.text
        {
            gist.append(contact)
        }
        citations = answer.citations.upTo(gist.flatMap(\.cites).max() ?? 0)
        citedFacts = citations.citations.flatMap(\.facts)
        say("pattern.briefly", [])
        for reply in gist { append(reply) }
        keepsDoubts = true
    }
}

extension Effect {
    /// Whether it speaks of the answer before.
    var looksBack: Bool { ["pattern.sources", "pattern.briefly"].contains(responseName) }
}

extension String {
    /// Whether a figure stands in it that is no part of a longer one.
    fileprivate func holdsFigure(_ figure: String) -> Bool {
        let (text, figure) = (Array(utf8), Array(figure.utf8))
        guard !figure.isEmpty, figure.count <= text.count else { return false }
        func isDigit(_ index: Int) -> Bool {
            text.indices.contains(index) && (0x30...0x39).contains(text[index])
        }
        return (0...(text.count - figure.count)).contains { start in
            text[start...].starts(with: figure) && !isDigit(start - 1) && !isDigit(start + figure.count)
        }
    }
}
