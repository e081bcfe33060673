import Dialogue
import Knowledge

/// What of an article is still to be read: all that was not told yet. Its identifier holds what was, so that nothing is told
/// twice: `read:SOURCE@PLACE@PARTS@TOLD`, a hexadecimal digit for each four facts.
struct ReadingPlace: Equatable, Sendable {
    /// Facts that are read at a time.
    static let length = 14

    var source: String
    var place: String
    /// Parts that were read.
    var parts: Int
    /// The facts that were told, by their place in the article.
    var told: Set<Int> = []

    init(source: String, place: String) {
        self.source = source
        self.place = place
        parts = 0
    }

    /// Nil when it is no such identifier.
    init?(_ identifier: String) {
        guard FurtherReading.isReading(identifier) else { return nil }
        let fields = identifier.utf8.dropFirst(FurtherReading.prefix.utf8.count).split(
            separator: UInt8(ascii: "@")
        ).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 3 || fields.count == 4, let number = Int(fields[2]), number >= 0 else {
            return nil
        }
        self.init(source: fields[0], place: fields[1])
        if fields.count == 3 {
            // As it was written before: how many facts had been read.
            parts = number / Self.length
            told = Set(0..<min(number, 1024))
        } else {
            parts = number
            for (index, digit) in fields[3].utf8.enumerated() {
                guard let value = Int(String(UnicodeScalar(digit)), radix: 16) else { return nil }
                for bit in 0..<4 where value >> bit & 1 == 1 { told.insert(index * 4 + bit) }
            }
        }
    }

    var identifier: String {
        let digits = (0..<((told.max() ?? 0) / 4 + 1)).map { index -> String in
            let value = (0..<4).reduce(0) { told.contains(index * 4 + $1) ? $0 | 1 << $1 : $0 }
            return String(value, radix: 16)
        }
        return "\(FurtherReading.prefix)\(source)@\(place)@\(parts)@\(digits.joined())"
    }

    func untold(in article: Article) -> [ArticleFact] {
        article.facts.indices.filter { !told.contains($0) }.map { article.facts[$0] }
    }

    /// What is read next.
    func part(of article: Article) -> [ArticleFact] { Array(untold(in: article).prefix(Self.length)) }

    /// Behind the part that is read next; nil when nothing is left.
    func next(in article: Article) -> ReadingPlace? {
        let rest = article.facts.indices.filter { !told.contains($0) }
        guard rest.count > Self.length else { return nil }
        var next = self
        next.parts += 1
        next.told.formUnion(rest.prefix(Self.length))
        return next
    }
}
