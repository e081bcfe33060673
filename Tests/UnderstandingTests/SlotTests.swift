import Conversation
import Language
import Understanding
import Testing

/// A made-up trade in tickets and weather, in two scripts.
enum SlotSample {
    private static let towns = ["青州", "白石镇", "柳河", "长亭", "云溪", "梅岭", "石桥", "松江口", "沙坪", "杏花村", "大槐树", "龙潭"]
    private static let days = ["今天", "明天", "后天", "周三", "下周一"]
    private static let bands = ["red lanterns", "the owls", "mr k", "blue door", "quiet rivers"]

    /// The text with slots marked as `[words](type)`.
    static func example(_ marked: String, _ intent: String) -> TrainingSet.Example {
        var text = String.UnicodeScalarView()
        var slots: [Evaluation.Span] = []
        var start = 0
        var rest = marked.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "[" {
                start = text.count
            } else if scalar == "]" {
                rest.removeFirst()
                let type = String(String.UnicodeScalarView(rest.prefix { $0 != ")" }))
                rest = rest.drop { $0 != ")" }.dropFirst()
                slots.append(.init(type: type, range: start..<text.count))
            } else {
                text.append(scalar)
            }
        }
        return .init(text: String(text), intent: intent, slots: slots)
    }

    static let examples: [TrainingSet.Example] = {
        var examples: [TrainingSet.Example] = []
        for (index, town) in towns.enumerated() {
            let other = towns[(index + 3) % towns.count]
            let day = days[index % days.count]
            examples.append(example("买一张[\(day)](date)从[\(town)](from)到[\(other)](to)的票", "ticket"))
            examples.append(example("[\(town)](from)去[\(other)](to)，[\(day)](date)走", "ticket"))
            examples.append(example("[\(day)](date)[\(town)](town)天气怎么样", "weather"))
            examples.append(example("[\(town)](town)会下雨吗", "weather"))
        }
        for (index, band) in bands.enumerated() {
            examples.append(example("play something by [\(band)](artist) please", "music"))
            examples.append(example("i want to hear [\(band)](artist)", "music"))
            examples.append(example("play [\(index + 3)](songs) songs of [\(band)](artist)", "music"))
        }
        return examples
    }()

    static let training = TrainingSet(examples: examples, maskedTypes: [])
    static let model = UnderstandingModel(training: training, lexicon: Lexicon([]))

    static func found(_ text: String) -> [String] {
        let types = model.slots?.types ?? []
        return model.understand(text).entities.filter { types.contains($0.type) }.map {
            "\($0.type)=\($0.text)"
        }
    }

    static func trainer(_ settings: SlotSettings = SlotSettings(rarest: 1)) -> SlotTrainer {
        let intents = ["ticket", "weather", "music"]
        return UnderstandingModel.slotTrainer(
            for: training, lexicon: Lexicon([]), intents: intents,
            likely: examples.map { [intents.firstIndex(of: $0.intent) ?? 0, 1] }, settings: settings)
    }
}

/// Work in pieces, the last one first.
private struct BackwardRunner: WorkRunner {
    func map<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
        Array((0..<count).reversed().map(work).reversed())
    }
}

@Suite struct SlotTests {
    @Test func `slots are found in texts and with values that training has not seen`() {
        #expect(SlotSample.found("买一张后天从梅岭到青州的票") == ["date=后天", "from=梅岭", "to=青州"])
        #expect(SlotSample.found("买一张周三从桃花村到云溪的票") == ["date=周三", "from=桃花村", "to=云溪"])
        #expect(SlotSample.found("play something by green hats please") == ["artist=green hats"])
    }

    @Test func `places are those of the text as it was written`() {
        let entities = SlotSample.model.understand("Play something by  The　Owls please").entities
        #expect(entities.filter { $0.type == "artist" }.map(\.text) == ["The　Owls"])
        #expect(entities.filter { $0.type == "artist" }.map(\.range) == [19..<27])
    }

    @Test func `an assistant without slots in its examples learns none`() {
        #expect(Sample.model.slots == nil)
    }

