import Language

/// Trains a slot model: the weights under which the examples' own labellings are likeliest, held back by a pull towards
/// nothing. The examples are cut into a fixed number of pieces whose sums are added in order, so that the outcome does not
/// depend on the number of threads.
package struct SlotTrainer: Sendable {
    /// One example, normalised.
    struct Example: Sendable {
        var text: NormalizedText
        var named: [SlotFeatures.Named]
        /// Slots in normalised scalars; those that cut a token or lie over another are left out.
        var slots: [SlotModel.Found]
        var intent: Int
        /// The intents that a model which had not seen the example takes for likely.
        var likely: [Int]
    }

    /// The examples as numbers.
    private struct Row: Sendable {
        /// Features of each token lie one after the other from here.
        var firstToken: Int
        var gold: [UInt16]
        var allowed: [UInt16]
    }

    let types: [String]
    private let typesOfIntent: [[UInt16]]
    private let names: SlotNames
    private let settings: SlotSettings
    private var rows: [Row] = []
    /// The examples' features, token by token.
    private var tokenStarts: [Int32] = [0]
    private var features: [Int32] = []
    private var keys: [UInt32] = []
    private var numbers: [Int32] = []
    /// For each feature the labels that it occurs with; a weight for each.
    private var starts: [Int32] = []
    private var labels: [UInt16] = []
    /// How often each weight is in force in the examples' own labellings.
    private var observed: [Float] = []
    /// Slots of the examples that tokens cannot express.
    package private(set) var lost = 0

    static let pieces = 4

    package var parameterCount: Int { observed.count }

    init(_ examples: [Example], types: [String], intents: Int, settings: SlotSettings) {
        self.types = types
        self.settings = settings
        var sets = [Set<UInt16>](repeating: [], count: intents)
        var values: [(hash: UInt32, type: UInt16)] = []
        var own: [[(hash: UInt32, type: UInt16)]] = []
        var tokens: [[SlotToken]] = []
        var golds: [[UInt16]] = []
        for example in examples {
            var split: [SlotToken] = []
            SlotToken.split(example.text, into: &split)
            var gold = [UInt16](repeating: 0, count: split.count)
            var mine: [(hash: UInt32, type: UInt16)] = []
            for slot in example.slots {
                guard let range = SlotTrainer.tokens(split, of: slot.range),
                    range.allSatisfy({ gold[$0] == 0 })
                else {
                    lost += 1
                    continue
                }
                for index in range {
                    gold[index] = UInt16(2 * slot.type + (index == range.lowerBound ? 1 : 2))
                }
                sets[example.intent].insert(UInt16(slot.type))
                let value = (SlotNames.hash(split[range]), UInt16(slot.type))
                if range.count <= SlotNames.longest, !mine.contains(where: { $0 == value }) {
                    mine.append(value)
                }
            }
            values += mine
            own.append(mine)
            tokens.append(split)
            golds.append(gold)
        }
        typesOfIntent = sets.map { $0.sorted() }
        names = SlotNames(values: values)
        collect(examples, tokens, golds, own)
    }

    private static func tokens(_ tokens: [SlotToken], of range: Range<Int>) -> Range<Int>? {
        guard let first = tokens.firstIndex(where: { $0.range.lowerBound == range.lowerBound }),
            let last = tokens.firstIndex(where: { $0.range.upperBound == range.upperBound }), first <= last
        else { return nil }
        return first..<last + 1
    }

    // MARK: Features

    private mutating func collect(
        _ examples: [Example], _ tokens: [[SlotToken]], _ golds: [[UInt16]],
        _ own: [[(hash: UInt32, type: UInt16)]]
    ) {
        var scratch = SlotModel.Scratch()
        var hashes: [UInt32] = []
        var table = FeatureTable()
        for (index, example) in examples.enumerated() {
            names.find(in: tokens[index], without: own[index], into: &scratch.names)
            scratch.features.extract(
                tokens[index], scalars: example.text.scalars, named: example.named, names: scratch.names,
                intent: example.likely.first ?? example.intent)
            SlotModel.allow(
                (example.likely + [example.intent]).map { typesOfIntent[$0] }, of: types.count, &scratch)
            rows.append(
                Row(firstToken: tokenStarts.count - 1, gold: golds[index], allowed: scratch.allowed))
            for token in tokens[index].indices {
                for at in Int(scratch.features.starts[token])..<Int(scratch.features.starts[token + 1]) {
                    hashes.append(scratch.features.hashes[at])
                    table.count(scratch.features.hashes[at])
                }
                tokenStarts.append(Int32(hashes.count))
            }
        }
        table.number(atLeast: settings.rarest)
        (keys, numbers) = (table.keys, table.numbers)
        features = hashes.map { numbers[Vocabulary.slot(of: $0, in: keys, numbers, mask: keys.count - 1)] }
        dropRare()
        pair(featureCount: table.kept)
    }

    /// Takes out the features without a number.
    private mutating func dropRare() {
        var kept: [Int32] = []
        kept.reserveCapacity(features.count)
        var newStarts: [Int32] = [0]
        for token in 0..<tokenStarts.count - 1 {
            for index in Int(tokenStarts[token])..<Int(tokenStarts[token + 1])
            where features[index] < FeatureTable.rare {
                kept.append(features[index])
            }
            newStarts.append(Int32(kept.count))
        }
        (features, tokenStarts) = (kept, newStarts)
    }

    /// Lists for each feature the labels that it occurs with, and counts how often.
    private mutating func pair(featureCount: Int) {
        var gold: [UInt16] = []
        for row in rows { gold += row.gold }
        // The tokens of each feature, one after the other.
        var ends = [Int32](repeating: 0, count: featureCount + 1)
        for feature in features { ends[Int(feature) + 1] += 1 }
        for feature in 0..<featureCount { ends[feature + 1] += ends[feature] }
        var labelOf = [UInt16](repeating: 0, count: features.count)
        var next = ends
        for token in gold.indices {
            for index in Int(tokenStarts[token])..<Int(tokenStarts[token + 1]) {
                let feature = Int(features[index])
                labelOf[Int(next[feature])] = gold[token]
                next[feature] += 1
            }
        }
        var place = [Int32](repeating: -1, count: 2 * types.count + 1)
        starts = [0]
        for feature in 0..<featureCount {
            let first = labels.count
            for index in Int(ends[feature])..<Int(ends[feature + 1]) {
                let label = Int(labelOf[index])
                if Int(place[label]) < first {
                    place[label] = Int32(labels.count)
                    labels.append(UInt16(label))
                    observed.append(0)
                }
                observed[Int(place[label])] += 1
            }
            starts.append(Int32(labels.count))
        }
        observed += [Float](repeating: 0, count: chainCount)
        for row in rows { observeChain(row.gold) }
    }

    /// Weights of the chain follow those of features: type after type, beginnings, going on.
    private var chainCount: Int { (types.count + 1) * (types.count + 1) + types.count + 1 + 2 * types.count }
    private var followsAt: Int { labels.count }
    private var beginsAt: Int { followsAt + (types.count + 1) * (types.count + 1) }
    private var continuesAt: Int { beginsAt + types.count + 1 }

    private mutating func observeChain(_ gold: [UInt16]) {
        func type(_ label: UInt16) -> Int { (Int(label) + 1) / 2 }
        for (index, label) in gold.enumerated() {
            if index == 0 {
                observed[beginsAt + type(label)] += 1
            } else if label > 0, label % 2 == 0 {
                observed[continuesAt + 2 * (type(label) - 1) + (gold[index - 1] == label ? 1 : 0)] += 1
            } else {
                observed[followsAt + type(gold[index - 1]) * (types.count + 1) + type(label)] += 1
            }
        }
    }

    // MARK: Loss

    /// Loss of the examples (the negative logarithm of their labellings' probability) with the pull, and its gradient.
    package func loss(_ weights: [Float], _ runner: some WorkRunner) -> (value: Double, gradient: [Float]) {
        let parts = runner.map(SlotTrainer.pieces) { piece in
            sums(
                rows.count * piece / SlotTrainer.pieces..<rows.count * (piece + 1) / SlotTrainer.pieces,
                weights)
        }
        var value =
            -QuasiNewton.dot(weights, observed) + settings.decay / 2 * QuasiNewton.dot(weights, weights)
        for part in parts { value += part.logarithm }
        let decay = Float(settings.decay)
        var gradient = parts[0].expected
        for part in parts.dropFirst() {
            for index in gradient.indices { gradient[index] += part.expected[index] }
        }
        for index in gradient.indices { gradient[index] += decay * weights[index] - observed[index] }
        return (value, gradient)
    }

    private struct Sums: Sendable {
        var logarithm = 0.0
        var expected: [Float]
    }

    private func sums(_ range: Range<Int>, _ weights: [Float]) -> Sums {
        var sums = Sums(expected: [Float](repeating: 0, count: weights.count))
        var scratch = SlotModel.Scratch()
        var expectations = SlotLattice.Expectations()
        let follows = Array(weights[followsAt..<beginsAt])
        let begins = Array(weights[beginsAt..<continuesAt])
        let continues = Array(weights[continuesAt...])
        weights.withUnsafeBufferPointer { weights in
            withPointers { pointers in
                sums.expected.withUnsafeMutableBufferPointer { expected in
                    for row in rows[range] {
                        SlotModel.allow([row.allowed], of: types.count, &scratch)
                        scratch.lattice.prepare(length: row.gold.count, types: row.allowed.count)
                        SlotModel.setChain(
                            &scratch.lattice, allowed: row.allowed, types: types.count, follows: follows,
                            begins: begins, continues: continues)
                        score(row, pointers, weights, &scratch)
                        sums.logarithm += scratch.lattice.expect(&expectations)
                        collect(row, pointers, expectations, scratch, expected)
                    }
                }
            }
        }
        return sums
    }

    /// The examples' features and the labels of each, without checks at every step.
    private struct Pointers {
        var tokenStarts: UnsafeBufferPointer<Int32>
        var features: UnsafeBufferPointer<Int32>
        var starts: UnsafeBufferPointer<Int32>
        var labels: UnsafeBufferPointer<UInt16>

        /// Calls `body` with a weight's number and its label's place, for each weight that a token's features have.
        @inline(__always)
        func forEach(of token: Int, _ places: UnsafeBufferPointer<Int16>, _ body: (Int, Int) -> Void) {
            for at in Int(tokenStarts[token])..<Int(tokenStarts[token + 1]) {
                let feature = Int(features[at])
                for index in Int(starts[feature])..<Int(starts[feature + 1]) {
                    let place = Int(places[Int(labels[index])])
                    if place >= 0 { body(index, place) }
                }
            }
        }
    }

    private func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
        tokenStarts.withUnsafeBufferPointer { tokenStarts in
            features.withUnsafeBufferPointer { features in
                starts.withUnsafeBufferPointer { starts in
                    labels.withUnsafeBufferPointer { labels in
                        body(
                            Pointers(
                                tokenStarts: tokenStarts, features: features, starts: starts, labels: labels))
                    }
                }
            }
        }
    }

    private func score(
        _ row: Row, _ pointers: Pointers, _ weights: UnsafeBufferPointer<Float>,
        _ scratch: inout SlotModel.Scratch
    ) {
        let width = scratch.lattice.labels
        scratch.places.withUnsafeBufferPointer { places in
            scratch.lattice.scores.withUnsafeMutableBufferPointer { scores in
                for token in row.gold.indices {
                    let to = token * width
                    pointers.forEach(of: row.firstToken + token, places) { scores[to + $1] += weights[$0] }
                }
            }
        }
    }

    private func collect(
        _ row: Row, _ pointers: Pointers, _ expectations: SlotLattice.Expectations,
        _ scratch: SlotModel.Scratch, _ expected: UnsafeMutableBufferPointer<Float>
    ) {
        let width = scratch.lattice.labels
        scratch.places.withUnsafeBufferPointer { places in
            expectations.labels.withUnsafeBufferPointer { probabilities in
                for token in row.gold.indices {
                    let from = token * width
                    pointers.forEach(of: row.firstToken + token, places) {
                        expected[$0] += probabilities[from + $1]
                    }
                }
            }
        }
        let count = row.allowed.count + 1
        func global(_ type: Int) -> Int { type == 0 ? 0 : Int(row.allowed[type - 1]) + 1 }
        for type in 0..<count {
            let to = followsAt + global(type) * (types.count + 1)
            for next in 0..<count { expected[to + global(next)] += expectations.follows[type * count + next] }
            if !row.gold.isEmpty { expected[beginsAt + global(type)] += expectations.begins[type] }
        }
        for (place, type) in row.allowed.enumerated() {
            expected[continuesAt + 2 * Int(type)] += expectations.continues[2 * place]
            expected[continuesAt + 2 * Int(type) + 1] += expectations.continues[2 * place + 1]
        }
    }

    // MARK: Result

    func train(_ runner: some WorkRunner) -> SlotModel {
        let minimizer = QuasiNewton(steps: settings.steps, tolerance: settings.tolerance)
        let start = [Float](repeating: 0, count: parameterCount)
        return pack(minimizer.minimize(from: start) { loss($0, runner) }.point)
    }

    /// Weights as multiples of a common step; those nearest to nothing are left out, and features that keep none.
    private func pack(_ weights: [Float]) -> SlotModel {
        var largest: Float = 0
        for weight in weights[..<labels.count] { largest = max(largest, abs(weight)) }
        let scale = largest > 0 ? largest / 32_000 : 1
        var table = FeatureTable()
        var kept: [(key: UInt32, feature: Int)] = []
        for slot in keys.indices where numbers[slot] >= 0 && numbers[slot] < FeatureTable.rare {
            kept.append((keys[slot], Int(numbers[slot])))
        }
        kept.sort { $0.feature < $1.feature }
        var newStarts: [Int32] = [0]
        var newLabels: [UInt16] = []
        var newWeights: [Int16] = []
        for (key, feature) in kept {
            let first = newLabels.count
            for index in Int(starts[feature])..<Int(starts[feature + 1])
            where abs(weights[index]) > SlotTrainer.least {
                newLabels.append(labels[index])
                newWeights.append(Int16((weights[index] / scale).rounded()))
            }
            guard newLabels.count > first else { continue }
            table.count(key)
            newStarts.append(Int32(newLabels.count))
        }
        table.number(atLeast: 1)
        return SlotModel(
            types: types, typesOfIntent: typesOfIntent, names: names, keys: table.keys,
            numbers: table.numbers,
            starts: newStarts, labels: newLabels, weights: newWeights, scale: scale,
            follows: Array(weights[followsAt..<beginsAt]), begins: Array(weights[beginsAt..<continuesAt]),
            continues: Array(weights[continuesAt...]), likelihood: settings.likelihood)
    }

    /// Weights below do not count.
    private static let least: Float = 0.02
}

