import Conversation
import Language

/// The facts of one source about one place, for all sources and places.
struct SearchGroups: Sendable {
    private(set) var all: [SearchIndex.Group] = []
    private(set) var byPlace: [Int32: [Int32]] = [:]
    /// The facts of one group after those of another.
    private var facts: [Int32] = []

    init(_ tables: KnowledgeTables, facts index: FactIndex) {
        var known = TermTable()
        // Of each group the first fact; of each fact that can be an answer the group.
        var firsts: [Int32] = []
        var counts: [Int32] = []
        var groupOfFact = [Int32](repeating: -1, count: tables.facts.count)
        for number in tables.facts.indices {
            let key = index.keys[number]
            guard key.traits.isDisjoint(with: [.untold, .implausible]) else { continue }
            let group = known.insert(key.group)
            if group == firsts.count {
                firsts.append(Int32(number))
                counts.append(0)
            }
            counts[group] += 1
            groupOfFact[number] = Int32(group)
        }
        all.reserveCapacity(firsts.count)
        var start: Int32 = 0
        for (group, first) in firsts.enumerated() {
            let place = index.keys[Int(first)].place
            byPlace[place, default: []].append(Int32(group))
            all.append(
                SearchIndex.Group(
                    source: tables.facts[Int(first)].source, place: place,
                    range: start..<start + counts[group]))
            start += counts[group]
        }
        facts = [Int32](repeating: 0, count: Int(start))
        var next = all.map(\.range.lowerBound)
        for (number, group) in groupOfFact.enumerated() where group >= 0 {
            facts[Int(next[Int(group)])] = Int32(number)
            next[Int(group)] += 1
        }
    }

    func facts(of group: Int) -> ArraySlice<Int32> {
        let range = all[group].range
        return facts[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// Where to cut the groups in two with as many facts in each part.
    var middle: Int {
        let half = Int32(facts.count / 2)
        return all.firstIndex { $0.range.lowerBound >= half } ?? all.count
    }
}

/// How often the terms of titles and facts occur in each of some groups.
struct TermCounts: Sendable {
    /// A title says what the whole is about.
    private static let titleWeight: Float = 3

    fileprivate struct Entry: Sendable {
        var term: Int32
        var group: Int32
        var frequency: Float
    }

    /// Group by group.
    fileprivate private(set) var entries: [Entry] = []
    fileprivate private(set) var numbers = TermTable()
    /// How many groups each term is in.
    fileprivate private(set) var counts: [Int32] = []
    /// By group, from the first of these.
    fileprivate private(set) var lengths: [Float] = []
    /// For each term the last entry with it.
    private var latest: [Int32] = []
    private var reader = TermReader()

    init(_ tables: KnowledgeTables, _ groups: SearchGroups, _ range: Range<Int>) {
        let titles = Dictionary(
            tables.sources.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
        entries.reserveCapacity(range.count * 24)
        lengths.reserveCapacity(range.count)
        for group in range {
            let title = titles[groups.all[group].source] ?? ""
            var length = add(title, Self.titleWeight, to: group)
            for number in groups.facts(of: group) {
                let fact = tables.facts[Int(number)]
                length += add(fact.condition, 1, to: group) + add(fact.value, 1, to: group)
                length += add(fact.topic, 1, to: group) + add(fact.attribute, 1, to: group)
                length += add(fact.insurance, 1, to: group) + add(fact.population, 1, to: group)
                length += add(fact.unit, 1, to: group)
            }
            lengths.append(length)
        }
        // What is kept of it is merged and forgotten.
        reader = TermReader()
        latest = []
    }

    /// Counts the terms of a text; gives how much longer the document is by it.
    private mutating func add(_ text: String, _ weight: Float, to group: Int) -> Float {
        if text.isEmpty { return 0 }
        let range = reader.terms(of: text, numbers: &numbers)
        for position in range {
            let term = Int(reader.all[position])
            if term >= latest.count {
                // New terms are numbered one after the other, but a text may have several.
                latest += repeatElement(-1, count: term + 1 - latest.count)
                counts += repeatElement(0, count: term + 1 - counts.count)
            }
            let last = Int(latest[term])
            if last >= 0, entries[last].group == Int32(group) {
                entries[last].frequency += weight
            } else {
                latest[term] = Int32(entries.count)
                counts[term] += 1
                entries.append(Entry(term: Int32(term), group: Int32(group), frequency: weight))
            }
        }
        return weight * Float(range.count)
    }
}

/// Where terms occur among the groups.
struct SearchTexts: Sendable {
    typealias Posting = SearchIndex.Posting

    private static let k1: Float = 1.2
    private static let b: Float = 0.6

    let groups: SearchGroups
    private let numbers: TermTable
    /// Where the postings of each term begin, and the end.
    private let starts: [Int32]
    private let postings: [Posting]

    /// `first` and `second` are of the groups before and behind a cut.
    init(_ groups: SearchGroups, _ first: TermCounts, _ second: TermCounts) {
        self.groups = groups
        var numbers = first.numbers
        let ofSecond = second.numbers.keys.map { Int32(numbers.insert($0)) }
        self.numbers = numbers
        var counts = first.counts + [Int32](repeating: 0, count: numbers.keys.count - first.counts.count)
        for (term, count) in second.counts.enumerated() { counts[Int(ofSecond[term])] += count }
        var starts: [Int32] = [0]
        starts.reserveCapacity(counts.count + 1)
        for count in counts { starts.append(starts[starts.count - 1] + count) }
        self.starts = starts
        let lengths = first.lengths + second.lengths
        let mean = lengths.isEmpty ? 1 : max(lengths.reduce(0, +) / Float(lengths.count), 1)
        let burdens = lengths.map { Self.k1 * (1 - Self.b + Self.b * ($0 / mean)) }
        var next = starts
        postings = [Posting](
            unsafeUninitializedCapacity: first.entries.count + second.entries.count
        ) { buffer, count in
            for (part, isFirst) in [(first, true), (second, false)] {
                for entry in part.entries {
                    let term = isFirst ? Int(entry.term) : Int(ofSecond[Int(entry.term)])
                    let impact =
                        entry.frequency * (Self.k1 + 1) / (entry.frequency + burdens[Int(entry.group)])
                    (buffer.baseAddress! + Int(next[term])).initialize(
                        to: Posting(group: entry.group, impact: impact))
                    next[term] += 1
                }
            }
            count = buffer.count
        }
    }

    /// In the order of the groups.
    func postings(of key: UInt64) -> ArraySlice<Posting> {
        guard let term = numbers.number(of: key) else { return [] }
        return postings[Int(starts[term])..<Int(starts[term + 1])]
    }
}

extension FactIndex.Key {
    /// A source and a place as one number.
    var group: UInt64 {
        UInt64(UInt32(bitPattern: source)) << 32 | UInt64(UInt32(bitPattern: place))
    }
}

/// Reads the terms of texts, each text once.
private struct TermReader {
    private var texts = TextTable()
    private var ends: [Int32] = []
    private var normalized = NormalizedText()
    /// The terms of one text after those of another.
    private(set) var all: [Int32] = []

    /// Where the terms of a text stand among all.
    mutating func terms(of text: String, numbers: inout TermTable) -> Range<Int> {
        let number = texts.insert(text)
        if number == ends.count {
            Normalizer.normalize(text, into: &normalized)
            for term in SearchTerms(normalized.scalars[...]).terms {
                all.append(Int32(numbers.insert(term.key)))
            }
            ends.append(Int32(all.count))
        }
        return (number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])
    }
}
