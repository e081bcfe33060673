import ArgumentParser
import Assistant
import Conversation
import Knowledge

struct FactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts", abstract: "What the knowledge base holds on something, with citations.")

    @OptionGroup var options: ProjectOptions
    @Option(help: "Sources at most.") var limit = 5
    @Option(help: "Division code of the place that is asked about.") var place: String?
    @Argument(help: "What to look for, in a person's words, or the identifier of a fact.") var query: [String]

    func run() throws {
        let knowledge = try options.assistant().knowledge
        let text = query.joined(separator: " ")
        if let fact = knowledge.fact(text) {
            return show([fact], knowledge.source(fact.source), fact.place, knowledge)
        }
        for article in knowledge.articles(on: text, place: place, asOf: Moment.now.date, floor: 0.3, limit: 3)
        {
            let likeness = Int((article.likeness * 100).rounded())
            print("\(likeness)% the same question: 《\(article.source.title)》(\(article.source.id))")
        }
        let hits = knowledge.search(
            text, place: place, insurance: nil, asOf: Moment.now.date, limit: limit, floor: 0)
        guard !hits.isEmpty else { throw failure("nothing is known on `\(text)`", code: 1) }
        for hit in hits { show(hit.facts, hit.source, hit.place, knowledge) }
    }

    private func show(_ facts: [Fact], _ source: Source?, _ place: String, _ knowledge: KnowledgeBase) {
        let date = source?.date ?? "日期不详"
        let document = source?.documentNumber.map { "，\($0)" } ?? ""
        print(
            "《\(source?.title ?? "")》(\(knowledge.name(of: place))\(document)，\(date)，\(source?.authority.rawValue ?? ""))"
        )
        for fact in facts {
            let flags = fact.flags.isEmpty ? "" : "  [\(fact.flags.joined(separator: " "))]"
            print("  \(fact.id)  \(knowledge.render(fact, naming: .all))\(flags)")
        }
    }
}
