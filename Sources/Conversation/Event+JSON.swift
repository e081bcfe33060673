package import JSONText

/// Events as JSON arrays, the first element naming the event: short, and stable, for they are stored for years. A form that
/// shipped is read for ever; a new field goes to the end.
extension Event {
    package func write(to json: inout JSONWriter) {
        json.beginArray()
        switch self {
        case .turnStarted(let number, let input, let time):
            json.string("turn")
            json.integer(number)
            json.integer(time.seconds)
            switch input {
            case .opening: json.string("opening")
            case .text(let text): json.strings("text", text)
            case .choice(let turn, let id):
                json.strings("choice", id)
                json.integer(turn)
            case .person(let owner, let text): json.strings("person", owner, text)
            case .handBack(let text): json.strings("hand_back", text)
            }
        case .checkpointTaken: json.string("checkpoint")
        case .checkpointRestored: json.string("restore")
        case .checkpointRedone: json.string("redo")
        case .personChanged(let person, let kept):
            json.strings("person", person ?? "")
            for value in kept { value.write(to: &json) }
        case .personKnown(let facts):
            json.string("known")
            facts.write(to: &json)
        case .todoChanged(let items):
            json.string("todo")
            for item in items { item.write(to: &json) }
        case .slotSet(let name, let value):
            json.strings("set", name)
            value.write(to: &json)
        case .slotCleared(let name): json.strings("clear", name)
        case .flowStarted(let flow): json.strings("start", flow)
        case .flowMoved(let step): json.strings("move", step)
        case .flowRewound(let step, let unsaying):
            json.strings("rewind", step)
            for name in unsaying { json.string(name) }
        case .stepSaid(let step): json.strings("said", step)
        case .flowEnded(let flow, let outcome): json.strings("end", flow, outcome.rawValue)
        case .questionAsked(let question):
            json.string("ask")
            question.write(to: &json)
        case .attemptFailed: json.string("fail")
        case .questionClosed: json.string("close")
        case .misunderstood(let count):
            json.string("lost")
            json.integer(count)
        case .choicesOffered(let choices):
            json.string("offer")
            for choice in choices { json.strings(choice.id, choice.label) }
        case .spoke(let effects):
            json.string("spoke")
            for effect in effects { effect.write(to: &json) }
        case .handedOff(let owner): json.strings("hand_off", owner)
        case .handedBack: json.string("hand_back")
        case .restarted: json.string("restart")
        case .feedbackGiven(let turn, let rating, let comment):
            json.strings("feedback", rating)
            json.integer(turn)
            json.string(comment)
        }
        json.endArray()
    }

