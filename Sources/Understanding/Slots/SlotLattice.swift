/// The scores of every way to label one text, in a linear chain.
///
/// Labels are O (no slot), and for each type B (its first token) and I (a further one). I follows only B or I of its own
/// type, and what comes after a slot does not depend on its length: so the chain's scores are one table of types that
/// follow one another and two numbers a type for going on. A text may allow only some of the types; its labels are then
/// numbered anew: 0 for O, 2j + 1 and 2j + 2 for the j-th allowed type.
package struct SlotLattice {
    /// Number of allowed types, and of the labels that come of them.
    package private(set) var types = 0
    package private(set) var labels = 0
    package private(set) var length = 0
    /// Score of each label at each token, row by row.
    package var scores: [Float] = []
    /// Score of each type (0 none, j + 1 the j-th) to be followed by the beginning of another.
    package var follows: [Float] = []
    /// Score of the beginning of each type at the first token.
    package var begins: [Float] = []
    /// Score of B to be followed by I, and of I by I, for each type.
    package var continues: [Float] = []

    // Scratch of the sums.
    private var powers: [Float] = []
    private var forward: [Float] = []
    private var norms: [Float] = []
    private var backward: [Float] = []
    private var entering: [Float] = []
    private var leaving: [Float] = []

    package init() {}

    /// Lays out room for a text; all scores are to be set by the caller.
    package mutating func prepare(length: Int, types: Int) {
        self.length = length
        self.types = types
        labels = 2 * types + 1
        SlotLattice.fill(&scores, length * labels)
        SlotLattice.fill(&follows, (types + 1) * (types + 1))
        SlotLattice.fill(&begins, types + 1)
        SlotLattice.fill(&continues, 2 * types)
    }

    private static func fill(_ array: inout [Float], _ count: Int) {
        array.removeAll(keepingCapacity: true)
        array.append(contentsOf: repeatElement(0, count: count))
    }

    // MARK: The best labelling

    /// Viterbi: the row of labels with the highest sum. Time grows with the tokens and with the square of the types.
    package func best(into path: inout [Int], choices: inout [Int32]) {
        path.removeAll(keepingCapacity: true)
        guard length > 0 else { return }
        var previous = [Float](repeating: 0, count: labels)
        var current = previous
        var leaving = [Float](repeating: 0, count: types + 1)
        var leavers = [Int32](repeating: 0, count: types + 1)
        choices.removeAll(keepingCapacity: true)
        choices.append(contentsOf: repeatElement(0, count: length * labels))
        previous[0] = scores[0] + begins[0]
        for type in 0..<types {
            previous[2 * type + 1] = scores[2 * type + 1] + begins[type + 1]
            previous[2 * type + 2] = -1e30
        }
        for token in 1..<max(length, 1) {
            leaving[0] = previous[0]
            leavers[0] = 0
            for type in 0..<types {
                let isLonger = previous[2 * type + 2] > previous[2 * type + 1]
                leavers[type + 1] = Int32(2 * type + (isLonger ? 2 : 1))
                leaving[type + 1] = previous[Int(leavers[type + 1])]
            }
            let row = token * labels
            for next in 0...types {
                var best = leaving[0] + follows[next]
                var from = 0
                for type in 1..<max(types + 1, 1) {
                    let sum = leaving[type] + follows[type * (types + 1) + next]
                    if sum > best {
                        best = sum
                        from = type
                    }
                }
                let label = next == 0 ? 0 : 2 * next - 1
                current[label] = best + scores[row + label]
                choices[row + label] = leavers[from]
            }
            for type in 0..<types {
                let begun = previous[2 * type + 1] + continues[2 * type]
                let gone = previous[2 * type + 2] + continues[2 * type + 1]
                current[2 * type + 2] = max(begun, gone) + scores[row + 2 * type + 2]
                choices[row + 2 * type + 2] = Int32(gone > begun ? 2 * type + 2 : 2 * type + 1)
            }
            swap(&previous, &current)
        }
        var label = 0
        for candidate in 1..<max(labels, 1) where previous[candidate] > previous[label] { label = candidate }
        path.append(contentsOf: repeatElement(0, count: length))
        for token in stride(from: length - 1, through: 0, by: -1) {
            path[token] = label
            label = Int(choices[token * labels + label])
        }
    }

    // MARK: Sums over all labellings

    /// What the sums over all labellings come to.
    package struct Expectations {
        /// Probability of each label at each token, row by row.
        package var labels: [Float] = []
        /// Expected number of times that a type is followed by the beginning of another.
        package var follows: [Float] = []
        package var begins: [Float] = []
        package var continues: [Float] = []

        package init() {}
    }

    /// Forward and backward sums, scaled at every token.
    /// - Returns: the logarithm of the sum of all labellings' weights.
    package mutating func expect(_ result: inout Expectations) -> Double {
        let width = types + 1
        SlotLattice.fill(&result.labels, length * labels)
        SlotLattice.fill(&result.follows, width * width)
        SlotLattice.fill(&result.begins, width)
        SlotLattice.fill(&result.continues, 2 * types)
        guard length > 0 else { return 0 }
        var logarithm = weigh()
        SlotLattice.fill(&forward, length * labels)
        SlotLattice.fill(&norms, length)
        SlotLattice.fill(&backward, labels)
        SlotLattice.fill(&entering, width)
        SlotLattice.fill(&leaving, width)
        for index in follows.indices { follows[index] = ExactMath.exp(follows[index]) }
        for index in continues.indices { continues[index] = ExactMath.exp(continues[index]) }
        for index in begins.indices { begins[index] = ExactMath.exp(begins[index]) }
        sumForward()
        for norm in norms { logarithm += ExactMath.log(Double(norm)) }
        sumBackward(&result)
        return logarithm
    }

    /// Powers of the scores, the highest of each token taken out.
    private mutating func weigh() -> Double {
        SlotLattice.fill(&powers, length * labels)
        var taken = 0.0
        for token in 0..<length {
            let row = token * labels
            var highest = scores[row]
            for index in row..<row + labels { highest = max(highest, scores[index]) }
            for index in row..<row + labels { powers[index] = ExactMath.exp(scores[index] - highest) }
            taken += Double(highest)
        }
        return taken
    }

    private mutating func sumForward() {
        let (width, labels, types, length) = (types + 1, labels, types, length)
        forward.withUnsafeMutableBufferPointer { forward in
            powers.withUnsafeBufferPointer { powers in
                follows.withUnsafeBufferPointer { follows in
                    entering.withUnsafeMutableBufferPointer { entering in
                        for token in 0..<length {
                            let row = token * labels
                            if token == 0 {
                                for type in 0..<width { entering[type] = begins[type] }
                            } else {
                                for type in 0..<width { entering[type] = 0 }
                                let before = row - labels
                                for type in 0..<width {
                                    let weight =
                                        type == 0
                                        ? forward[before]
                                        : forward[before + 2 * type - 1] + forward[before + 2 * type]
                                    let from = type * width
                                    for next in 0..<width { entering[next] += weight * follows[from + next] }
                                }
                                for type in 0..<types {
                                    forward[row + 2 * type + 2] =
                                        (forward[before + 2 * type + 1] * continues[2 * type]
                                            + forward[before + 2 * type + 2] * continues[2 * type + 1])
                                        * powers[row + 2 * type + 2]
                                }
                            }
                            forward[row] = entering[0] * powers[row]
                            for type in 0..<types {
                                forward[row + 2 * type + 1] = entering[type + 1] * powers[row + 2 * type + 1]
                            }
                            var norm: Float = 0
                            for index in row..<row + labels { norm += forward[index] }
                            norms[token] = norm
                            let scale = 1 / norm
                            for index in row..<row + labels { forward[index] *= scale }
                        }
                    }
                }
            }
        }
    }

    private mutating func sumBackward(_ result: inout Expectations) {
        let (width, labels, types, length) = (types + 1, labels, types, length)
        for label in 0..<labels { backward[label] = 1 }
        for token in stride(from: length - 1, through: 0, by: -1) {
            let row = token * labels
            for label in 0..<labels { result.labels[row + label] = forward[row + label] * backward[label] }
            guard token > 0 else { break }
            // What the next step back multiplies: the label's weight with all that follows it.
            let scale = 1 / norms[token]
            for label in 0..<labels { backward[label] *= powers[row + label] * scale }
            entering[0] = backward[0]
            for type in 0..<types { entering[type + 1] = backward[2 * type + 1] }
            let before = row - labels
            entering.withUnsafeBufferPointer { entering in
                follows.withUnsafeBufferPointer { follows in
                    result.follows.withUnsafeMutableBufferPointer { expected in
                        for type in 0..<width {
                            let weight =
                                type == 0
                                ? forward[before]
                                : forward[before + 2 * type - 1] + forward[before + 2 * type]
                            let from = type * width
                            var sum: Float = 0
                            for next in 0..<width {
                                let flow = follows[from + next] * entering[next]
                                sum += flow
                                expected[from + next] += weight * flow
                            }
                            leaving[type] = sum
                        }
                    }
                }
            }
            backward[0] = leaving[0]
            for type in 0..<types {
                let inside = backward[2 * type + 2]
                let begun = continues[2 * type] * inside
                let gone = continues[2 * type + 1] * inside
                result.continues[2 * type] += forward[before + 2 * type + 1] * begun
                result.continues[2 * type + 1] += forward[before + 2 * type + 2] * gone
                backward[2 * type + 1] = leaving[type + 1] + begun
                backward[2 * type + 2] = leaving[type + 1] + gone
            }
        }
        result.begins[0] = result.labels[0]
        for type in 0..<types { result.begins[type + 1] = result.labels[2 * type + 1] }
    }
}
