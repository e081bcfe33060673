package import Assistant
import Channels
import Conversation
import Dialogue
import JSONText

/// How a turn came about, as a client may ask to see it.
package enum TraceFrame {
    /// `micros`: how long the turn was worked, which is the one thing here that is not always the same.
    package static func bytes(_ turn: Assistant.Turn, micros: Int) -> [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.key("intent")
        if let intent = turn.trace.result?.intent { json.string(intent) } else { json.null() }
        json.key("score")
        json.double(turn.trace.result?.score ?? 0)
        json.key("ranking")
        json.beginArray()
        for candidate in turn.trace.result?.ranking ?? [] {
            json.beginObject()
            json.key("intent")
            json.string(candidate.intent)
            json.key("score")
            json.double(candidate.score)
            json.endObject()
        }
        json.endArray()
        json.key("entities")
        json.beginArray()
        for entity in turn.trace.result?.entities ?? [] { EntityCoding.write(entity, to: &json) }
        json.endArray()
        json.key("slots")
        json.beginObject()
        for entry in turn.tracker.slots.entries {
            json.key(entry.name)
            json.beginObject()
            json.key("value")
            json.string(entry.value.value)
            json.key("text")
            json.string(entry.value.text)
            json.endObject()
        }
        json.endObject()
        list("stack", turn.tracker.stackNames, &json)
        list("commands", turn.trace.commands, &json)
        list("facts", turn.trace.facts, &json)
        list("said", turn.trace.said, &json)
        list(
            "started", turn.events.compactMap { if case .flowStarted(let flow) = $0 { flow } else { nil } },
            &json)
        list("completed", ended(turn, .completed), &json)
        list("cancelled", ended(turn, .cancelled), &json)
        json.key("micros")
        json.integer(micros)
        json.endObject()
        return Array(json.body)
    }

    private static func ended(_ turn: Assistant.Turn, _ outcome: FlowOutcome) -> [String] {
        turn.events.compactMap { event in
            if case .flowEnded(let flow, let how) = event, how == outcome { flow } else { nil }
        }
    }

    private static func list(_ name: StaticString, _ texts: [String], _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }
}