    /// Nil for what no version has written.
    package init?(_ json: JSONValue) {
        guard let parts = json.array, let name = parts.first?.string else { return nil }
        func text(_ index: Int) -> String? { index < parts.count ? parts[index].string : nil }
        func number(_ index: Int) -> Int? { index < parts.count ? parts[index].integer : nil }
        let texts = parts.dropFirst().compactMap(\.string)
        switch name {
        case "turn":
            guard let turn = number(1), let seconds = number(2),
                let input = Utterance.Input(parts.dropFirst(3))
            else { return nil }
            self = .turnStarted(number: turn, input: input, at: Moment(seconds: seconds))
        case "checkpoint": self = .checkpointTaken
        case "restore": self = .checkpointRestored
        case "redo": self = .checkpointRedone
        case "person":
            guard let kept = TodoItem.Value.values(from: parts.dropFirst(2)) else { return nil }
            self = .personChanged(to: text(1).flatMap { $0.isEmpty ? nil : $0 }, keeping: kept)
        case "known":
            guard parts.count > 1, let facts = PersonFacts(parts[1]) else { return nil }
            self = .personKnown(facts)
        case "todo": self = .todoChanged(parts.dropFirst().compactMap(TodoItem.init))
        case "set":
            guard let slot = text(1), parts.count > 2, let value = SlotValue(parts[2]) else { return nil }
            self = .slotSet(name: slot, value: value)
        case "clear": self = .slotCleared(name: text(1) ?? "")
        case "start": self = .flowStarted(flow: text(1) ?? "")
        case "move": self = .flowMoved(step: text(1) ?? "")
        case "rewind": self = .flowRewound(step: text(1) ?? "", unsaying: Array(texts.dropFirst()))
        case "said": self = .stepSaid(step: text(1) ?? "")
        case "end":
            guard let flow = text(1), let outcome = text(2).flatMap(FlowOutcome.init) else { return nil }
            self = .flowEnded(flow: flow, outcome: outcome)
        case "ask":
            guard parts.count > 1, let question = Question(parts[1]) else { return nil }
            self = .questionAsked(question)
        case "fail": self = .attemptFailed
        case "close": self = .questionClosed
        case "lost": self = .misunderstood(count: number(1) ?? 0)
        case "offer": self = .choicesOffered(texts.pairs.map { Choice(id: $0, label: $1) })
        case "spoke": self = .spoke(parts.dropFirst().compactMap(Effect.init))
        case "hand_off": self = .handedOff(owner: text(1) ?? "")
        case "hand_back": self = .handedBack
        case "restart": self = .restarted
        case "feedback":
            self = .feedbackGiven(turn: number(2) ?? 0, rating: text(1) ?? "", comment: text(3) ?? "")
        default: return nil
        }
    }

    package static func encode(_ events: [Event]) -> [UInt8] {
        var json = JSONWriter(capacity: 2048)
        json.beginArray()
        for event in events { event.write(to: &json) }
        json.endArray()
        return Array(json.body)
    }

    /// Nil when the bytes are not what `encode` gave.
    package static func decode(_ bytes: [UInt8]) -> [Event]? {
        guard let list = (try? JSONParser.parse(bytes))?.array else { return nil }
        let events = list.compactMap(Event.init)
        return events.count == list.count ? events : nil
    }
}

extension Utterance.Input {
    fileprivate init?(_ parts: ArraySlice<JSONValue>) {
        let parts = Array(parts)
        switch parts.first?.string {
        case "opening": self = .opening
        case "text":
            guard parts.count > 1, let text = parts[1].string else { return nil }
            self = .text(text)
        case "choice":
            guard parts.count > 2, let id = parts[1].string, let turn = parts[2].integer else { return nil }
            self = .choice(turn: turn, id: id)
        case "person":
            guard parts.count > 2, let owner = parts[1].string, let text = parts[2].string else { return nil }
            self = .person(owner: owner, text: text)
        case "hand_back":
            guard parts.count > 1, let text = parts[1].string else { return nil }
            self = .handBack(text: text)
        default: return nil
        }
    }
}

extension SlotValue {
    package func write(to json: inout JSONWriter) {
        json.beginArray()
        json.strings(value, text, raw, origin.rawValue)
        json.integer(turn)
        json.endArray()
    }

    package init?(_ json: JSONValue) {
        guard let parts = json.array, parts.count >= 5, let value = parts[0].string,
            let text = parts[1].string,
            let raw = parts[2].string, let origin = parts[3].string.flatMap(Origin.init),
            let turn = parts[4].integer
        else { return nil }
        self.init(value: value, text: text, raw: raw, origin: origin, turn: turn)
    }
}

extension PersonFacts {
    package func write(to json: inout JSONWriter) {
        json.beginArray()
        json.strings(name ?? "", kin ?? "", part ?? "", flow ?? "")
        for value in values { value.write(to: &json) }
        json.endArray()
    }

    /// Nil for what `write` did not write.
    package init?(_ json: JSONValue) {
        guard let parts = json.array, parts.count >= 4,
            let values = TodoItem.Value.values(from: parts.dropFirst(4))
        else { return nil }
        func text(_ index: Int) -> String? { parts[index].string.flatMap { $0.isEmpty ? nil : $0 } }
        self.init(name: text(0), kin: text(1), part: text(2), flow: text(3), values: values)
    }
}

