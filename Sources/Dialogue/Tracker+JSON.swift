import Conversation
import JSONText

/// A tracker as JSON: the snapshot from which a long conversation goes on without its whole log.
extension Tracker {
    package func encoded() -> [UInt8] {
        var json = JSONWriter(capacity: 16_384)
        json.beginObject()
        json.key("turn")
        json.integer(turn)
        json.key("time")
        json.integer(lastTime.seconds)
        json.key("text")
        json.string(text)
        json.key("lost")
        json.integer(misunderstandings)
        json.key("handed_off")
        json.bool(isHandedOff)
        if let owner {
            json.key("owner")
            json.string(owner)
        }
        json.key("state")
        state.write(to: &json, after: State())
        json.key("back")
        Self.write(checkpoints, to: &json)
        if !undone.isEmpty {
            json.key("forth")
            Self.write(undone, to: &json)
        }
        json.key("offers")
        json.beginArray()
        for offer in offers {
            json.beginArray()
            json.integer(offer.turn)
            for choice in offer.choices { json.strings(choice.id, choice.label) }
            json.endArray()
        }
        json.endArray()
        json.key("spoken")
        json.beginArray()
        for effect in lastSpoken { effect.write(to: &json) }
        json.endArray()
        json.endObject()
        return Array(json.body)
    }

    /// Nil when the bytes are not what `encoded()` gave.
    package init?(decoding bytes: [UInt8]) {
        guard let json = try? JSONParser.parse(bytes), let turn = json["turn"]?.integer,
            let time = json["time"]?.integer,
            let state = json["state"].flatMap({ State($0, after: State()) })
        else { return nil }
        let content = Content(
            turn: turn, state: state,
            checkpoints: Self.checkpoints(json, "back", whole: "checkpoints"),
            undone: Self.checkpoints(json, "forth", whole: "undone"),
            offers: (json["offers"]?.array ?? []).compactMap(Offer.init),
            lastSpoken: (json["spoken"]?.array ?? []).compactMap(Effect.init),
            misunderstandings: json["lost"]?.integer ?? 0,
            owner: json["handed_off"]?.bool ?? false ? json["owner"]?.string ?? "" : nil,
            text: json["text"]?.string ?? "")
        self.init(content, at: Moment(seconds: time))
    }

    /// Each as what it has changed in the one before, for that is little: a hundred of them whole took half a millisecond.
    private static func write(_ checkpoints: [Checkpoint], to json: inout JSONWriter) {
        var earlier = State()
        json.beginArray()
        for checkpoint in checkpoints {
            checkpoint.state.write(to: &json, after: earlier)
            earlier = checkpoint.state
        }
        json.endArray()
    }

    /// Snapshots of earlier versions have each of them whole, which is what it changes in an empty one.
    private static func checkpoints(_ json: JSONValue, _ name: String, whole: String) -> [Checkpoint] {
        var earlier = State()
        if let changes = json[name]?.array {
            return changes.compactMap { change in
                State(change, after: earlier).map { state in
                    earlier = state
                    return Checkpoint(state)
                }
            }
        }
        return (json[whole]?.array ?? []).compactMap { State($0, after: State()).map(Checkpoint.init) }
    }
}

