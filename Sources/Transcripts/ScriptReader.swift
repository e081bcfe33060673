import Authoring
package import Conversation
package import Diagnostics

/// Reads scripted conversations. Two forms are known: ours (`turns:`) and that of Rasa's end-to-end tests (`test_cases:`).
package struct ScriptReader {
    /// When a script takes place that does not say.
    package static let defaultTime = Moment(seconds: 1_775_005_200)

    let file: SourceFile
    let collector: DiagnosticCollector

    package static func read(_ file: SourceFile, into collector: DiagnosticCollector) -> [Script] {
        guard let root = YAMLReader.read(file, into: collector) else { return [] }
        let reader = ScriptReader(file: file, collector: collector)
        return root["test_cases"] == nil ? reader.script(root).map { [$0] } ?? [] : reader.testCases(root)
    }

    // MARK: Our form

    private func script(_ root: YAMLNode) -> Script? {
        guard var reader = MappingReader(root, of: "a script", in: file, into: collector) else { return nil }
        let time = reader.optional("now").flatMap(time) ?? Self.defaultTime
        let profile = (reader.optional("profile")?.entries ?? []).map { ($0.key, $0.value.text ?? "") }
        _ = reader.optional("about")
        let turns = reader.requiredList("turns").compactMap(turn)
        reader.finish()
        return Script(name: name(of: file), file: file, time: time, profile: profile, turns: turns)
    }

    private func name(of file: SourceFile) -> String {
        let last = file.path.split(separator: "/").last ?? ""
        return last.split(separator: ".").first.map { $0.split(separator: "_").joined(separator: " ") }
            ?? file.path
    }

    private func turn(_ node: YAMLNode) -> Script.Turn? {
        guard var reader = MappingReader(node, of: "a turn", in: file, into: collector) else { return nil }
        defer { reader.finish() }
        var action = self.action(&reader) ?? .open
        if let person = reader.optional("person") { action = self.person(person) }
        if let words = reader.optional("hand_back") {
            action = .handBack(says: words["says"]?.text ?? "")
        }
        let now = reader.optional("now").flatMap(time)
        var expectations = seen(&reader)
        expectations += names(&reader, "bot") { .utters($0) }
        expectations += names(&reader, "bot_not") { .uttersNot($0) }
        expectations += names(&reader, "flow_started") { .flowStarted($0) }
        expectations += names(&reader, "flow_completed") { .flowCompleted($0) }
        expectations += names(&reader, "flow_cancelled") { .flowCancelled($0) }
        if let owner = reader.entry("owner") {
            let name = owner.value.isAbsent ? nil : owner.value.text
            expectations.append(.init(.owner(name == "null" ? nil : name), owner.keySpan))
        }
        for entry in reader.optional("slots")?.entries ?? [] {
            let value = entry.value.text
            expectations.append(
                .init(
                    value == nil || value == "null" ? .noSlot(entry.key) : .slot(entry.key, value),
                    entry.keySpan))
        }
        return Script.Turn(action: action, time: now, expectations: expectations, span: node.span)
    }

    /// What the person does, in either form; nil when nothing.
    func action(_ reader: inout MappingReader) -> Script.Action? {
        var action: Script.Action?
        if let user = reader.optional("user") { action = .say(user.text ?? "") }
        if let choice = reader.optional("choose") { action = self.choice(choice) }
        if reader.flag("reconnect") { action = .reconnect }
        if let channel = reader.optional("channel"), channel.text != Self.channel {
            collector.error(
                .wrongShape, "`\(channel.text ?? channel.shape)` is not played",
                at: Diagnostic.Label(
                    file, channel.span, "expected `\(Self.channel)`, which every script is played on"))
        }
        return action
    }

    /// The protocol that scripts speak, in process and over the wire.
    private static let channel = "daoban.v1"

    /// What can be expected of a turn in either form.
    func seen(_ reader: inout MappingReader) -> [Script.Expectation] {
        var expectations = said(&reader)
        expectations += names(&reader, "cites") { .cites($0) }
        expectations += names(&reader, "intent") { .intent($0) }
        if let stack = reader.optional("stack") {
            expectations.append(.init(.stack((stack.items ?? [stack]).compactMap(\.text)), stack.span))
        }
        return expectations
    }

    /// A name, or a name with what they say.
    private func person(_ node: YAMLNode) -> Script.Action {
        if let name = node.text { return .person(name, says: "") }
        return .person(node["name"]?.text ?? "", says: node["says"]?.text ?? "")
    }

    private func choice(_ node: YAMLNode) -> Script.Action {
        if let text = node.text { return .choose(text, of: nil) }
        return .choose(node["choice"]?.text ?? "", of: node["of"]?.text.flatMap(Int.init))
    }

    /// `says`: every element must be heard; an element that is a list names alternatives.
    func said(_ reader: inout MappingReader) -> [Script.Expectation] {
        var expectations: [Script.Expectation] = []
        if let node = reader.optional("says") {
            for item in node.items ?? [node] {
                let texts = item.text.map { [$0] } ?? (item.items ?? []).compactMap(\.text)
                expectations.append(.init(.says(texts), item.span))
            }
        }
        return expectations + names(&reader, "says_not") { .saysNot($0) }
    }

    func names(_ reader: inout MappingReader, _ key: String, _ kind: (String) -> Script.Kind) -> [Script
        .Expectation]
    {
        guard let node = reader.optional(key) else { return [] }
        return (node.items ?? [node]).compactMap { item in
            guard let text = item.text else {
                collector.error(
                    .wrongShape, "`\(key)` is \(item.shape)",
                    at: Diagnostic.Label(file, item.span, "expected a text"))
                return nil
            }
            return .init(kind(text), item.span)
        }
    }

    /// `2026-03-02T09:00:00+08:00` or `2026-03-02`, read as China's time.
    func time(_ node: YAMLNode) -> Moment? {
        if let moment = node.text.flatMap(Moment.init(text:)) { return moment }
        collector.error(
            .wrongShape, "`\(node.text ?? node.shape)` is no time",
            at: Diagnostic.Label(file, node.span, "expected 2026-03-02T09:00:00+08:00"))
        return nil
    }
}

extension Moment {
    /// A day, or a day and time with an offset of whole hours and minutes; without an offset China's.
    package init?(text: String) {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard let first = parts.first, let date = CivilDate(first) else { return nil }
        var seconds = 0
        var offset = 8 * 3600
        if parts.count == 2 {
            var clock = parts[1]
            if clock.hasSuffix("Z") {
                offset = 0
                clock = clock.dropLast()
            } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
                let zone = clock[sign...].dropFirst().split(separator: ":").compactMap { Int($0) }
                guard zone.count == 2 else { return nil }
                offset = (zone[0] * 3600 + zone[1] * 60) * (clock[sign] == "-" ? -1 : 1)
                clock = clock[..<sign]
            }
            let fields = clock.split(separator: ":").compactMap { Int($0) }
            guard (2...3).contains(fields.count), (0..<24).contains(fields[0]), (0..<60).contains(fields[1])
            else { return nil }
            seconds = fields[0] * 3600 + fields[1] * 60 + (fields.count == 3 ? fields[2] : 0)
        }
        self.init(seconds: date.daysSinceEpoch * 86_400 + seconds - offset)
    }
}

extension CivilDate {
    /// Days since 1970-01-01 (Hinnant's `days_from_civil`).
    var daysSinceEpoch: Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
