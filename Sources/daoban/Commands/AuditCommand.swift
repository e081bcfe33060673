import ArgumentParser
import Conversation
import Foundation
import Transcripts

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Ask every task of every place, insurance and group, and report what no answer may be.",
        discussion:
            "Ends with 1 when there is a problem. The same files on the same day give the same report.")

    @OptionGroup var options: ProjectOptions
    @Option(help: "The day on which to ask, yyyy-mm-dd; today when left out.")
    var date = Environment.value("DATE") ?? ""
    @Option(help: "Division codes to ask about, instead of all that facts are for.")
    var place: [String] = Environment.list("PLACE")
    @Option(help: "Problems of a kind that are shown at most.") var limit =
        Environment.integer("LIMIT") ?? 10

    @Flag(
        help: ArgumentHelp(
            "Instead, how many questions each task asks on average.",
            discussion:
                "As they are written, without those whose answer changes nothing, and as they are asked: of several the one that settles most first."
        ))
    var questions = false

    @Option(
        help: ArgumentHelp(
            "Instead, ask for what single sources say as this table has it, and print for each fact by which way it is told.",
            valueName: "file"))
    var sources: String?

    func run() throws {
        var time = Moment.now
        if !date.isEmpty {
            guard let noon = Moment(noonOf: date) else { throw failure("`\(date)` is no day", code: 2) }
            time = noon
        }
        let assistant = try options.assistant()
        let places = place.isEmpty ? nil : place
        if let sources { return try report(on: sources, SourceCoverage(assistant, at: time)) }
        if questions {
            return StandardOutput.write(QuestionTable(assistant, at: time, places: places).text)
        }
        let audit = Audit(assistant, at: time, places: places)
        let report = audit.run()
        StandardOutput.write(report.text(showing: limit))
        if !report.problems.isEmpty { throw ExitCode(1) }
    }

    private func report(on path: String, _ coverage: SourceCoverage) throws {
        guard let table = FileManager.default.contents(atPath: path) else {
            throw failure("the table `\(path)` cannot be read; name another with --sources")
        }
        let (requests, mistake) = coverage.requests(in: String(decoding: table, as: UTF8.self))
        if let mistake { throw failure("`\(mistake)` in \(path) asks for no source", code: 2) }
        let rows = coverage.rows(for: requests)
        StandardOutput.write(SourceCoverage.text(rows))
        if rows.contains(where: { $0.how == nil }) { throw ExitCode(1) }
    }
}

extension Moment {
    /// Noon in China of a day; nil when there is no such day.
    fileprivate init?(noonOf day: String) {
        guard let wanted = CivilDate(day) else { return nil }
        // Days are counted up from a day before any that data is about.
        var seconds = 12 * 3600 - 8 * 3600
        while Moment(seconds: seconds).date < wanted { seconds += 86_400 }
        guard Moment(seconds: seconds).date == wanted else { return nil }
        self.init(seconds: seconds)
    }
}
