package import Assistant
package import Conversation
package import Dialogue

/// Whoever holds the other end of a scripted conversation: the assistant in process, or a server.
package protocol ConversationDriver {
    /// Begins a conversation and returns its opening.
    mutating func open(at time: Moment, profile: [(name: String, value: String)]) throws -> Observation
    mutating func say(_ text: String, at time: Moment) throws -> Observation
    mutating func choose(_ id: String, of turn: Int, at time: Moment) throws -> Observation
    /// Whether the opening goes unseen, so that a choice of it can be named by its identifier alone.
    var hidesOpening: Bool { get }
    /// Drops the line and comes back; nothing is to be lost.
    mutating func reconnect() throws
    /// It is that time from here on. A line does not last so long: the person comes back on another.
    mutating func pass(to time: Moment) throws
    /// Somebody at the desk takes the conversation over, or gives it back (`owner` nil), and says something.
    mutating func handOff(to owner: String?, saying text: String, at time: Moment) throws -> Observation
}

/// What a script came to.
package struct ScriptResult: Sendable {
    package var script: Script
    /// The conversation as it went.
    package var transcript: [String]
    package var failures: [Failure]
    package var observations: [Observation]

    package var passed: Bool { failures.isEmpty }

    package struct Failure: Sendable {
        package var turn: Int
        package var expectation: Script.Expectation?
        package var message: String
    }
}

/// Plays scripts and compares.
package enum ScriptPlayer {
    package static func play(_ script: Script, with driver: inout some ConversationDriver) -> ScriptResult {
        var result = ScriptResult(script: script, transcript: [], failures: [], observations: [])
        do {
            var last = try driver.open(at: script.time, profile: script.profile)
            var seen = [last]
            note(last, in: &result)
            var time = script.time
            for (index, turn) in script.turns.enumerated() {
                if let now = turn.time {
                    time = now
                    try driver.pass(to: time)
                }
                switch turn.action {
                case .open: break
                case .say(let text):
                    result.transcript.append("您: \(text)")
                    last = try driver.say(text, at: time)
                    note(last, in: &result)
                case .choose(let wanted, let of):
                    guard let (choice, turnNumber) = find(wanted, of, in: seen) ?? unseen(wanted, driver)
                    else {
                        result.failures.append(
                            .init(turn: index + 1, expectation: nil, message: "`\(wanted)` was not offered"))
                        return result
                    }
                    result.transcript.append("您: [\(choice.label)]")
                    last = try driver.choose(choice.id, of: turnNumber, at: time)
                    note(last, in: &result)
                case .reconnect:
                    result.transcript.append("-- reconnect --")
                    try driver.reconnect()
                case .person(let owner, let text):
                    result.transcript.append("-- \(owner) --")
                    last = try driver.handOff(to: owner, saying: text, at: time)
                    note(last, in: &result)
                case .handBack(let text):
                    result.transcript.append("-- hand back --")
                    last = try driver.handOff(to: nil, saying: text, at: time)
                    note(last, in: &result)
                }
                seen.append(last)
                for expectation in turn.expectations {
                    guard let message = mismatch(expectation.kind, last) else { continue }
                    result.failures.append(.init(turn: index + 1, expectation: expectation, message: message))
                }
            }
            result.observations = seen
        } catch {
            result.failures.append(.init(turn: 0, expectation: nil, message: "\(error)"))
        }
        return result
    }

    private static func note(_ observation: Observation, in result: inout ScriptResult) {
        for reply in observation.replies { result.transcript.append("导: \(reply.text)") }
    }

    /// A choice of an opening that the driver could not see.
    private static func unseen(_ wanted: String, _ driver: some ConversationDriver) -> (Choice, Int)? {
        driver.hidesOpening && wanted.contains("=") ? (Choice(id: wanted, label: wanted), 1) : nil
    }

    private static func find(_ wanted: String, _ turn: Int?, in seen: [Observation]) -> (Choice, Int)? {
        for observation in seen.reversed() where turn == nil || observation.turn == turn {
            if let choice = observation.choices.first(where: { $0.id == wanted || $0.label == wanted }) {
                return (choice, observation.turn)
            }
        }
        return nil
    }

    // MARK: Comparing

    /// What differs; nil when it is as expected.
    package static func mismatch(_ kind: Script.Kind, _ seen: Observation) -> String? {
        switch kind {
        case .says(let texts):
            let said = plain(seen.text)
            return texts.contains { said.contains(plain($0)) } ? nil : "expected to hear \(quoted(texts))"
        case .saysNot(let text): return plain(seen.text).contains(plain(text)) ? "`\(text)` was said" : nil
        case .bot(let text):
            return seen.replies.contains { isText(text, of: $0) } ? nil : "no reply is `\(text)`"
        case .matches(let pattern):
            return isMatched(pattern, seen) ? nil : "nothing that is said matches `\(pattern)`"
        case .matchesNot(let pattern):
            return isMatched(pattern, seen) ? "what is said matches `\(pattern)`" : nil
        case .cites(let fact):
            return seen.facts.contains(fact)
                ? nil : "the fact `\(fact)` is not cited; cited: \(seen.facts.joined(separator: " "))"
        case .intent(let intent):
            return seen.intent == intent
                ? nil : "the intent is `\(seen.intent ?? "none")`, expected `\(intent)`"
        case .stack(let stack):
            return seen.stack == stack ? nil : "the stack is \(seen.stack), expected \(stack)"
        case .slot(let name, let value): return slotMismatch(name, value, seen)
        case .noSlot(let name):
            return seen.slots.first { $0.name == name }.map {
                "the slot `\(name)` is `\($0.text)`, expected none"
            }
        case .slotIsNot(let name, let value):
            return slotMismatch(name, value, seen) == nil ? "the slot `\(name)` is `\(value)`" : nil
        case .utters(let name):
            return utters(name, seen)
                ? nil : "`\(name)` was not said; said: \(seen.said.joined(separator: " "))"
        case .uttersNot(let name): return utters(name, seen) ? "`\(name)` was said" : nil
        case .flowStarted(let flow):
            return seen.started.contains(flow) ? nil : "the flow `\(flow)` did not start"
        case .oneStarted(let flows):
            return flows.contains(where: seen.started.contains)
                ? nil : "none of the flows \(quoted(flows)) did start"
        case .flowCompleted(let flow):
            return seen.completed.contains(flow) ? nil : "the flow `\(flow)` was not completed"
        case .flowCancelled(let flow):
            return seen.cancelled.contains(flow) ? nil : "the flow `\(flow)` was not cancelled"
        case .owner(let owner):
            return seen.owner == owner
                ? nil : "the conversation is with \(seen.owner ?? "the assistant"), not \(owner ?? "with it")"
        case .offers(let flow):
            return seen.choices.contains { $0.id == "flow=\(flow)" } ? nil : "`\(flow)` was not offered"
        }
    }

    /// Whether a reply is that text. Buttons are no part of it elsewhere, while our plain text lists them.
    private static func isText(_ text: String, of reply: Reply) -> Bool {
        if plain(reply.text) == plain(text) { return true }
        guard case .choices(let choices) = reply.kind else { return false }
        let list = choices.enumerated().map { "\($0.offset + 1). \($0.element.label)" }
        return plain(reply.text) == plain(text + list.joined())
    }

    private static func slotMismatch(_ name: String, _ value: String?, _ seen: Observation) -> String? {
        guard let slot = seen.slots.first(where: { $0.name == name }) else {
            return "the slot `\(name)` is empty"
        }
        guard let value, slot.value != value, slot.text != value else { return nil }
        // 济南 stands for 济南市.
        if slot.text.hasPrefix(value), slot.text.unicodeScalars.count == value.unicodeScalars.count + 1 {
            return nil
        }
        return "the slot `\(name)` is `\(slot.text)` (\(slot.value)), expected `\(value)`"
    }

    private static func isMatched(_ pattern: String, _ seen: Observation) -> Bool {
        (try? Regex(pattern)).map { seen.text.firstMatch(of: $0) != nil } ?? false
    }

    private static func utters(_ name: String, _ seen: Observation) -> Bool {
        seen.said.contains { $0 == name || $0 == "pattern.\(name)" || $0.hasPrefix("\(name).") }
    }

    private static func quoted(_ texts: [String]) -> String {
        texts.map { "`\($0)`" }.joined(separator: " or ")
    }

    /// Texts are compared without spaces, grouping commas and the difference of widths.
    static func plain(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x20, 0x3000, 0x0A, 0x2C, 0xFF0C: continue
            case 0xFF01...0xFF5E: view.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            default: view.append(scalar)
            }
        }
        return String(view)
    }
}