    @Test func `the gradient is the slope of the loss`() {
        let trainer = SlotSample.trainer()
        var weights = [Float](repeating: 0, count: trainer.parameterCount)
        for index in weights.indices { weights[index] = Float((index * 7919) % 41 - 20) / 40 }
        let gradient = trainer.loss(weights, SerialRunner()).gradient
        var checked = 0
        // Every so many weights, and all of the chain's, which come last.
        for index in weights.indices where index % 97 == 0 || index >= weights.count - 80 {
            let step: Float = 0.02
            var (above, below) = (weights, weights)
            above[index] += step
            below[index] -= step
            let slope =
                (trainer.loss(above, SerialRunner()).value - trainer.loss(below, SerialRunner()).value)
                / Double(above[index] - below[index])
            #expect(abs(slope - Double(gradient[index])) < 0.01 * max(1, abs(slope)), "weight \(index)")
            checked += 1
        }
        #expect(checked > 100)
    }

    @Test func `training falls to where the gradient is nearly nothing`() {
        let trainer = SlotSample.trainer()
        let start = [Float](repeating: 0, count: trainer.parameterCount)
        let first = trainer.loss(start, SerialRunner())
        let end = QuasiNewton(steps: 200, tolerance: 1e-7)
            .minimize(from: start) { trainer.loss($0, SerialRunner()) }
        let last = trainer.loss(end.point, SerialRunner())
        #expect(last.value < first.value / 5)
        #expect(
            QuasiNewton.dot(last.gradient, last.gradient) < 1e-4
                * QuasiNewton.dot(first.gradient, first.gradient))
    }

    @Test func `the order in which threads end makes no difference`() {
        let backward = UnderstandingModel(
            training: SlotSample.training, lexicon: Lexicon([]), runner: BackwardRunner())
        #expect(backward.encoded() == SlotSample.model.encoded())
    }

    @Test func `a stored model finds the same slots`() throws {
        let bytes = SlotSample.model.encoded()
        let stored = try UnderstandingModel(
            decoding: bytes, lexicon: Lexicon([]), fingerprint: SlotSample.model.fingerprint)
        #expect(stored.slots == SlotSample.model.slots)
        #expect(stored.encoded() == bytes)
        #expect(
            stored.understand("明天长亭天气怎么样").entities == SlotSample.model.understand("明天长亭天气怎么样").entities)
    }

    @Test func `slots that cut a word or lie over one another are left out`() {
        let trainer = UnderstandingModel.slotTrainer(
            for: TrainingSet(examples: [
                .init(text: "playlist one", intent: "a", slots: [.init(type: "x", range: 0..<4)]),
                .init(
                    text: "今天下午", intent: "a",
                    slots: [.init(type: "x", range: 0..<4), .init(type: "y", range: 2..<4)]),
            ]), lexicon: Lexicon([]), intents: ["a"], likely: [[0], [0]], settings: SlotSettings())
        #expect(trainer.lost == 2)
    }

    @Test func `a known value does not speak for itself`() {
        func tokens(_ text: String) -> [SlotToken] {
            var tokens: [SlotToken] = []
            SlotToken.split(Normalizer.normalize(text), into: &tokens)
            return tokens
        }
        let once = (hash: SlotNames.hash(tokens("白石镇")[...]), type: UInt16(3))
        let twice = (hash: SlotNames.hash(tokens("柳河")[...]), type: UInt16(3))
        let names = SlotNames(values: [once, twice, twice])
        var found: [SlotNames.Match] = []
        names.find(in: tokens("去白石镇和柳河"), without: [], into: &found)
        #expect(found == [.init(type: 3, range: 1..<4), .init(type: 3, range: 5..<7)])
        names.find(in: tokens("去白石镇和柳河"), without: [once, twice], into: &found)
        #expect(found == [.init(type: 3, range: 5..<7)])
    }

    @Test func `words keep their inner marks, and figures of a length look alike`() {
        var tokens: [SlotToken] = []
        SlotToken.split(Normalizer.normalize("R&B 4.5分, 3.7分"), into: &tokens)
        #expect(tokens.map(\.range.count) == [3, 3, 1, 1, 3, 1])
        #expect(tokens.map(\.kind) == [.letters, .mixed, .han, .mark, .mixed, .han])
        #expect(tokens[1].unit == tokens[4].unit && tokens[1].exact != tokens[4].exact)
    }

    @Test func `work grows in step with the text, counted and not timed`() {
        // No two parts alike, or features would be looked up once for all of them.
        let parts = (0..<48).map {
            "从第\($0)站\(["青州", "柳河", "云溪", "梅岭"][$0 % 4])去\(["长亭", "石桥", "沙坪"][$0 % 3])"
        }
        func steps(_ count: Int) -> Double {
            Double(SlotSample.model.explain(parts.prefix(count).joined(separator: "，")).steps)
        }
        let (one, two, four) = (steps(12), steps(24), steps(48))
        #expect(one > 1000)
        #expect(two < 2.2 * one && four < 2.2 * two)
    }
}

