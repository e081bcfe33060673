import ArgumentParser
import Assistant
import Authoring
import Conversation
import Diagnostics
import Foundation
import Knowledge
import Transcripts

struct FactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts", abstract: "What the knowledge base holds on something, with citations.",
        discussion:
            """
            With --diff, what a change of the tables changes: facts, and the replies of scripted conversations. With --measure, \
            how long the tables of --data take to load, the memory they need, and how long a query takes.
            """
    )

    @OptionGroup var options: ProjectOptions
    @Option(help: "Sources at most.") var limit = Environment.integer("LIMIT") ?? 5
    @Option(help: "Division code of the place that is asked about.")
    var place = Environment.value("PLACE") ?? ""
    @Option(
        parsing: .upToNextOption,
        help: "Two folders of tables, before and after; scripts may be named as arguments after `--`.")
    var diff: [String] = Environment.list("DIFF")
    @Flag(help: "Time the loading of the tables and the queries.") var measure = Environment.flag("MEASURE")
    @Argument(help: "What to look for, in a person's words, or the identifier of a fact.")
    var query: [String] = []

    func validate() throws {
        if diff.isEmpty, query.isEmpty, !measure {
            throw ValidationError("say what to look for, or give --diff OLD NEW or --measure")
        }
        if !diff.isEmpty, diff.count != 2 { throw ValidationError("--diff takes two folders, OLD and NEW") }
    }

    func run() throws {
        if measure { return try showMeasure() }
        if diff.count == 2 { return try showDifference(from: diff[0], to: diff[1]) }
        let knowledge = try options.assistant().knowledge
        let text = query.joined(separator: " ")
        if let fact = knowledge.fact(text) {
            return show([fact], knowledge.source(fact.source), fact.place, knowledge)
        }
        let place = place.isEmpty ? nil : place
        for article in knowledge.articles(on: text, place: place, asOf: Moment.now.date, floor: 0.3, limit: 3)
        {
            let likeness = Int((article.likeness * 100).rounded())
            print("\(likeness)% the same question: 《\(article.source.title)》(\(article.source.id))")
        }
        let hits = knowledge.search(
            text, place: place, insurance: nil, asOf: Moment.now.date, limit: limit, floor: 0)
        if hits.isEmpty { print("nothing is known on `\(text)`") }
        for hit in hits { show(hit.facts, hit.source, hit.place, knowledge) }
    }

    private func showDifference(from old: String, to new: String) throws {
        let (before, after) = (try tables(old), try tables(new))
        let changes = KnowledgeDifference.facts(from: before, to: after)
        for change in changes {
            print("\(change.kind.rawValue) \(change.id)  \(change.details.joined(separator: "; "))")
        }
        let others =
            KnowledgeDifference.sources(from: before, to: after)
            + KnowledgeDifference.doubts(from: before, to: after)
        for line in others { print(line) }
        let readings = try replies(from: old, to: new)
        for reading in readings {
            print("\n\(reading.script)")
            for line in reading.lines { print("  \(line)") }
        }
        print(
            "\n\(changes.count) facts differ, \(others.count) sources and doubts, \(readings.count) conversations read otherwise"
        )
    }

    /// The tables alone, so that facts can be compared where the dialogs do not fit one of the two.
    private func tables(_ folder: String) throws -> KnowledgeBase {
        let collector = DiagnosticCollector()
        guard let base = TableLoader.load(folder: folder, into: collector) else {
            StandardError.write(
                DiagnosticRenderer.report(
                    collector.diagnostics.filter { $0.severity == .error }, as: .human, version: Version.text)
            )
            throw failure("the tables in `\(folder)` have mistakes")
        }
        return base
    }

    private func replies(from old: String, to new: String) throws -> [KnowledgeDifference.Reading] {
        var project = options.project
        project.data = old
        let before = project.load().assistant
        project.data = new
        guard let before, let after = project.load().assistant else {
            StandardError.write(
                "daoban: the dialogs do not fit both folders; only the tables were compared\n")
            return []
        }
        let collector = DiagnosticCollector()
        let scripts = try ScriptFiles.read(query, into: collector)
        return KnowledgeDifference.replies(to: scripts, from: before, to: after)
    }

    private func showMeasure() throws {
        let clock = ContinuousClock()
        let before = ProcessMemory.resident
        var base: KnowledgeBase?
        let loading = try clock.measure { base = try tables(options.project.data) }
        guard let base else { return }
        let memory = ProcessMemory.resident - before
        let rows =
            base.facts.count + base.placesWithAliases.count + base.sources.count + base.doubts.count
            + base.calculations.count
        print(
            "\(rows) rows, \(base.facts.count) of them facts: loaded in \(loading.milliseconds) ms, \(memory / 1024) KiB"
        )
        let date = Moment.now.date
        let step = max(1, base.facts.count / 20_000)
        let queries = stride(from: 0, to: base.facts.count, by: step).map { number -> FactQuery in
            let fact = base.facts[number]
            var query = FactQuery(topics: [fact.topic], place: fact.place, asOf: date)
            query.attributes = [fact.attribute]
            query.insurance = fact.insurance
            return query
        }
        report("query", queries.map { query in clock.measure { _ = base.answer(query) } })
        let titles = base.sources.map(\.title)
        report(
            "search",
            titles.map { title in
                clock.measure {
                    _ = base.search(title, place: nil, insurance: nil, asOf: date, limit: 5)
                }
            })
    }

    private func report(_ name: String, _ times: [Duration]) {
        let sorted = times.sorted()
        guard !sorted.isEmpty else { return }
        let (middle, high) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
        print(
            "\(name): p50 \(middle.tenthsOfMicroseconds) µs, p99 \(high.tenthsOfMicroseconds) µs, \(sorted.count) of them"
        )
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

/// The memory of this process that is in use.
private enum ProcessMemory {
    /// In bytes; 0 where the system does not tell.
    static var resident: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { attoseconds(per: 1_000_000_000_000_000) }
    fileprivate var tenthsOfMicroseconds: Double { Double(attoseconds(per: 100_000_000_000)) / 10 }

    private func attoseconds(per unit: Int64) -> Int64 {
        let (seconds, attoseconds) = components
        return seconds * (1_000_000_000_000_000_000 / unit) + attoseconds / unit
    }
}
