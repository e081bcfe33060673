import Assistant
import Authoring
import Conversation
import Dialogue
import Knowledge
import Testing
import Transcripts

/// The shipped project as a whole: what must hold of every answer, and that a change of the tables is seen.
struct AuditTests {
    static let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    static let assistant = Project(dialogs: "\(root)/Dialogs", data: "\(root)/Data", cache: nil).load()
        .assistant
    static let time = Moment(seconds: 1_775_005_200)

    /// A city with much data, one with little, a district, and one with none.
    private static let places = ["370100", "371500", "110105", "620100"]

    @Test func `no task asks more than is written, some less, and the best order spares more`() throws {
        let assistant = try #require(Self.assistant)
        let table = QuestionTable(assistant, at: Self.time, places: Self.places)
        #expect(table.rows.map(\.task) == assistant.program.flows.map(\.name))
        for row in table.rows {
            #expect(row.asked <= row.withoutNeedless && row.withoutNeedless <= row.written, "\(row.task)")
        }
        #expect(table.rows.contains { $0.withoutNeedless < $0.written })
        #expect(table.rows.contains { $0.asked < $0.withoutNeedless })
        #expect(table.text.hasPrefix("task\tas written\twithout needless\tas asked\n"))
    }

    @Test func `every task asked of a few places is answered with sources from there, or the gap is named`()
        throws
    {
        let assistant = try #require(Self.assistant)
        let report = Audit(assistant, at: Self.time, places: Self.places).run()
        print(report.text(showing: 5))
        #expect(report.problems.map { "\($0.kind.rawValue): \($0.subject) \($0.detail)" } == [])
        #expect(report.tasks.count == assistant.program.flows.count)
        #expect(report.conversations > 400 && report.answers >= report.conversations)
        #expect(report.gaps > 0)
        // A screen of a telephone and a bit, what follows from it one tap away.
        for task in report.tasks.map(\.name) {
            let lines = report.lengths.filter { $0.task == task }.map(\.lines).sorted()
            #expect(lines[lines.count / 2] <= 15 && lines[lines.count - 1] <= 20, "\(task): \(lines)")
        }
    }

    /// The kinds of problems of the task `card_use`, when all that it says is this.
    private func kinds(saying text: String) throws -> Set<Audit.Problem.Kind> {
        let assistant = try #require(Self.assistant)
        let block = Response.Block(.text([try Template(parsing: text)]))
        let spoilt = Assistant(
            name: "", version: "", understanding: assistant.understanding, knowledge: assistant.knowledge,
            dialogue: assistant.program, responses: [Response(name: "card_use.answer", blocks: [block])])
        let report = Audit(spoilt, at: Self.time, places: ["371500"]).run()
        return Set(
            report.problems.filter { $0.subject.hasPrefix("card_use 聊城市 职工") }.map(\.kind))
    }

    @Test(arguments: [
        // A figure of nobody's, Shanghai's, one that ended, one of residents, that one named, the hotline. What a wording quotes
        // whatever is asked answers nothing.
        ("能报百分之90", [Audit.Problem.Kind.uncited]), ("起付线{fact:o-sh-01}", [.elsewhere, .silent]),
        ("以前报{fact:o-lc-03-2}", [.ended, .otherInsurance, .silent]),
        ("摔伤最多报{fact:d-dh-44}", [.otherInsurance, .silent]),
        ("居民医保摔伤最多报{fact:d-dh-44}", [.silent]), ("打{fact:d-dh-13}", [.silent]),
    ])
    func `what no answer may be is found`(text: String, expected: [Audit.Problem.Kind]) throws {
        #expect(try kinds(saying: text) == Set(expected))
    }

    @Test func `an assistant that falls silent is found`() throws {
        let assistant = try #require(Self.assistant)
        let mute = Assistant(
            name: "", version: "", understanding: assistant.understanding, knowledge: assistant.knowledge,
            dialogue: assistant.program, responses: [])
        let report = Audit(mute, at: Self.time, places: ["371500"]).run()
        #expect(Set(report.problems.map(\.kind)).isSuperset(of: [.empty, .silent]))
        #expect(Set(report.problems.map { $0.subject.prefix { $0 != " " } }).count == report.tasks.count)
    }

    @Test func `the same files give the same report`() throws {
        let assistant = try #require(Self.assistant)
        func text() -> String { Audit(assistant, at: Self.time, places: ["371500"]).run().text(showing: 5) }
        #expect(text() == text())
    }
}

struct KnowledgeDifferenceTests {
    private static let place = Place(code: "000000", name: "全国", level: .nation, parent: "")

    private func base(_ facts: [Fact], doubts: [Doubt] = [], title: String = "甲") -> KnowledgeBase {
        var tables = KnowledgeTables()
        tables.places = [Self.place]
        tables.sources = [Source(id: "s", title: title, date: nil, authority: .web)]
        tables.facts = facts
        tables.doubts = doubts
        return KnowledgeBase(tables)
    }

    private func fact(_ id: String, _ value: String, to: String? = nil) -> Fact {
        Fact(
            id: id, table: "rates", topic: "住院", attribute: "报销比例", place: "000000", insurance: "",
            population: "",
            condition: "", value: value, unit: "%", step: 0, note: "", source: "s", hint: "", validFrom: nil,
            validTo: to.flatMap { CivilDate($0) }, flags: [], supersedes: [])
    }

    @Test func `facts that are new, gone or other are told by column`() {
        let old = base([fact("a", "60"), fact("b", "70"), fact("c", "80")])
        let new = base([fact("a", "60"), fact("b", "75", to: "2025-12-31"), fact("d", "90")])
        #expect(
            KnowledgeDifference.facts(from: old, to: new) == [
                .init(
                    id: "b", details: ["value: 70 → 75", "valid_to: (empty) → 2025-12-31"], kind: .changed),
                .init(id: "d", details: ["全国 住院 90%"], kind: .added),
                .init(id: "c", details: ["全国 住院 80%"], kind: .removed),
            ])
        #expect(KnowledgeDifference.facts(from: old, to: old).isEmpty)
    }

    @Test func `sources and doubts are compared too`() {
        let doubt = Doubt(id: "X1", kind: .ambiguous, topic: "", facts: ["a"], says: "说不清", settles: "")
        let old = base([fact("a", "60")])
        let new = base([fact("a", "60")], doubts: [doubt], title: "乙")
        #expect(KnowledgeDifference.sources(from: old, to: new) == ["~ s 《乙》"])
        #expect(KnowledgeDifference.doubts(from: old, to: new) == ["+ X1 说不清"])
        #expect(KnowledgeDifference.doubts(from: new, to: old) == ["- X1 说不清"])
    }
}