extension Tracker.State {
    /// What differs from another state. What is there no longer is null.
    func write(to json: inout JSONWriter, after earlier: Self) {
        json.beginObject()
        if slots != earlier.slots {
            json.key("slots")
            json.beginObject()
            for entry in slots.entries where earlier.slots[entry.name] != entry.value {
                json.key(entry.name)
                entry.value.write(to: &json)
            }
            for entry in earlier.slots.entries where !slots.isFilled(entry.name) {
                json.key(entry.name)
                json.null()
            }
            json.endObject()
        }
        if stack != earlier.stack {
            json.key("stack")
            json.beginArray()
            for frame in stack { frame.write(to: &json) }
            json.endArray()
        }
        if question != earlier.question {
            json.key("question")
            if let question { question.write(to: &json) } else { json.null() }
        }
        if todo != earlier.todo {
            json.key("todo")
            json.beginArray()
            for item in todo { item.write(to: &json) }
            json.endArray()
        }
        if lastFlow != earlier.lastFlow {
            json.key("last")
            if let lastFlow { json.string(lastFlow) } else { json.null() }
        }
        if person != earlier.person {
            json.key("person")
            if let person { json.string(person) } else { json.null() }
        }
        if people != earlier.people {
            json.key("people")
            json.beginArray()
            for facts in people { facts.write(to: &json) }
            json.endArray()
        }
        if topic != earlier.topic {
            json.key("topic")
            json.string(topic)
        }
        if topicTurn != earlier.topicTurn {
            json.key("topic_turn")
            json.integer(topicTurn)
        }
        if idleTurn != earlier.idleTurn {
            json.key("idle_turn")
            json.integer(idleTurn)
        }
        json.endObject()
    }

    /// Nil for what `write` did not write.
    init?(_ json: JSONValue, after earlier: Self) {
        guard json.members != nil else { return nil }
        self = earlier
        for member in json["slots"]?.members ?? [] { slots[member.name] = SlotValue(member.value) }
        if let frames = json["stack"]?.array {
            let read = frames.compactMap(Frame.init)
            guard read.count == frames.count else { return nil }
            stack = read
        }
        if let value = json["question"] { question = Question(value) }
        if let items = json["todo"]?.array { todo = items.compactMap(TodoItem.init) }
        if let value = json["last"] { lastFlow = value.string }
        if let value = json["person"] { person = value.string }
        if let facts = json["people"]?.array { people = facts.compactMap(PersonFacts.init) }
        if let value = json["topic"]?.string { topic = value }
        if let value = json["topic_turn"]?.integer { topicTurn = value }
        if let value = json["idle_turn"]?.integer { idleTurn = value }
    }
}

extension Frame {
    func write(to json: inout JSONWriter) {
        json.beginArray()
        json.strings(flow, step)
        for step in said { json.string(step) }
        if let kept { kept.write(to: &json) }
        if let topic { topic.write(to: &json) }
        if interruptions > 0 { json.integer(interruptions) }
        json.endArray()
    }

    /// Nil for what `write` did not write.
    init?(_ json: JSONValue) {
        guard let parts = json.array else { return nil }
        let texts = parts.compactMap(\.string)
        guard texts.count >= 2 else { return nil }
        self.init(flow: texts[0])
        step = texts[1]
        said = Array(texts.dropFirst(2))
        interruptions = parts.last?.integer ?? 0
        kept = parts.lazy.compactMap(Kept.init).first
        topic = parts.lazy.compactMap(Topic.init).first
    }
}

extension Frame.Kept {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if let person {
            json.key("person")
            json.string(person)
        }
        json.key("values")
        json.beginArray()
        for value in values { value.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    /// Nil for what `write` did not write.
    init?(_ json: JSONValue) {
        guard json.members != nil, let parts = json["values"]?.array,
            let values = TodoItem.Value.values(from: parts[...])
        else { return nil }
        self.init(person: json["person"]?.string, values: values)
    }
}

extension Frame.Topic {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("topic")
        json.string(text)
        json.key("turn")
        json.integer(turn)
        json.endObject()
    }

    /// Nil for what `write` did not write.
    init?(_ json: JSONValue) {
        guard let text = json["topic"]?.string, let turn = json["turn"]?.integer else { return nil }
        self.init(text: text, turn: turn)
    }
}

extension Tracker.Offer {
    init?(_ json: JSONValue) {
        guard let parts = json.array, let turn = parts.first?.integer else { return nil }
        let texts = parts.dropFirst().compactMap(\.string)
        self.init(
            turn: turn,
            choices: stride(from: 0, to: texts.count - 1, by: 2).map {
                Choice(id: texts[$0], label: texts[$0 + 1])
            })
    }
}
