import Assistant
import Conversation
import Diagnostics
import Dialogue
import Knowledge

/// Names that are used are declared; what is declared is used.
extension DialogReader {
    /// Patterns that the engine and the shell say by name.
    static let patterns = [
        "opening", "menu", "follow_up", "clarify", "which", "cancelled", "nothing_to_cancel", "back",
        "nothing_before",
        "nothing_asked", "restarted", "return", "corrected", "dropped", "assumed", "skipped", "needed",
        "parked", "handoff",
        "declined", "cannot_handle", "cannot_handle_again", "internal_error", "silence", "not_found",
        "looked_up", "masked",
        "greet", "thanks", "bye", "chitchat", "abuse", "emergency", "medical_advice", "fraud_request",
        "privacy",
        "out_of_scope", "help", "which_slot", "among", "for_another", "noted_of", "answer_for", "same_place",
        "offer_person", "with_person",
        "taken_over", "person_says",
        "given_back", "taken_as", "todo", "todo_next", "todo_waits", "what_if", "what_if_same",
        "what_if_nothing", "what_if_found", "what_if_unknown", "what_if_needs",
        "what_if_later", "detail_later", "detail_each", "detail_anywhere", "redone", "nothing_undone",
        "count", "count_none",
        "put_aside", "unchanged", "noted", "unfinished", "between",
        "rest_same", "detail_found", "detail_unknown", "nothing_new", "which_offer",
        "sources", "briefly", "despair", "despair_now", "condolence", "help_called", "nothing_more",
        "language",
        "known", "known_nothing", "what_is_wrong", "easing", "writing", "neither", "recommending",
        "first_then", "left_out",
    ]
    /// Arguments that the engine gives to patterns.
    static let arguments =
        ["flow", "slot", "slots", "value", "who", "items", "count", "owner", "words", "others"]
        + Source.Authority.allCases.map(\.rawValue)

    func checkReferences() {
        report(usedSlots, "slot", .unknownSlot, among: names("slot"))
        report(usedResponses, "response", .unknownResponse, among: names("response"))
        report(usedFlows, "flow", .unknownFlow, among: names("flow"))
        report(usedIntents, "intent", .unknownIntent, among: names("intent"))
        report(usedSums, "sum", .unknownValue, among: CalculationRule.Sum.allCases.map(\.rawValue))
        report(
            usedAttributes, "attribute", .unknownValue,
            among: Set(knowledge.facts.map(\.attribute) + knowledge.declaredAttributes).sorted())
        checkCalculations()
        checkGaps()
        checkValues()
        checkFacts()
        checkPatterns()
        checkUnused()
    }

    private func report(_ mentions: [Mention], _ kind: String, _ code: DiagnosticCode, among names: [String])
    {
        let known = Set(names)
        for mention in mentions where !known.contains(mention.name) {
            collector.error(
                code, "no \(kind) has the name `\(mention.name)`", at: mention.label,
                hint: NameSuggestion.hint(for: mention.name, among: names, kind: "declared \(kind)"))
        }
    }

    private func checkGaps() {
        let slots = names("slot")
        for (mention, isPattern) in usedGaps {
            let known = isPattern ? slots + Self.arguments : slots
            guard !known.contains(mention.name) else { continue }
            collector.error(
                .unknownGap, "nothing fills the gap `{\(mention.name)}`", at: mention.label,
                hint: NameSuggestion.hint(for: mention.name, among: known, kind: "gap"))
        }
    }

    private func checkValues() {
        for (name, value) in comparedValues {
            guard let slot = slots.first(where: { $0.name == name }), !slot.options.isEmpty,
                slot.option(value.name) == nil
            else { continue }
            collector.error(
                .unknownValue, "the slot `\(name)` never has the value `\(value.name)`", at: value.label,
                hint: NameSuggestion.hint(for: value.name, among: slot.options.map(\.value), kind: "value"))
        }
    }

    /// Rules of `Data/calculations` turn on slots that exist, by values that they can have.
    private func checkCalculations() {
        guard let anchor = declared["slot"]?.values.min(by: { $0.span.start < $1.span.start }) else { return }
        for dimension in CalculationRule.Dimension.allCases {
            // The groups of a fixed fee are counted, not asked for.
            let rules = knowledge.calculations.filter { $0.sum != .fee }
            let values = Set(rules.flatMap { $0.holdsFor[dimension] ?? [] })
            guard let slot = slots.first(where: { $0.name == dimension.rawValue }), !values.isEmpty else {
                continue
            }
            for value in values.sorted() where slot.option(value)?.value != value {
                collector.error(
                    .unknownValue,
                    "rules in `Data/calculations` hold for the `\(slot.name)` `\(value)`, which the slot never is",
                    at: declared["slot"]?[slot.name] ?? anchor,
                    hint: NameSuggestion.hint(for: value, among: slot.options.map(\.value), kind: "value"))
            }
        }
    }

    private func checkFacts() {
        for mention in usedFacts where knowledge.fact(mention.name) == nil {
            collector.error(
                .unknownQuotedFact, "no fact has the identifier `\(mention.name)`", at: mention.label)
        }
        let known = Set(knowledge.facts.map { "\($0.topic)|\($0.attribute)" })
        for (block, label) in lookUps {
            let topics = block.topics.filter(\.gaps.isEmpty).flatMap(\.literals)
            guard !topics.isEmpty else { continue }
            for attribute in block.attributes
            where !topics.contains(where: { known.contains("\($0)|\(attribute)") }) {
                let names = topics.flatMap { knowledge.attributes(of: $0) }
                collector.warning(
                    .emptyLookUp,
                    "no fact on \(topics.joined(separator: ", ")) has the attribute `\(attribute)`",
                    at: label, hint: NameSuggestion.hint(for: attribute, among: names, kind: "attribute"))
            }
        }
    }

    private func checkPatterns() {
        let written = declared["pattern"] ?? [:]
        guard let anchor = written.values.first ?? declared["slot"]?.values.first else { return }
        let unreachable = DialogueProgram.unreachablePatterns(slots: slots, flows: flows)
        for name in unreachable.sorted() {
            guard let label = written[name] else { continue }
            collector.warning(
                .idlePattern, "with these slots nothing comes to the pattern `\(name)`", at: label)
        }
        for name in Self.patterns where written[name] == nil && !unreachable.contains(name) {
            let file = SourceFile(path: "\(folder(of: anchor.file.path))/patterns/\(name).yaml", text: "")
            collector.error(
                .missingPattern, "the pattern `\(name)` is not written",
                at: Diagnostic.Label(file, SourceSpan(.start, to: .start), "expected this file"))
        }
    }

    private func folder(of path: String) -> String {
        let parts = path.split(separator: "/").dropLast()
        return (parts.last == "patterns" ? parts.dropLast() : parts).joined(separator: "/")
    }

    private func checkUnused() {
        let used = Set(usedResponses.map(\.name))
        for (name, label) in declared["response"] ?? [:] where !used.contains(name) {
            collector.warning(.unusedResponse, "no flow says the response `\(name)`", at: label)
        }
    }
}
