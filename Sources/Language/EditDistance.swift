/// How many edits lie between two words: insertions, deletions, substitutions, swaps of neighbours.
package enum EditDistance {
    /// The distance (optimal string alignment), or nil when it is more than `limit`.
    package static func between(_ left: String, _ right: String, limit: Int) -> Int? {
        between(left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value), limit: limit)
    }

    package static func between(_ left: [UInt32], _ right: [UInt32], limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        var row = last
        for i in 0..<left.count {
            row[0] = i + 1
            var least = row[0]
            for j in 0..<right.count {
                let isSame = left[i] == right[j]
                var cost = min(last[j] + (isSame ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row[j + 1] = cost
                least = min(least, cost)
            }
            guard least <= limit else { return nil }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[right.count] <= limit ? last[right.count] : nil
    }

    /// The candidate that a misspelt name is nearest to: within two edits, or one for names under three
    /// letters. Of equally near ones the first in `candidates` is taken.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        let scalars = name.unicodeScalars.map(\.value)
        var limit = scalars.count < 3 ? 1 : 2
        var best: String?
        for candidate in candidates where limit >= 0 {
            if let distance = between(scalars, candidate.unicodeScalars.map(\.value), limit: limit) {
                best = candidate
                limit = distance - 1
            }
        }
        return best
    }
}
