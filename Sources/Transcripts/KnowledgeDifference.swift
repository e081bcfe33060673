package import Assistant
import Conversation
package import Knowledge

/// What a change of `Data/` changes: facts, and what people hear.
package enum KnowledgeDifference {
    /// One fact that is not the same before and after.
    package struct Change: Equatable, Sendable {
        package var id: String
        /// `value: 390 → 440`, for each column; the whole fact when it is new or gone.
        package var details: [String]
        package var kind: Kind

        package init(id: String, details: [String], kind: Kind) {
            self.id = id
            self.details = details
            self.kind = kind
        }

        package enum Kind: String, Sendable { case added = "+", removed = "-", changed = "~" }
    }

    /// Changes in the order of the new tables, what is gone last.
    package static func facts(from old: KnowledgeBase, to new: KnowledgeBase) -> [Change] {
        var changes: [Change] = []
        for fact in new.facts {
            guard let before = old.fact(fact.id) else {
                changes.append(Change(id: fact.id, details: [told(fact, in: new)], kind: .added))
                continue
            }
            let details = zip(columns(before), columns(fact)).filter { $0.value != $1.value }.map {
                "\($0.name): \(shown($0.value)) → \(shown($1.value))"
            }
            if !details.isEmpty { changes.append(Change(id: fact.id, details: details, kind: .changed)) }
        }
        for fact in old.facts where new.fact(fact.id) == nil {
            changes.append(Change(id: fact.id, details: [told(fact, in: old)], kind: .removed))
        }
        return changes
    }

    /// Sources whose title, date or standing is not the same.
    package static func sources(from old: KnowledgeBase, to new: KnowledgeBase) -> [String] {
        let changed = new.sources.filter { old.source($0.id) != $0 }.map {
            (old.source($0.id) == nil ? "+ " : "~ ") + "\($0.id) 《\($0.title)》"
        }
        return changed + old.sources.filter { new.source($0.id) == nil }.map { "- \($0.id) 《\($0.title)》" }
    }

    /// Doubts that are new, gone or worded otherwise.
    package static func doubts(from old: KnowledgeBase, to new: KnowledgeBase) -> [String] {
        let changed = new.doubts.compactMap { doubt -> String? in
            guard let before = old.doubts.first(where: { $0.id == doubt.id }) else {
                return "+ \(doubt.id) \(doubt.says)"
            }
            return before == doubt ? nil : "~ \(doubt.id) \(doubt.says)"
        }
        let gone = old.doubts.filter { doubt in !new.doubts.contains { $0.id == doubt.id } }
        return changed + gone.map { "- \($0.id) \($0.says)" }
    }

    private static func told(_ fact: Fact, in knowledge: KnowledgeBase) -> String {
        "\(knowledge.name(of: fact.place)) \(fact.topic) \(knowledge.render(fact, naming: .all))"
    }

    private static func columns(_ fact: Fact) -> [(name: String, value: String)] {
        [
            ("topic", fact.topic), ("attribute", fact.attribute), ("place", fact.place),
            ("insurance", fact.insurance), ("population", fact.population), ("condition", fact.condition),
            ("value", fact.value), ("unit", fact.unit), ("step", fact.step == 0 ? "" : String(fact.step)),
            ("note", fact.note), ("source", fact.source), ("valid_from", shown(fact.validFrom)),
            ("valid_to", shown(fact.validTo)), ("flags", fact.flags.joined(separator: " ")),
            ("supersedes", fact.supersedes.joined(separator: " ")),
        ]
    }

    private static func shown(_ text: String) -> String { text.isEmpty ? "(empty)" : text }

    private static func shown(_ date: CivilDate?) -> String {
        date.map { "\($0.year)-\($0.month)-\($0.day)" } ?? ""
    }

    // MARK: What people hear

    /// A script that reads otherwise, with the lines that differ.
    package struct Reading: Sendable {
        package var script: String
        /// `- …` was said before, `+ …` is said now.
        package var lines: [String]
    }

    package static func replies(to scripts: [Script], from old: Assistant, to new: Assistant) -> [Reading] {
        scripts.compactMap { script in
            let lines = difference(from: transcript(script, old), to: transcript(script, new))
            return lines.isEmpty ? nil : Reading(script: script.name, lines: lines)
        }
    }

    private static func transcript(_ script: Script, _ assistant: Assistant) -> [String] {
        var driver = InProcessDriver(assistant)
        return ScriptPlayer.play(script, with: &driver).transcript.flatMap {
            $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Lines that only one of two has, in their order.
    static func difference(from old: [String], to new: [String]) -> [String] {
        let changes = new.difference(from: old)
        var removed: [Int: String] = [:], inserted: [Int: String] = [:]
        for change in changes {
            switch change {
            case .remove(let offset, let line, _): removed[offset] = line
            case .insert(let offset, let line, _): inserted[offset] = line
            }
        }
        var lines: [String] = []
        var (before, after) = (0, 0)
        while before < old.count || after < new.count {
            if let line = removed[before] {
                lines.append("- \(line)")
                before += 1
            } else if let line = inserted[after] {
                lines.append("+ \(line)")
                after += 1
            } else {
                before += 1
                after += 1
            }
        }
        return lines
    }
}