extension TodoItem.Value {
    /// As two elements.
    package func write(to json: inout JSONWriter) {
        json.string(slot)
        value.write(to: &json)
    }

    /// Values from the elements that `write` writes for each; nil when they are no such pairs.
    package static func values(from parts: ArraySlice<JSONValue>) -> [TodoItem.Value]? {
        guard parts.count.isMultiple(of: 2) else { return nil }
        var values: [TodoItem.Value] = []
        for index in stride(from: parts.startIndex, to: parts.endIndex, by: 2) {
            guard let slot = parts[index].string, let value = SlotValue(parts[index + 1]) else { return nil }
            values.append(.init(slot: slot, value: value))
        }
        return values
    }
}

extension TodoItem {
    /// Before the name of whom it is for; no slot is called so.
    private static let whoMark = "*who"

    package func write(to json: inout JSONWriter) {
        json.beginArray()
        json.string(flow)
        if let who { json.strings(Self.whoMark, who) }
        for value in values { value.write(to: &json) }
        if isAside { json.bool(true) }
        json.endArray()
    }

    package init?(_ json: JSONValue) {
        guard let parts = json.array, let flow = parts.first?.string else { return nil }
        self.init(flow: flow, isAside: parts.last?.bool ?? false)
        for index in stride(from: 1, to: parts.count - 1, by: 2) {
            if parts[index].string == Self.whoMark {
                who = parts[index + 1].string
                continue
            }
            guard let slot = parts[index].string, let value = SlotValue(parts[index + 1]) else { return nil }
            values.append(Value(slot: slot, value: value))
        }
    }
}

extension Question {
    package func write(to json: inout JSONWriter) {
        json.beginArray()
        json.integer(failures)
        switch kind {
        case .slot(let name, let candidates):
            json.strings("slot", name)
            for candidate in candidates { json.string(candidate) }
        case .flow(let flows):
            json.string("flow")
            for flow in flows { json.string(flow) }
        case .followUp(let flows):
            json.string("next")
            for flow in flows { json.string(flow) }
        case .pick(let response, let arguments, let choices):
            json.strings("pick", response)
            json.lists(arguments, choices)
        }
        json.endArray()
    }

    package init?(_ json: JSONValue) {
        guard let parts = json.array, let failures = parts.first?.integer else { return nil }
        let texts = parts.dropFirst().compactMap(\.string)
        switch texts.first {
        case "slot" where texts.count > 1:
            self.init(.slot(texts[1], candidates: Array(texts.dropFirst(2))), failures: failures)
        case "flow": self.init(.flow(Array(texts.dropFirst())), failures: failures)
        case "next": self.init(.followUp(Array(texts.dropFirst())), failures: failures)
        case "pick":
            guard texts.count > 1, let (arguments, choices) = parts.dropFirst(3).lists else { return nil }
            self.init(
                .pick(response: texts[1], arguments: arguments, choices: choices), failures: failures)
        default: return nil
        }
    }
}

extension Effect {
    package func write(to json: inout JSONWriter) {
        json.beginArray()
        switch self {
        case .say(let response, let arguments):
            json.strings("say", response)
            for argument in arguments { json.strings(argument.name, argument.text) }
        case .ask(let slot, let attempt):
            json.strings("ask", slot)
            json.integer(attempt)
        case .askWhich(let slot, let candidates):
            json.strings("which", slot)
            for candidate in candidates { json.string(candidate) }
        case .offerFlows(let flows, let response):
            json.strings("offer", response)
            for flow in flows { json.string(flow) }
        case .pick(let response, let arguments, let choices):
            json.strings("pick", response)
            json.lists(arguments, choices)
        case .explain(let slot): json.strings("why", slot)
        case .lookUp(let question): json.strings("look_up", question)
        case .suppose(let label, let values, let present, let supposed):
            json.strings("suppose", label)
            json.list(values.flatMap { [$0.slot, $0.value, $0.text] })
            json.list(present)
            json.list(supposed)
        }
        json.endArray()
    }

