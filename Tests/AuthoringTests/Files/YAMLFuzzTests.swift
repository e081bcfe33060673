import Authoring
import Diagnostics
import Testing

/// What authors write, broken at random: a mistake or a tree, never a trap, and never a tree deeper than
/// allowed.
struct YAMLFuzzTests {
    private static let seeds = [
        "flow: remote_filing\ntitle: 异地就医备案\nsteps:\n  - collect: home_city\n  - if: a = 急诊\n    then:\n      - say: x\n    else:\n      - end\n",
        "responses:\n  a.b:\n    - text: \"{home_city}的医保[去{dest_city}]看病\"\n    - facts: {topic: 异地, attribute: [步骤, '材料'], limit: 2}\n      title: |\n        备案\n          怎么办\n      note: >-\n        一\n\n        二\n",
        "- &a [x, *a]\n- !t {k: v, ? q : r}\n- \"a\\\"b\\u4e00\" # c\n-\n  - '单''引'\n...\n---\n%X\n",
        "a:\n- b\n- c:\n  - d\n  -   - e\n? f\n: g\n\"h\": i\n\tj: k\n<<: l\n",
    ]
    private static let pieces = [
        "[", "]", "{", "}", ": ", "- ", "? ", "\n", "\n  ", "\t", "#", " #", "'", "\"", "|", ">", "&", "*",
        "!", "%", "@", "---\n", "...\n", "<<: ",
        "\\", ",", "一", "\r\n", "\u{85}", "  ", ":", "-", "|2\n", "\u{10FF00}", "a", ": \n",
    ]

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `YML-12 mutated files are refused or read`(seed: UInt64) {
        var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15)
        for round in 0..<2500 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0...random.below(6) { mutate(&bytes, &random) }
            let collector = DiagnosticCollector()
            let node = YAMLReader.read(SourceFile(path: "f.yaml", bytes: bytes), into: collector)
            if let node {
                // Indentless lists and pairs in flow lists add a level that is not counted.
                #expect(depth(of: node) <= 3 * 64, "seed \(seed) round \(round): \(bytes)")
                #expect(
                    YAMLNode(decoding: node.encoded()[...]) == node, "seed \(seed) round \(round): \(bytes)")
                #expect(collector.diagnostics.isEmpty, "seed \(seed) round \(round): \(bytes)")
            } else {
                _ = DiagnosticRenderer.report(collector.diagnostics, as: .human, version: "0")
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout Xorshift) {
        let at = random.below(bytes.count + 1)
        switch random.below(6) {
        case 0: bytes.insert(contentsOf: Array(Self.pieces[random.below(Self.pieces.count)].utf8), at: at)
        case 1: bytes.removeSubrange(at..<min(at + 1 + random.below(8), bytes.count))
        case 2 where at < bytes.count: bytes[at] = UInt8(truncatingIfNeeded: random.next())
        case 3 where at < bytes.count:
            let end = min(at + random.below(20), bytes.count)
            bytes.insert(contentsOf: bytes[at..<end], at: random.below(bytes.count))
        case 4:
            let piece = Array(Self.pieces[random.below(Self.pieces.count)].utf8)
            bytes.insert(contentsOf: Array(repeating: piece, count: random.below(80)).joined(), at: at)
        default: bytes.removeSubrange(at...)
        }
    }

    private func depth(of node: YAMLNode) -> Int {
        switch node.content {
        case .scalar: 1
        case .sequence(let items): 1 + (items.map { depth(of: $0) }.max() ?? 0)
        case .mapping(let entries): 1 + (entries.map { depth(of: $0.value) }.max() ?? 0)
        }
    }
}

/// A small generator with a seed that a failure can name.
struct Xorshift {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(next() % UInt64(limit)) : 0 }
}
