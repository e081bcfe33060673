import Authoring
import Conversation
import Diagnostics
import Foundation
import Testing

/// Small bad dialogs, each with what the walk through all its ways finds.
@Suite struct ModelCheckTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private static let day = CivilDate(year: 2026, month: 4, day: 1)

    /// What is found in the files that are changed, or `everywhere`.
    private func found(_ files: [String: String], everywhere: Bool = false) throws -> [Diagnostic] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("m-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: "\(Self.root)/Dialogs", toPath: folder)
        for (path, text) in files {
            try text.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
        }
        let project = Project(dialogs: folder, data: "\(Self.root)/Data", cache: nil)
        return project.load(checkedOn: Self.day).diagnostics.filter { diagnostic in
            everywhere || files.keys.contains { diagnostic.primary.file.path.hasSuffix($0) }
        }
    }

    private func flow(_ name: String, _ steps: String) -> [String: String] {
        ["flows/\(name).yaml": "flow: \(name)\ntitle: 某事\nsteps:\n\(steps)"]
    }

    @Test func `a way that ends without a word is shown by its answers`() throws {
        let steps = """
              - collect: insurance
              - if: insurance = 职工
                then:
                  - say: city.contacts
            """
        let diagnostic = try #require(try found(flow("x", steps)).first { $0.code == .deadEnd })
        #expect(diagnostic.severity == .error)
        #expect(diagnostic.hint?.contains("turns:\n  - user: 某事") ?? false)
        #expect(!(diagnostic.hint?.contains("user: 职工") ?? true))
    }

    @Test(arguments: [
        (
            "  - collect: insurance\n  - if: insurance = 职工\n    then:\n      - say: city.contacts\n        if: insurance = 居民\n  - say: hotline.numbers\n",
            "idle-condition"
        ),
        (
            "  - collect: insurance\n  - say: hotline.numbers\n  - end\n  - say: city.contacts\n",
            "unreachable-step"
        ),
        (
            "  - collect: city\n    order: fixed\n  - collect: insurance\n  - say: hotline.numbers\n",
            "idle-order"
        ),
        (
            "  - collect: insurance\n    order: first\n  - collect: population\n  - say: hotline.numbers\n",
            "unknown-value"
        ),
        ("  - collect: city\n  - collect: payee\n  - say: city.contacts\n", "idle-question"),
    ]) func `what decides nothing or is never done is named`(steps: String, code: String) throws {
        #expect(try found(flow("x", steps)).contains { $0.code.id == code })
    }

    @Test func `a pin that keeps a question where it is written is not named`() throws {
        let steps =
            "  - collect: insurance\n    order: fixed\n  - collect: population\n  - say: reimburse_query.all\n"
        #expect(try !found(flow("x", steps)).contains { ["idle-order", "unknown-key"].contains($0.code.id) })
    }

    @Test(arguments: [
        // A condition behind it, words, and a flow that it leads to.
        "  - collect: payee\n  - say: city.contacts\n    if: payee = 孩子\n  - say: hotline.numbers\n",
        "  - collect: payee\n  - say: premium_pay.how\n", "  - collect: payee\n  - link: premium_pay\n",
    ]) func `a question on which something hangs is not named`(steps: String) throws {
        #expect(try !found(flow("x", steps)).contains { $0.code.id == "idle-question" })
    }

    @Test func `a pattern that the slots make impossible is named, and missed when they need it`() throws {
        let words = "pattern: needed\nsay:\n  - text: 这一项不能跳过。\n"
        let named = try found(["patterns/needed.yaml": words])
        #expect(named.map(\.code.id) == ["idle-pattern"] && named.allSatisfy { $0.severity == .warning })
        let slots = try String(contentsOfFile: "\(Self.root)/Dialogs/slots.yaml", encoding: .utf8)
        let strict = try #require(slots.range(of: "  on_exhaust: skip\n  unknown: skip\n"))
        let changed = slots.replacingCharacters(in: strict, with: "  on_exhaust: skip\n")
        let found = try found(["slots.yaml": changed, "patterns/needed.yaml": words])
        #expect(!found.contains { $0.code.id == "idle-pattern" })
        let missed = try self.found(["slots.yaml": changed], everywhere: true)
        #expect(missed.contains { $0.code.id == "missing-pattern" && $0.message.contains("needed") })
    }

    @Test(arguments: [
        ("children <= 0", "bad-condition"), ("adults <= 0 and nobody <= 0", "unknown-slot"),
        ("adults <=", "bad-condition"),
    ]) func `what a slot refuses is a condition on it`(condition: String, code: String) throws {
        let slots = try String(contentsOfFile: "\(Self.root)/Dialogs/slots.yaml", encoding: .utf8)
        let mark = "- if: adults <= 0 and children <= 0 and (elders is not set or elders <= 0)"
        let range = try #require(slots.range(of: mark))
        let changed = slots.replacingCharacters(in: range, with: "- if: \(condition)")
        let found = try found(["slots.yaml": changed])
        #expect(found.contains { $0.code.id == code && $0.severity == .error }, "\(found.map(\.message))")
    }

    @Test func `STA-09 flows that lead round in a circle are named`() throws {
        let files = flow("x", "  - link: y\n").merging(flow("y", "  - link: x\n")) { first, _ in first }
        #expect(try found(files).filter { $0.code == .endlessLinks }.count == 2)
    }

    @Test func `the shipped dialogs have no dead end`() throws {
        let project = Project(dialogs: "\(Self.root)/Dialogs", data: "\(Self.root)/Data", cache: nil)
        let codes = project.load(checkedOn: Self.day).diagnostics.map(\.code.id)
        #expect(!codes.contains("dead-end") && !codes.contains("endless-links"))
    }
}