/// The assistant itself, in process, keeping its event log.
package struct InProcessDriver: ConversationDriver {
    let assistant: Assistant
    package let hidesOpening = false
    package private(set) var tracker = Tracker()
    package private(set) var events: [Event] = []
    /// What was done, so that it can be done again.
    package private(set) var utterances: [Utterance] = []

    /// Everything that was said.
    private(set) var said: [[Reply]] = []

    package init(_ assistant: Assistant) { self.assistant = assistant }

    package mutating func open(at time: Moment, profile: [(name: String, value: String)]) -> Observation {
        tracker = Tracker()
        events = assistant.profileEvents(profile)
        for event in events { tracker.apply(event) }
        utterances = []
        said = []
        return advance(Utterance(.opening, at: time))
    }

    package mutating func say(_ text: String, at time: Moment) -> Observation {
        advance(Utterance(.text(text), at: time))
    }

    package mutating func choose(_ id: String, of turn: Int, at time: Moment) -> Observation {
        advance(Utterance(.choice(turn: turn, id: id), at: time))
    }

    package mutating func handOff(to owner: String?, saying text: String, at time: Moment) -> Observation {
        advance(Utterance(owner.map { .person(owner: $0, text: text) } ?? .handBack(text: text), at: time))
    }

    /// What is in memory is exactly what the log folds to.
    package mutating func reconnect() { tracker = Tracker(folding: events) }

    package mutating func pass(to time: Moment) { reconnect() }

    mutating func repeatUtterance(_ utterance: Utterance) -> Observation { advance(utterance) }

    private mutating func advance(_ utterance: Utterance) -> Observation {
        let turn = assistant.turn(tracker, on: utterance)
        tracker = turn.tracker
        events += turn.events
        utterances.append(utterance)
        said.append(turn.replies)
        return Observation(turn)
    }
}

extension Observation {
    /// What is seen of a turn in process.
    package init(_ turn: Assistant.Turn) {
        self.init(
            turn: turn.tracker.turn, replies: turn.replies, intent: turn.trace.result?.intent,
            slots: turn.tracker.slots.entries.map { ($0.name, $0.value.value, $0.value.text) },
            stack: turn.tracker.stackNames, said: turn.trace.said,
            started: turn.events.flows { if case .flowStarted(let flow) = $0 { flow } else { nil } },
            completed: turn.events.flows {
                if case .flowEnded(let flow, .completed) = $0 { flow } else { nil }
            },
            cancelled: turn.events.flows {
                if case .flowEnded(let flow, .cancelled) = $0 { flow } else { nil }
            },
            facts: turn.trace.facts, owner: turn.tracker.owner)
    }
}

extension [Event] {
    fileprivate func flows(_ pick: (Event) -> String?) -> [String] { compactMap(pick) }
}
