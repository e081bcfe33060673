import ArgumentParser
import Authoring
import Conversation
import Foundation
import JSONText
import Understanding

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Train intents and slots on any data set and test them; prints one JSON object.",
        discussion:
            "Files are TSV (text, intent, with a header) or JSONL (objects with text, intent and slots).")

    @Option(help: "Training examples.") var train: String
    @Option(help: "Test examples.") var test: String
    @Option(help: "Examples to choose settings by; the settings are fixed, so that they are only read.")
    var dev: String?
    @Option(help: "The intent that means out of scope.") var oos: String?

    func run() throws {
        let training = TrainingSet(examples: try examples(train), maskedTypes: [])
        let tests = try examples(test)
        if let dev { _ = try examples(dev) }
        let clock = ContinuousClock()
        let lexicon = Lexicon([])
        var model: UnderstandingModel?
        let trainTime = clock.measure { model = Project.train(training, lexicon) }
        guard let model else { return }
        let types = Set(model.slots?.types ?? [])
        var outcomes: [Evaluation.Outcome] = []
        var found: [[Evaluation.Span]] = []
        var times: [Double] = []
        var workspace = Workspace()
        for example in tests {
            var outcome: Evaluation.Outcome?
            let time = clock.measure {
                let result = model.understand(example.text, expecting: nil, &workspace)
                outcome = Evaluation.Outcome(
                    truth: example.intent, guess: result.ranking.first?.intent, score: result.score)
                if result.isRejected, oos != nil { outcome?.guess = oos }
                found.append(
                    result.entities.filter { types.contains($0.type) }
                        .map { Evaluation.Span(type: $0.type, range: $0.range) })
            }
            if let outcome { outcomes.append(outcome) }
            times.append(Double(time.components.attoseconds) / 1e12 + Double(time.components.seconds) * 1e6)
        }
        times.sort()
        let hasSlots = !types.isEmpty && tests.contains { !$0.slots.isEmpty }
        let slots = hasSlots ? Evaluation.spanF1(expected: tests.map(\.slots), found: found) : nil
        print(
            report(
                Evaluation(outcomes, outOfScope: oos), slots, outcomes, trainTime, times, model,
                training.examples.count))
    }

    private func examples(_ path: String) throws -> [TrainingSet.Example] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw failure("`\(path)` cannot be read")
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        if path.hasSuffix(".jsonl") {
            return try lines.enumerated().map { index, line in
                guard let json = try? JSONParser.parse(Array(line.utf8)), let text = json["text"]?.string,
                    let intent = json["intent"]?.string
                else {
                    throw failure(
                        "\(path):\(index + 1): expected an object with `text` and `intent`", code: 1)
                }
                return TrainingSet.Example(
                    text: text, intent: intent, slots: try slots(json, "\(path):\(index + 1)"))
            }
        }
        return try lines.dropFirst().enumerated().map { index, line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cells.count >= 2 else {
                throw failure("\(path):\(index + 2): expected text, a tab and an intent", code: 1)
            }
            return TrainingSet.Example(text: String(cells[0]), intent: String(cells[1]))
        }
    }

    private func slots(_ json: JSONValue, _ place: String) throws -> [Evaluation.Span] {
        try (json["slots"]?.array ?? []).map { slot in
            guard let type = slot["slot"]?.string, let start = slot["start"]?.integer,
                let end = slot["end"]?.integer, start >= 0, start < end
            else {
                throw failure(
                    "\(place): expected each slot with `slot`, `start` and a greater `end`", code: 1)
            }
            return Evaluation.Span(type: type, range: start..<end)
        }
    }

    private func report(
        _ evaluation: Evaluation, _ slots: (f1: Double, allRight: Double)?, _ outcomes: [Evaluation.Outcome],
        _ trainTime: Duration,
        _ times: [Double], _ model: UnderstandingModel, _ rows: Int
    ) -> String {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.key("accuracy")
        json.double(evaluation.accuracy)
        json.key("macro_f1")
        json.double(evaluation.macroF1)
        json.key("slot_f1")
        if let slots { json.double(slots.f1) } else { json.null() }
        json.key("slots_all_right")
        if let slots { json.double(slots.allRight) } else { json.null() }
        json.key("oos")
        if let oos, let result = Evaluation.outOfScope(outcomes, label: oos) {
            json.beginObject()
            json.key("in_scope_accuracy")
            json.double(result.inScopeAccuracy)
            json.key("recall")
            json.double(result.recall)
            json.key("precision")
            json.double(result.precision)
            json.key("f1")
            json.double(result.f1)
            json.key("auroc")
            json.double(result.auroc)
            json.endObject()
        } else {
            json.null()
        }
        json.key("train_seconds")
        json.double(Double(trainTime.components.seconds) + Double(trainTime.components.attoseconds) / 1e18)
        json.key("micros_p50")
        json.double(times.isEmpty ? 0 : times[times.count / 2])
        json.key("micros_p99")
        json.double(times.isEmpty ? 0 : times[min(times.count - 1, times.count * 99 / 100)])
        json.key("model_bytes")
        json.integer(model.encoded().count)
        json.key("rows")
        json.beginObject()
        json.key("train")
        json.integer(rows)
        json.key("test")
        json.integer(outcomes.count)
        json.endObject()
        json.endObject()
        return json.text
    }
}
