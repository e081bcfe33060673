import Authoring
import Diagnostics
import Foundation
import Testing

/// A small project with one mistake at a time, and what is said of it.
@Suite struct DialogDiagnosticsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Loads the project's own dialogs with one file exchanged or added.
    private func codes(_ path: String, _ text: String) throws -> [Diagnostic] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "dialogs-\(UUID().uuidString)"
        ).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: "\(Self.root)/Dialogs", toPath: folder)
        try text.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
        return Project(dialogs: folder, data: "\(Self.root)/Data", cache: nil).load().diagnostics.filter {
            $0.severity == .error
        }
    }

    @Test(arguments: [
        ("Dialogs/flows/x.yaml", "/etc/hostname"), ("Dialogs/more", "/etc"), ("Data/more", "/etc"),
        ("Data/rates/rows.csv", "/etc/hostname"), ("Data/rates/table.yaml", "../places/table.yaml"),
    ]) func `YML-11 a link is refused by name, so that nothing is read from elsewhere`(
        path: String, target: String
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "project-\(UUID().uuidString)"
        ).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["Dialogs", "Data"] {
            try FileManager.default.copyItem(atPath: "\(Self.root)/\(name)", toPath: "\(folder)/\(name)")
        }
        try? FileManager.default.removeItem(atPath: "\(folder)/\(path)")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/\(path)", withDestinationPath: target)
        let loaded = Project(dialogs: "\(folder)/Dialogs", data: "\(folder)/Data", cache: nil).load()
        #expect(loaded.assistant == nil)
        let found = try #require(loaded.diagnostics.first { $0.code == .unreadableFile })
        #expect(found.message.hasSuffix("\(path)` is a link, and links are not followed"))
    }

    @Test func `YML-06 a misspelt slot is named with the nearest one and its place`() throws {
        let found = try codes("flows/x.yaml", "flow: x\ntitle: 某事\nsteps:\n  - collect: home_ctiy\n")
        let diagnostic = try #require(found.first)
        #expect(found.count == 1)
        #expect(diagnostic.code == .unknownSlot)
        #expect(diagnostic.message == "no slot has the name `home_ctiy`")
        #expect(diagnostic.hint == "the nearest declared slot is `home_city`")
        #expect(diagnostic.primary.span.start == Position(line: 4, column: 14))
    }

    @Test(arguments: [
        ("flows/x.yaml", "flow: y\ntitle: 某事\nsteps:\n  - end\n", "file-name"),
        ("flows/x.yaml", "flow: x\ntitle: 某事\nsteps:\n  - say: nothing.here\n", "unknown-response"),
        ("flows/x.yaml", "flow: x\ntitle: 某事\nintents: [nothing]\nsteps:\n  - end\n", "unknown-intent"),
        (
            "flows/x.yaml", "flow: x\ntitle: 某事\nsteps:\n  - collect: city\n    if: city = = 1\n",
            "bad-condition"
        ),
        (
            "flows/x.yaml", "flow: x\ntitle: 某事\nsteps:\n  - collect: city\n    if: insurance = 商业\n",
            "unknown-value"
        ),
        (
            "flows/x.yaml",
            "flow: x\ntitle: 某事\nsteps:\n  - collect: age\n    if: calculation_needs(报消, age)\n",
            "unknown-value"
        ),
        (
            "flows/x.yaml",
            "flow: x\ntitle: 某事\nsteps:\n  - collect: age\n    if: calculation_needs(报销, agee)\n",
            "unknown-slot"
        ),
        ("responses/x.yaml", "responses:\n  x.y:\n    - calculation: 报消\n", "unknown-value"),
        (
            "responses/x.yaml",
            "responses:\n  x.y:\n    - calculation: 报销\n      not_counted: [三个月内不算]\n", "literal-figure"
        ),
        ("flows/x.yaml", "flow: x\ntitle: 某事\nstep:\n  - end\n", "unknown-key"),
        ("responses/x.yaml", "responses:\n  x.y:\n    - text: 三个工作日生效\n", "literal-figure"),
        ("responses/x.yaml", "responses:\n  x.y:\n    - text: \"{nothing}的\"\n", "unknown-gap"),
        ("responses/x.yaml", "responses:\n  x.y:\n    - text: \"[{city}的\"\n", "bad-template"),
        ("responses/x.yaml", "responses:\n  x.y:\n    - text: \"打{fact:nothing}\"\n", "unknown-quoted-fact"),
        ("responses/x.yaml", "responses:\n  hotline.numbers:\n    - text: 好\n", "duplicate-name"),
        ("patterns/cancelled.yaml", "pattern: cancelled\nsay:\n  - text: \"好的，{flow\"\n", "bad-template"),
        ("intents/x.yaml", "intent: x\nname: 某事\nexamples:\n  - 上一步\n", "duplicate-example"),
    ]) func `YML-06 and YML-07 each mistake has its code`(path: String, text: String, code: String) throws {
        #expect(try codes(path, text).contains { $0.code.id == code })
    }
}
