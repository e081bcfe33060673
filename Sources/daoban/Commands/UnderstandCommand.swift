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

    @Flag(
        help: """
            Add what carried each decision: words, margins, typing errors put right, known share, nearest examples.
            """)
    var explain = Environment.flag("EXPLAIN")
    @OptionGroup var options: ProjectOptions

    func run() throws {
        if explain { return try explainLines() }
        let understanding = try options.assistant().understanding
        var workspace = Workspace()
        while let line = readLine() {
            let result = understanding.understand(line, expecting: nil, &workspace)
            var json = JSONWriter(capacity: 512)
            UnderstandingLine.write(result, to: &json)
            print(json.text)
        }
    }

    private func explainLines() throws {
        let (assistant, training, _) = try options.loaded()
        let nearest = NearestExamples(training, model: assistant.understanding)
        while let line = readLine() {
            let explanation = assistant.understanding.explain(line)
            var json = JSONWriter(capacity: 2048)
            json.beginObject()
            UnderstandingLine.writeFields(explanation.result, to: &json)
            json.key("why")
            UnderstandingLine.write(explanation, nearest.nearest(to: line, count: 3), to: &json)
            json.endObject()
            print(json.text)
        }
    }
}

/// The JSON form of what was understood.
enum UnderstandingLine {
    static func write(_ result: NLUResult, to json: inout JSONWriter) {
        json.beginObject()
        writeFields(result, to: &json)
        json.endObject()
    }

    static func writeFields(_ result: NLUResult, to json: inout JSONWriter) {
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
    }

    static func write(
        _ explanation: Explanation, _ nearest: [NearestExamples.Neighbour], to json: inout JSONWriter
    ) {
        json.beginObject()
        json.key("is_example")
        json.bool(explanation.isExample)
        for (name, number) in [
            ("margin", explanation.margin), ("runner_up_margin", explanation.runnerUp),
            ("known_characters", explanation.knownCharacters), ("known_sounds", explanation.knownSounds),
            ("evidence", explanation.result.evidence), ("threshold", explanation.threshold),
        ] {
            json.key(name)
            if number.isFinite { json.double(number) } else { json.null() }
        }
        json.key("read_as")
        if let readAs = explanation.readAs { json.string(readAs) } else { json.null() }
        json.key("steps")
        json.integer(explanation.steps)
        json.key("words")
        json.beginArray()
        for part in explanation.parts {
            json.beginObject()
            json.key("text")
            json.string(part.text)
            json.key("start")
            json.integer(part.range.lowerBound)
            json.key("end")
            json.integer(part.range.upperBound)
            json.key("weight")
            json.double(part.weight)
            json.endObject()
        }
        json.endArray()
        json.key("nearest")
        json.beginArray()
        for neighbour in nearest {
            json.beginObject()
            json.key("text")
            json.string(neighbour.example.text)
            json.key("intent")
            json.string(neighbour.example.intent)
            json.key("similarity")
            json.double(neighbour.similarity)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