@Suite struct SlotLatticeTests {
    /// Every labelling with its score, by trying all.
    private func all(_ lattice: SlotLattice) -> [(labels: [Int], score: Double)] {
        var rows: [(labels: [Int], score: Double)] = [([], 0)]
        for token in 0..<lattice.length {
            rows = rows.flatMap { row in
                (0..<lattice.labels).compactMap { label -> (labels: [Int], score: Double)? in
                    guard let step = step(row.labels.last, label, lattice) else { return nil }
                    return (
                        row.labels + [label],
                        row.score + step + Double(lattice.scores[token * lattice.labels + label])
                    )
                }
            }
        }
        return rows
    }

    private func step(_ last: Int?, _ label: Int, _ lattice: SlotLattice) -> Double? {
        let isInside = label > 0 && label % 2 == 0
        guard let last else { return isInside ? nil : Double(lattice.begins[(label + 1) / 2]) }
        if isInside {
            guard last == label || last == label - 1 else { return nil }
            return Double(lattice.continues[label - 2 + (last == label ? 1 : 0)])
        }
        return Double(lattice.follows[(last + 1) / 2 * (lattice.types + 1) + (label + 1) / 2])
    }

    private func made(length: Int, types: Int) -> SlotLattice {
        var lattice = SlotLattice()
        lattice.prepare(length: length, types: types)
        var seed: UInt32 = 7
        func next() -> Float {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            return Float(seed >> 16) / 16_384 - 2
        }
        for index in lattice.scores.indices { lattice.scores[index] = next() }
        for index in lattice.follows.indices { lattice.follows[index] = next() }
        for index in lattice.begins.indices { lattice.begins[index] = next() }
        for index in lattice.continues.indices { lattice.continues[index] = next() }
        return lattice
    }

    @Test(arguments: [(1, 1), (2, 2), (4, 2), (5, 1), (3, 3)])
    func `sums and the best labelling agree with trying all`(length: Int, types: Int) {
        var lattice = made(length: length, types: types)
        let rows = all(lattice)
        var path: [Int] = []
        var choices: [Int32] = []
        lattice.best(into: &path, choices: &choices)
        #expect(path == rows.max { $0.score < $1.score }?.labels)

        let weights = rows.map { ExactMath.exp($0.score) }
        let total = weights.reduce(0, +)
        var expectations = SlotLattice.Expectations()
        let logarithm = lattice.expect(&expectations)
        #expect(abs(logarithm - ExactMath.log(total)) < 1e-4)
        for token in 0..<length {
            for label in 0..<lattice.labels {
                let share =
                    zip(rows, weights).reduce(0.0) { $0 + ($1.0.labels[token] == label ? $1.1 : 0) } / total
                #expect(abs(Double(expectations.labels[token * lattice.labels + label]) - share) < 1e-4)
            }
        }
        let moves = expectations.follows.reduce(0, +) + expectations.continues.reduce(0, +)
        #expect(abs(Double(moves) - Double(length - 1)) < 1e-3)
    }

    @Test func `the exponential in single precision is good to a millionth`() {
        for step in -600...600 {
            let x = Float(step) / 10
            let exact = ExactMath.exp(Double(x))
            #expect(abs(Double(ExactMath.exp(x)) / exact - 1) < 1e-6)
        }
        #expect(ExactMath.exp(Float(-200)) == 0)
        #expect(ExactMath.exp(Float(0)) == 1)
    }
}