/// Numbers features in the order in which they were met.
struct FeatureTable {
    private(set) var keys = [UInt32](repeating: 0, count: 1 << 10)
    private(set) var numbers = [Int32](repeating: -1, count: 1 << 10)
    private var counts: [Int32] = []
    /// Features with a number.
    private(set) var kept = 0
    /// Stands for features that are too rare for a number.
    static let rare = Int32.max

    mutating func count(_ key: UInt32) {
        if counts.count * 2 > keys.count { grow() }
        let slot = Vocabulary.slot(of: key, in: keys, numbers, mask: keys.count - 1)
        if numbers[slot] < 0 {
            keys[slot] = key
            numbers[slot] = Int32(counts.count)
            counts.append(0)
        }
        counts[Int(numbers[slot])] += 1
    }

    private mutating func grow() {
        let (oldKeys, oldNumbers) = (keys, numbers)
        keys = [UInt32](repeating: 0, count: oldKeys.count * 2)
        numbers = [Int32](repeating: -1, count: keys.count)
        for index in oldKeys.indices where oldNumbers[index] >= 0 {
            let slot = Vocabulary.slot(of: oldKeys[index], in: keys, numbers, mask: keys.count - 1)
            keys[slot] = oldKeys[index]
            numbers[slot] = oldNumbers[index]
        }
    }

    /// Closes the table; numbers go to the features that were counted often enough.
    mutating func number(atLeast least: Int) {
        var final = [Int32](repeating: FeatureTable.rare, count: counts.count)
        for (number, count) in counts.enumerated() where count >= least {
            final[number] = Int32(kept)
            kept += 1
        }
        for slot in numbers.indices where numbers[slot] >= 0 { numbers[slot] = final[Int(numbers[slot])] }
    }
}
