package import Conversation
package import JSONText

/// Entities as JSON.
package enum EntityCoding {
    package static func write(_ entity: Entity, to json: inout JSONWriter) {
        json.beginObject()
        json.key("type")
        json.string(entity.type)
        json.key("text")
        json.string(entity.text)
        json.key("value")
        json.string(entity.value)
        json.key("start")
        json.integer(entity.range.lowerBound)
        json.key("end")
        json.integer(entity.range.upperBound)
        if let role = entity.role {
            json.key("role")
            json.string(role)
        }
        if !entity.alternatives.isEmpty {
            json.key("alternatives")
            json.beginArray()
            for alternative in entity.alternatives { json.string(alternative) }
            json.endArray()
        }
        json.key("certainty")
        json.string(entity.certainty.rawValue)
        if entity.isNegated {
            json.key("negated")
            json.bool(true)
        }
        json.endObject()
    }
}
