import Language

/// Finds learned slots in a text: a conditional random field over a linear chain of tokens (Lafferty, McCallum and Pereira,
/// 2001), labelled B, I and O, with the slot types of the text's likely intents.
package struct SlotModel: Equatable, Sendable {
    /// Names of the slot types.
    package let types: [String]
    /// For each intent, the types that its examples have, ascending.
    let typesOfIntent: [[UInt16]]
    let names: SlotNames
    /// Open addressing: feature hash to its number, -1 where empty.
    let keys: [UInt32]
    let numbers: [Int32]
    /// For each feature, where its weights begin; one more than features.
    let starts: [Int32]
    let labels: [UInt16]
    let weights: [Int16]
    /// What a weight of one stands for.
    let scale: Float
    /// Scores of type after type (0 none, t + 1 type t), of the first token's, and of going on from B and from I.
    let follows: [Float]
    let begins: [Float]
    let continues: [Float]
    /// Intents are taken for likely until they hold this share of the probability.
    let likelihood: Float

    /// A slot's place in a text, in normalised scalars.
    struct Found: Equatable {
        var type: Int
        var range: Range<Int>
    }

    /// Scratch memory.
    struct Scratch: Sendable {
        var tokens: [SlotToken] = []
        var names: [SlotNames.Match] = []
        var features = SlotFeatures()
        var lattice = SlotLattice()
        var allowed: [UInt16] = []
        /// For each label, its number among the allowed ones; -1 when it is not.
        var places: [Int16] = []
        var path: [Int] = []
        var choices: [Int32] = []
    }

    /// - Parameter intents: numbers of the likely intents, the likeliest first.
    func find(
        in text: NormalizedText, named: [SlotFeatures.Named], intents: [Int], _ scratch: inout Scratch
    ) -> [Found] {
        SlotModel.allow(intents.map { typesOfIntent[$0] }, of: types.count, &scratch)
        guard !scratch.allowed.isEmpty else { return [] }
        SlotToken.split(text, into: &scratch.tokens)
        guard !scratch.tokens.isEmpty else { return [] }
        names.find(in: scratch.tokens, without: [], into: &scratch.names)
        scratch.features.extract(
            scratch.tokens, scalars: text.scalars, named: named, names: scratch.names, intent: intents.first)
        score(&scratch)
        scratch.lattice.best(into: &scratch.path, choices: &scratch.choices)
        return SlotModel.spans(scratch)
    }

    /// Sets `allowed` to the union of the types, and `places`.
    static func allow(_ sets: [[UInt16]], of count: Int, _ scratch: inout Scratch) {
        scratch.places.removeAll(keepingCapacity: true)
        scratch.places.append(contentsOf: repeatElement(-1, count: 2 * count + 1))
        scratch.places[0] = 0
        for set in sets {
            for type in set { scratch.places[2 * Int(type) + 1] = 1 }
        }
        scratch.allowed.removeAll(keepingCapacity: true)
        for type in 0..<count where scratch.places[2 * type + 1] > 0 {
            let place = Int16(scratch.allowed.count)
            scratch.places[2 * type + 1] = 2 * place + 1
            scratch.places[2 * type + 2] = 2 * place + 2
            scratch.allowed.append(UInt16(type))
        }
    }

    private func score(_ scratch: inout Scratch) {
        scratch.lattice.prepare(length: scratch.tokens.count, types: scratch.allowed.count)
        SlotModel.setChain(
            &scratch.lattice, allowed: scratch.allowed, types: types.count, follows: follows, begins: begins,
            continues: continues)
        let width = scratch.lattice.labels
        for token in scratch.tokens.indices {
            let row = token * width
            let range = Int(scratch.features.starts[token])..<Int(scratch.features.starts[token + 1])
            for hash in scratch.features.hashes[range] {
                let number = Int(numbers[Vocabulary.slot(of: hash, in: keys, numbers, mask: keys.count - 1)])
                guard number >= 0 else { continue }
                for index in Int(starts[number])..<Int(starts[number + 1]) {
                    let place = Int(scratch.places[Int(labels[index])])
                    if place >= 0 { scratch.lattice.scores[row + place] += Float(weights[index]) * scale }
                }
            }
        }
    }

    /// Copies the scores that bind neighbours, for the allowed types.
    static func setChain(
        _ lattice: inout SlotLattice, allowed: [UInt16], types: Int, follows: [Float], begins: [Float],
        continues: [Float]
    ) {
        let width = allowed.count + 1
        for type in 0..<width {
            let from = type == 0 ? 0 : (Int(allowed[type - 1]) + 1) * (types + 1)
            lattice.follows[type * width] = follows[from]
            for next in 1..<max(width, 1) {
                lattice.follows[type * width + next] = follows[from + Int(allowed[next - 1]) + 1]
            }
        }
        lattice.begins[0] = begins[0]
        for (place, type) in allowed.enumerated() {
            lattice.begins[place + 1] = begins[Int(type) + 1]
            lattice.continues[2 * place] = continues[2 * Int(type)]
            lattice.continues[2 * place + 1] = continues[2 * Int(type) + 1]
        }
    }

    private static func spans(_ scratch: Scratch) -> [Found] {
        var found: [Found] = []
        for (token, label) in scratch.path.enumerated() where label > 0 {
            let range = scratch.tokens[token].range
            if label % 2 == 1 {
                found.append(Found(type: Int(scratch.allowed[(label - 1) / 2]), range: range))
            } else if let last = found.last {
                found[found.count - 1].range = last.range.lowerBound..<range.upperBound
            }
        }
        return found
    }
}
