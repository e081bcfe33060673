import Language

/// Phrases by their sound, to make out those written with other characters (辽城 for 聊城, 居名医保 for 居民医保).
struct PhraseSounds: Sendable {
    /// Sounds of the phrases, ascending, and the number of each phrase.
    private var sounds: [UInt64] = []
    private var phrases: [Int32] = []
    /// The sounds as they are, before confusable ones are merged.
    private var exact: [UInt64] = []

    var isEmpty: Bool { sounds.isEmpty }

    /// - Parameter entries: normalised phrases with their numbers.
    init(_ entries: [(scalars: [UInt32], phrase: Int)]) {
        var keyed: [(sound: UInt64, phrase: Int32, exact: UInt64)] = []
        for (scalars, phrase) in entries {
            guard let sound = PhraseSounds.sound(scalars[...], Pinyin.fuzzy),
                let own = PhraseSounds.sound(scalars[...], Pinyin.syllable)
            else { continue }
            keyed.append((sound, Int32(phrase), own))
        }
        keyed.sort { ($0.sound, $0.phrase) < ($1.sound, $1.phrase) }
        sounds = keyed.map(\.sound)
        phrases = keyed.map(\.phrase)
        exact = keyed.map(\.exact)
    }

    /// Two to five syllables packed into 45 bits, nil when a reading isn't known.
    private static func sound(_ scalars: ArraySlice<UInt32>, _ reading: (UInt32) -> Pinyin.Syllable)
        -> UInt64?
    {
        guard (2...5).contains(scalars.count) else { return nil }
        var packed: UInt64 = 0
        for scalar in scalars {
            let syllable = reading(scalar)
            guard syllable != 0, syllable < 512 else { return nil }
            packed = packed << 9 | UInt64(syllable)
        }
        return packed
    }

    /// The numbers of the phrases that sound so, ascending. Confusable sounds count as one when `isLoose`.
    func phrases(soundingLike scalars: ArraySlice<UInt32>, isLoose: Bool) -> [Int] {
        guard let sound = PhraseSounds.sound(scalars, Pinyin.fuzzy) else { return [] }
        var low = 0
        var high = sounds.count
        while low < high {
            let middle = (low + high) / 2
            if sounds[middle] < sound { low = middle + 1 } else { high = middle }
        }
        guard low < sounds.count, sounds[low] == sound else { return [] }
        let own = PhraseSounds.sound(scalars, Pinyin.syllable)
        var found: [Int] = []
        while low < sounds.count, sounds[low] == sound {
            if isLoose || exact[low] == own { found.append(Int(phrases[low])) }
            low += 1
        }
        return found
    }
}
