import Conversation
import Dialogue

/// What others say on what was answered, as far as the answer had no room for it. It is offered like a source that is read
/// on, and its identifier holds all of it: `read:*LINES@PLACE@DOUBT.DOUBT@FACT>FACT.FACT>FACT`.
struct OtherSayings: Equatable, Sendable {
    /// A fact that gives way, and the one that it gives way to.
    struct Pair: Equatable, Sendable {
        var fact: String
        var by: String
    }

    /// An identifier is sent to and fro; what would make it longer is left to who looks it up.
    private static let longest = 200
    private static let mark = UInt8(ascii: "*")

    var place: String
    /// Lines that it comes to, which people are told beforehand.
    private(set) var lines = 0
    private(set) var doubts: [String] = []
    private(set) var pairs: [Pair] = []

    init(place: String) { self.place = place }

    /// Nil when it is no such identifier.
    init?(_ identifier: String) {
        guard FurtherReading.isReading(identifier) else { return nil }
        let bytes = identifier.utf8.dropFirst(FurtherReading.prefix.utf8.count)
        guard bytes.first == Self.mark else { return nil }
        let parts = bytes.dropFirst().split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
            .map {
                String(decoding: $0, as: UTF8.self)
            }
        guard parts.count == 4, let lines = Int(parts[0]), lines > 0 else { return nil }
        self.lines = lines
        place = parts[1]
        doubts = parts[2].split(separator: ".").map(String.init)
        pairs = parts[3].split(separator: ".").compactMap { pair in
            let ids = pair.split(separator: ">").map(String.init)
            return ids.count == 2 ? Pair(fact: ids[0], by: ids[1]) : nil
        }
    }

    var isEmpty: Bool { lines == 0 }

    mutating func add(_ doubt: Doubt, lines count: Int) {
        guard !doubts.contains(doubt.id), identifier.utf8.count + doubt.id.utf8.count < Self.longest else {
            return
        }
        doubts.append(doubt.id)
        lines += count
    }

    mutating func add(_ facts: [Fact], by winner: Fact) {
        var isAdded = false
        for fact in facts {
            guard identifier.utf8.count + fact.id.utf8.count + winner.id.utf8.count + 2 < Self.longest else {
                break
            }
            pairs.append(Pair(fact: fact.id, by: winner.id))
            isAdded = true
        }
        if isAdded { lines += 1 }
    }

    var identifier: String {
        let pairs = pairs.map { "\($0.fact)>\($0.by)" }.joined(separator: ".")
        return "\(FurtherReading.prefix)*\(lines)@\(place)@\(doubts.joined(separator: "."))@\(pairs)"
    }
}
