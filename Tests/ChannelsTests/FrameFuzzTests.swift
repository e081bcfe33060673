import Channels
import Testing

@Suite struct FrameFuzzTests {
    private static let seeds = [
        #"{"type":"hello","protocol":1,"token":"t","epoch":"e","seq":41,"profile":{"home_city":"济南"},"trace":true}"#,
        #"{"type":"message","id":"c1","text":"聊城\n\u4f60\uD842\uDFB7,去北京"}"#,
        #"{"type":"feedback","id":"c3","of":3,"rating":"up","comment":"好","x":[1,-2.5e3,null,{"a":[[]]}]}"#,
    ].map { Array($0.utf8) }
    private static let spice =
        Array(#"{}[]",:\u0e-+.19 \uD8"#.utf8) + [0x00, 0x1F, 0x80, 0xC0, 0xE2, 0xED, 0xF4, 0xFF]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `JSN-11 frames that were damaged anyhow are an error or a frame`(seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<5_000 {
            var bytes = Self.seeds[random.below(Self.seeds.count)]
            for _ in 0...random.below(4) {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] = Self.spice[random.below(Self.spice.count)]
                case 1: bytes.insert(Self.spice[random.below(Self.spice.count)], at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
                default: bytes.append(contentsOf: bytes[place...])
                }
                if bytes.isEmpty { bytes = [0x7B] }
            }
            switch FrameDecoder().decode(bytes) {
            case .failure(let error): #expect(error.code != .badJSON || error.id == nil)
            case .success(let frame): #expect(frame.id?.utf8.count ?? 1 <= 64)
            }
        }
    }
}

/// Numbers that look random and are the same each time (SplitMix64).
private struct SplitMix {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }
}
