import ArgumentParser
import Assistant
import Channels
import Conversation
import JSONText
import Understanding

struct UnderstandCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "understand",
        abstract: "Understand utterances from standard input, one a line; one JSON object a line comes out.")

    @OptionGroup var options: ProjectOptions

    func run() throws {
        let understanding = try options.assistant().understanding
        var workspace = Workspace()
        while let line = readLine() {
            let result = understanding.understand(line, expecting: nil, &workspace)
            var json = JSONWriter(capacity: 512)
            UnderstandingLine.write(result, to: &json)
            print(json.text)
        }
    }
}

/// The JSON form of what was understood.
enum UnderstandingLine {
    static func write(_ result: NLUResult, to json: inout JSONWriter) {
        json.beginObject()
        json.key("text")
        json.string(result.text)
        json.key("intent")
        if let intent = result.intent { json.string(intent) } else { json.null() }
        json.key("score")
        json.double(result.score)
        json.key("ranking")
        json.beginArray()
        for candidate in result.ranking {
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
        for entity in result.entities { EntityCoding.write(entity, to: &json) }
        json.endArray()
        json.key("rejected")
        json.bool(result.isRejected)
        json.endObject()
    }
}
