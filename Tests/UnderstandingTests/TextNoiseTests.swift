import Language
import Understanding
import Testing

@Suite struct TextNoiseTests {
    private let text = "我爸没有转诊单，在外地看病怎么办理异地就医备案，报销要交什么材料"

    @Test(arguments: TextNoise.Kind.allCases)
    func `the same seed spoils alike, no share leaves the text alone, a full one changes it`(
        kind: TextNoise.Kind
    ) {
        let noise = TextNoise(kind, share: 1, seed: 3)
        #expect(noise.spoiled(text) == noise.spoiled(text))
        #expect(noise.spoiled(text) != text)
        #expect(TextNoise(kind, share: 0, seed: 3).spoiled(text) == text)
        #expect(noise.spoiled("") == "" || kind == .dialect)
    }

    @Test func `homophones sound like what they stand for`() {
        let spoiled = TextNoise(.homophones, share: 0.5, seed: 1).spoiled(text)
        #expect(spoiled != text)
        #expect(
            spoiled.unicodeScalars.map { Pinyin.syllable($0.value) }
                == text.unicodeScalars.map { Pinyin.syllable($0.value) })
    }

    @Test(arguments: [TextNoise.Kind.spaces, .traditional, .emoji])
    func `what normalising undoes is undone`(kind: TextNoise.Kind) {
        let spoiled = TextNoise(kind, share: 0.7, seed: 5).spoiled(text)
        #expect(spoiled != text)
        #expect(Normalizer.normalize(spoiled).scalars == Normalizer.normalize(text).scalars)
    }

    @Test func `the share is about the part that is struck`() {
        let long = String(repeating: "医保备案", count: 500)
        let spoiled = TextNoise(.homophones, share: 0.2, seed: 9).spoiled(long)
        let changed = zip(long.unicodeScalars, spoiled.unicodeScalars).count { $0 != $1 }
        #expect((340...460).contains(changed))
    }
}
