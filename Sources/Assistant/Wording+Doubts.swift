import Conversation
import Dialogue
import Knowledge

/// What the sources of a turn disagree on: said once, after the facts, with what decides.
extension Wording {
    /// Doubts and superseded sources that one turn names at most; more would bury the answer.
    private static var limit: Int { 3 }

    mutating func stateDoubts() {
        stateGivenWay()
        let cited = citedFacts
        let places = citedPlaces
        // A doubt that another city has a part in would bring that city's figures into this one's answer.
        let doubts = knowledge.doubts(touching: cited.filter { !knowledge.isImplausible($0) }).filter {
            doubt in
            doubt.facts.compactMap(knowledge.fact).allSatisfy { fact in
                places.contains { knowledge.isWithin($0, fact.place) }
            }
        }
        for doubt in doubts.prefix(Self.limit) { state(doubt, cited: cited) }
    }

    /// People come having read the article: one line says that it has been overtaken, and by what.
    private mutating func stateGivenWay() {
        var lines: [String] = []
        var cites: [Int] = []
        for (fact, successor) in givesWay
        where !citedFacts.contains(fact.id) && citedFacts.contains(successor.id)
            && !fact.saysSame(as: successor)
        {
            guard lines.count < Self.limit, let source = knowledge.source(fact.source) else { continue }
            let new = cite(successor), old = cite(fact)
            cites += [old, new].filter { !cites.contains($0) }
            lines.append(
                "· 《\(source.title)》（\(source.date ?? "日期不详")）说“\(knowledge.render(fact))”[\(old)]，以[\(new)]为准"
            )
        }
        guard !lines.isEmpty else { return }
        replies.append(Reply(text: (["网上还有不一样的说法："] + lines).joined(separator: "\n"), cites: cites))
    }

    private mutating func state(_ doubt: Doubt, cited: [String]) {
        var lines: [String] = []
        var cites: [Int] = []
        let places = citedPlaces
        for id in doubt.facts where cited.contains(id) {
            guard let fact = knowledge.fact(id) else { continue }
            let number = cite(fact)
            if !cites.contains(number) { cites.append(number) }
        }
        for id in doubt.facts where !cited.contains(id) {
            guard lines.count < 4, let fact = knowledge.fact(id), let source = knowledge.source(fact.source),
                places.contains(where: { knowledge.isWithin($0, fact.place) }), doubt.kind != .implausible
            else { continue }
            let number = cite(fact)
            if !cites.contains(number) { cites.append(number) }
            lines.append("· 《\(source.title)》（\(source.date ?? "日期不详")）：\(knowledge.render(fact))[\(number)]")
        }
        let settles = doubt.settles.isEmpty ? "以参保地医保局说的为准" : doubt.settles
        let deciding = knowledge.deciding(doubt).filter { fact in
            places.contains { knowledge.isWithin($0, fact.place) }
        }
        let numbers = deciding.prefix(2).map { cite($0) }.reduce(into: [Int]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        cites += numbers.filter { !cites.contains($0) }
        let text =
            (["说法不一的地方\u{FF1A}\(doubt.says)"] + lines + [
                "怎么办：\(settles)\(numbers.map { "[\($0)]" }.joined())。"
            ]).joined(
                separator: "\n")
        replies.append(Reply(text: text, cites: cites))
    }

    private var citedPlaces: [String] {
        citedFacts.compactMap { knowledge.fact($0)?.place }.reduce(into: []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }
}
