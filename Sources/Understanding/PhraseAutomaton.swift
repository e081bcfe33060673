/// Finds every phrase of a fixed set in one pass over a text (Aho and Corasick, 1975).
///
/// States form a trie of the phrases. A failed step goes to the longest suffix that is again a prefix of a
/// phrase, so that no scalar is read twice; output links lead to the phrases that end in the middle of longer
/// ones. Transitions are kept in one open-addressing table, which stays small for an alphabet of thousands.
struct PhraseAutomaton: Sendable {
    private var keys: [UInt64]
    private var targets: [Int32]
    private var mask: Int
    private var fails: [Int32] = [0]
    /// The phrase that ends in a state; -1 for none.
    private var phrases: [Int32] = [-1]
    /// The nearest state down the chain of suffixes in which a phrase ends; 0 for none.
    private var outputs: [Int32] = [0]
    /// The state in which each phrase ends.
    private var ends: [Int32] = []
    var phraseCount: Int { ends.count }
    private var parents: [Int32] = [0]
    private var letters: [UInt32] = [0]
    private var depths: [Int32] = [0]

    /// - Parameter capacity: at least the number of scalars of all phrases together.
    init(capacity: Int) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        targets = [Int32](repeating: 0, count: size)
        mask = size - 1
    }

    @inline(__always)
    private func slot(_ key: UInt64) -> Int {
        var index = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[index] != 0, keys[index] != key { index = (index + 1) & mask }
        return index
    }

    @inline(__always)
    private func step(_ state: Int32, _ scalar: UInt32) -> Int32 {
        // Scalars stay below 2^21, and 0 is never in a normalised text: no key is 0.
        targets[slot(UInt64(UInt32(bitPattern: state)) << 21 | UInt64(scalar))]
    }

    /// The number of a phrase, given in the order of first adding. The phrase must not be empty.
    mutating func add(_ scalars: [UInt32]) -> Int {
        var state: Int32 = 0
        for scalar in scalars {
            let key = UInt64(UInt32(bitPattern: state)) << 21 | UInt64(scalar)
            let index = slot(key)
            if keys[index] == 0 {
                keys[index] = key
                targets[index] = Int32(fails.count)
                fails.append(0)
                phrases.append(-1)
                outputs.append(0)
                parents.append(state)
                letters.append(scalar)
                depths.append(depths[Int(state)] + 1)
            }
            state = targets[index]
        }
        if phrases[Int(state)] < 0 {
            phrases[Int(state)] = Int32(ends.count)
            ends.append(state)
        }
        return Int(phrases[Int(state)])
    }

    /// A phrase as it was added.
    func scalars(ofPhrase phrase: Int) -> [UInt32] {
        var state = ends[phrase]
        var result: [UInt32] = []
        while state != 0 {
            result.append(letters[Int(state)])
            state = parents[Int(state)]
        }
        return result.reversed()
    }

    /// Links the states; after it nothing may be added.
    mutating func finish() {
        for state in statesByDepth() where parents[state] != 0 {
            var fail = fails[Int(parents[state])]
            var next = step(fail, letters[state])
            while next == 0, fail != 0 {
                fail = fails[Int(fail)]
                next = step(fail, letters[state])
            }
            fails[state] = next
            outputs[state] = phrases[Int(next)] >= 0 ? next : outputs[Int(next)]
        }
    }

    /// Shallow states first; by counting, so that it stays linear.
    private func statesByDepth() -> [Int] {
        let deepest = Int(depths.max() ?? 0)
        var starts = [Int](repeating: 0, count: deepest + 2)
        for depth in depths { starts[Int(depth) + 1] += 1 }
        for depth in 0...deepest { starts[depth + 1] += starts[depth] }
        var order = [Int](repeating: 0, count: depths.count)
        for state in depths.indices {
            order[starts[Int(depths[state])]] = state
            starts[Int(depths[state])] += 1
        }
        return Array(order.dropFirst())
    }

    /// Calls `body` with the number and end of each phrase found, in the order of ends, longer ones first.
    @inline(__always)
    func forEachMatch(in scalars: [UInt32], _ body: (_ phrase: Int, _ end: Int) -> Void) {
        var state: Int32 = 0
        for index in scalars.indices {
            let scalar = scalars[index]
            var next = step(state, scalar)
            while next == 0, state != 0 {
                state = fails[Int(state)]
                next = step(state, scalar)
            }
            state = next
            var output = phrases[Int(state)] >= 0 ? state : outputs[Int(state)]
            while output != 0 {
                body(Int(phrases[Int(output)]), index + 1)
                output = outputs[Int(output)]
            }
        }
    }
}