    package init?(_ json: JSONValue) {
        guard let parts = json.array else { return nil }
        let texts = parts.compactMap(\.string)
        guard texts.count > 1 else { return nil }
        let rest = Array(texts.dropFirst(2))
        switch texts[0] {
        case "say": self = .say(response: texts[1], arguments: rest.pairs.map { Argument($0, $1) })
        case "ask": self = .ask(slot: texts[1], attempt: parts.last?.integer ?? 0)
        case "which": self = .askWhich(slot: texts[1], candidates: rest)
        case "offer": self = .offerFlows(rest, response: texts[1])
        case "pick":
            guard let (arguments, choices) = parts.dropFirst(2).lists else { return nil }
            self = .pick(response: texts[1], arguments: arguments, choices: choices)
        case "why": self = .explain(slot: texts[1])
        case "look_up": self = .lookUp(question: texts[1])
        case "suppose":
            let lists = parts.dropFirst(2).map { ($0.array ?? []).compactMap(\.string) }
            guard lists.count == 3 else { return nil }
            let values = stride(from: 0, to: lists[0].count - 2, by: 3).map {
                Supposed(slot: lists[0][$0], value: lists[0][$0 + 1], text: lists[0][$0 + 2])
            }
            self = .suppose(texts[1], values: values, present: lists[1], supposed: lists[2])
        default: return nil
        }
    }
}

extension JSONWriter {
    /// Two, as most are, without an array for them.
    package mutating func strings(_ first: String, _ second: String) {
        string(first)
        string(second)
    }

    package mutating func strings(_ texts: String...) {
        for text in texts { string(text) }
    }

    fileprivate mutating func list(_ texts: [String]) {
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    /// Arguments and choices, each as a list of texts two by two.
    fileprivate mutating func lists(_ arguments: [Effect.Argument], _ choices: [Choice]) {
        beginArray()
        for argument in arguments { strings(argument.name, argument.text) }
        endArray()
        beginArray()
        for choice in choices { strings(choice.id, choice.label) }
        endArray()
    }
}

extension ArraySlice<JSONValue> {
    /// What `lists` wrote.
    fileprivate var lists: (arguments: [Effect.Argument], choices: [Choice])? {
        guard count == 2, let arguments = first?.array, let choices = last?.array else { return nil }
        return (
            arguments.compactMap(\.string).pairs.map { Effect.Argument($0, $1) },
            choices.compactMap(\.string).pairs.map { Choice(id: $0, label: $1) }
        )
    }
}

extension [String] {
    /// The elements two by two; an odd one at the end is left out.
    fileprivate var pairs: [(String, String)] {
        stride(from: 0, to: count - 1, by: 2).map { (self[$0], self[$0 + 1]) }
    }
}

/// The events of one turn as JSON, kept to be written again for another time of the same turn.
package struct EncodedTurnEvents: Sendable {
    /// What stands before the digits of the time.
    private let start: [UInt8]
    /// What stands behind them, which is nearly all.
    package let rest: [UInt8]

    /// Nil when they do not begin with the start of a turn.
    package init?(_ events: [Event]) {
        guard case .turnStarted(let number, _, let moment)? = events.first else { return nil }
        let bytes = Event.encode(events)
        let begin = "[[\"turn\",\(number),".utf8.count
        start = Array(bytes[..<begin])
        rest = Array(bytes[(begin + "\(moment.seconds)".utf8.count)...])
    }

    /// Ends with `rest`.
    package func bytes(at moment: Moment) -> [UInt8] {
        let digits = "\(moment.seconds)".utf8
        var whole: [UInt8] = []
        whole.reserveCapacity(start.count + digits.count + rest.count)
        whole += start
        whole += digits
        whole += rest
        return whole
    }
}
