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
        state.write(to: &json)
        json.key("checkpoints")
        json.beginArray()
        for checkpoint in checkpoints { checkpoint.state.write(to: &json) }
        json.endArray()
        if !undone.isEmpty {
            json.key("undone")
            json.beginArray()
            for checkpoint in undone { checkpoint.state.write(to: &json) }
            json.endArray()
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
            let state = json["state"].flatMap(State.init)
        else { return nil }
        self.init()
        self.turn = turn
        self.state = state
        lastTime = Moment(seconds: time)
        text = json["text"]?.string ?? ""
        misunderstandings = json["lost"]?.integer ?? 0
        if json["handed_off"]?.bool ?? false { owner = json["owner"]?.string ?? "" }
        checkpoints = (json["checkpoints"]?.array ?? []).compactMap { State($0).map(Checkpoint.init) }
        undone = (json["undone"]?.array ?? []).compactMap(State.init).map(Checkpoint.init)
        offers = (json["offers"]?.array ?? []).compactMap(Offer.init)
        lastSpoken = (json["spoken"]?.array ?? []).compactMap(Effect.init)
    }
}

extension Tracker.State {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("slots")
        json.beginObject()
        for entry in slots.entries {
            json.key(entry.name)
            entry.value.write(to: &json)
        }
        json.endObject()
        json.key("stack")
        json.beginArray()
        for frame in stack {
            json.beginArray()
            json.strings(frame.flow, frame.step)
            for step in frame.said { json.string(step) }
            if let kept = frame.kept { kept.write(to: &json) }
            if let topic = frame.topic { topic.write(to: &json) }
            if frame.interruptions > 0 { json.integer(frame.interruptions) }
            json.endArray()
        }
        json.endArray()
        if let question {
            json.key("question")
            question.write(to: &json)
        }
        if !todo.isEmpty {
            json.key("todo")
            json.beginArray()
            for item in todo { item.write(to: &json) }
            json.endArray()
        }
        if let lastFlow {
            json.key("last")
            json.string(lastFlow)
        }
        if let person {
            json.key("person")
            json.string(person)
        }
        if topicTurn > 0 {
            json.key("topic")
            json.string(topic)
            json.key("topic_turn")
            json.integer(topicTurn)
        }
        if idleTurn > 0 {
            json.key("idle_turn")
            json.integer(idleTurn)
        }
        json.endObject()
    }

    init?(_ json: JSONValue) {
        guard let members = json["slots"]?.members, let frames = json["stack"]?.array else { return nil }
        self.init()
        for member in members { slots[member.name] = SlotValue(member.value) }
        for frame in frames {
            let texts = (frame.array ?? []).compactMap(\.string)
            guard texts.count >= 2 else { return nil }
            var restored = Frame(flow: texts[0])
            restored.step = texts[1]
            restored.said = Array(texts.dropFirst(2))
            restored.interruptions = frame.array?.last?.integer ?? 0
            restored.kept = frame.array?.lazy.compactMap(Frame.Kept.init).first
            restored.topic = frame.array?.lazy.compactMap(Frame.Topic.init).first
            stack.append(restored)
        }
        question = json["question"].flatMap(Question.init)
        todo = (json["todo"]?.array ?? []).compactMap(TodoItem.init)
        lastFlow = json["last"]?.string
        person = json["person"]?.string
        topic = json["topic"]?.string ?? ""
        topicTurn = json["topic_turn"]?.integer ?? 0
        idleTurn = json["idle_turn"]?.integer ?? 0
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
