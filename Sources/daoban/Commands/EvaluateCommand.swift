import ArgumentParser
import Assistant
import Authoring
import Conversation
import Foundation
import JSONText
import Knowledge
import Understanding

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Train intents and slots on any data set and test them; prints one JSON object.",
        discussion: """
            Files are TSV, whose header names the columns text and intent, or JSONL (objects with text, intent and slots). Without
            --train the assistant of the folders is tested as it is; `train_seconds` is null when its model was taken from the cache. A column
            `entities` of a TSV says what each text names (`place=济南市 relation=父母`), for how much of it is found.
            """)

    @Option(help: "Training examples.") var train = Environment.value("TRAIN") ?? ""
    @Option(help: "Test examples.") var test = Environment.value("TEST") ?? ""
    @Option(help: "Examples to choose settings by; the settings are fixed, so that they are only read.")
    var dev = Environment.value("DEV") ?? ""
    @Option(name: .customLong("oos"), help: "The intent that means out of scope.")
    var outOfScope = Environment.value("OOS") ?? ""
    @Option(
        help: """
            Spoil the test texts first: KIND=SHARE, of \(TextNoise.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)
    var noise: [String] = Environment.list("NOISE")
    @Option(help: "What the noise is drawn from.")
    var seed = UInt64(max(0, Environment.integer("SEED") ?? 1))
    @Flag(
        help:
            "Write each text that is taken for something else to standard error, with what it is and was taken for."
    )
    var mistakes = Environment.flag("MISTAKES")
    @OptionGroup var options: ProjectOptions

    private var oos: String? { outOfScope.isEmpty ? nil : outOfScope }

    func validate() throws {
        if test.isEmpty { throw ValidationError("name the test examples with --test") }
    }

    func run() throws {
        let noises = try noise.map(noise(_:))
        let tests = try examples(test)
        let hasMentions = train.isEmpty && tests.hasMentions
        if !dev.isEmpty { _ = try examples(dev) }
        let clock = ContinuousClock()
        var model: UnderstandingModel?
        var rows = 0
        var trainTime: Duration?
        var assistant: Assistant?
        if !train.isEmpty {
            let examples = try examples(train).rows.map {
                TrainingSet.Example(text: $0.text, intent: $0.intent, slots: $0.slots)
            }
            let training = TrainingSet(examples: examples, maskedTypes: [])
            rows = training.examples.count
            trainTime = clock.measure { model = Project.train(training, Lexicon([])) }
        } else {
            let loaded = try options.loaded()
            assistant = loaded.assistant
            model = loaded.assistant.understanding
            rows = loaded.training.examples.count
            trainTime = loaded.trainTime
        }
        guard let model else { return }
        var run = EvaluationRun()
        var workspace = Workspace()
        let types = Set(model.slots?.types ?? [])
        for example in tests.rows {
            let text = noises.reduce(example.text) { $1.spoiled($0) }
            var result: NLUResult?
            let time = clock.measure { result = model.understand(text, expecting: nil, &workspace) }
            guard let result else { continue }
            run.times.append(
                Double(time.components.attoseconds) / 1e12 + Double(time.components.seconds) * 1e6)
            run.rejected += result.isRejected ? 1 : 0
            let guess = result.isRejected && oos != nil ? oos : result.ranking.first?.intent
            if mistakes, guess != example.intent {
                let row = "\(text)\t\(example.intent)\t\(guess ?? "")\n"
                FileHandle.standardError.write(Data(row.utf8))
            }
            let score = Evaluation.inScope(
                evidence: result.evidence, best: result.ranking.first?.intent, label: oos)
            run.outcomes.append(.init(truth: example.intent, guess: guess, score: score))
            if let assistant, hasMentions {
                run.entities.add(
                    expected: example.mentions.map { .init(type: $0.type, values: [$0.value]) },
                    found: result.entities.map { named($0, assistant) })
            }
            run.found.append(
                result.entities.filter { types.contains($0.type) }
                    .map { Evaluation.Span(type: $0.type, range: $0.range) })
        }
        run.times.sort()
        // Spoiled texts have their slots elsewhere.
        let hasSlots = !types.isEmpty && noises.isEmpty && tests.rows.contains { !$0.slots.isEmpty }
        let slots = hasSlots ? Evaluation.spanF1(expected: tests.rows.map(\.slots), found: run.found) : nil
        print(report(run, slots, trainTime, model, rows))
    }

    private func noise(_ text: String) throws -> TextNoise {
        let parts = text.split(separator: "=")
        guard parts.count == 2, let kind = TextNoise.Kind(rawValue: String(parts[0])),
            let share = Double(parts[1]), (0...1).contains(share)
        else {
            let kinds = TextNoise.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(
                "--noise \(text): expected KIND=SHARE with a share up to 1, KIND one of \(kinds)", code: 2)
        }
        return TextNoise(kind, share: share, seed: seed)
    }

    private func examples(_ path: String) throws -> ExampleFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw failure("`\(path)` cannot be read; name another file")
        }
        do { return try ExampleFile([UInt8](data), path: path) } catch {
            throw failure(error.description, code: 1)
        }
    }

    /// An entity by its value, places by their names.
    private func named(_ entity: Entity, _ assistant: Assistant) -> EntityEvaluation.Mention {
        let values = entity.alternatives.isEmpty ? [entity.value] : entity.alternatives
        return EntityEvaluation.Mention(
            type: entity.type,
            values: entity.type == LexiconEntry.place ? values.map(assistant.knowledge.name(of:)) : values)
    }

    private func report(
        _ run: EvaluationRun, _ slots: (f1: Double, allRight: Double)?, _ trainTime: Duration?,
        _ model: UnderstandingModel, _ rows: Int
    ) -> String {
        let evaluation = Evaluation(run.outcomes, outOfScope: oos)
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
        if let oos, let result = Evaluation.outOfScope(run.outcomes, label: oos) {
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
        if !run.entities.types.isEmpty {
            json.key("entities")
            json.beginObject()
            for type in run.entities.types {
                json.key(type)
                json.beginObject()
                json.key("recall")
                json.double(run.entities.shares[type]?.recall ?? 0)
                json.key("precision")
                json.double(run.entities.shares[type]?.precision ?? 0)
                json.endObject()
            }
            json.endObject()
        }
        json.key("train_seconds")
        if let time = trainTime?.components {
            json.double(Double(time.seconds) + Double(time.attoseconds) / 1e18)
        } else {
            json.null()
        }
        json.key("micros_p50")
        json.double(run.micros(at: 50))
        json.key("micros_p99")
        json.double(run.micros(at: 99))
        json.key("model_bytes")
        json.integer(model.encoded().count)
        json.key("rejected")
        json.double(run.outcomes.isEmpty ? 0 : Double(run.rejected) / Double(run.outcomes.count))
        json.key("rows")
        json.beginObject()
        json.key("train")
        json.integer(rows)
        json.key("test")
        json.integer(run.outcomes.count)
        json.endObject()
        json.endObject()
        return json.text
    }
}

/// What came of the test examples.
private struct EvaluationRun {
    var outcomes: [Evaluation.Outcome] = []
    var found: [[Evaluation.Span]] = []
    var rejected = 0
    var entities = EntityEvaluation()
    /// Microseconds of each, ascending in the end.
    var times: [Double] = []

    func micros(at percent: Int) -> Double {
        times.isEmpty ? 0 : times[min(times.count - 1, times.count * percent / 100)]
    }
}
