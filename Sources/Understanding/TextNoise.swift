import Language

/// Spoils a text the way people's typing does, to measure how much understanding loses by it. The same seed and text give
/// the same result.
package struct TextNoise: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Other characters of the same sound (被案 for 备案).
        case homophones
        /// Characters that look alike (已 for 己).
        case shapes
        /// Spaces between characters.
        case spaces
        /// Traditional characters.
        case traditional
        /// Emoji in between.
        case emoji
        /// Words in letters instead of characters (beian for 备案).
        case pinyin
        /// Words of dialects and fillers.
        case dialect
        /// Characters left out.
        case omissions
        /// Neighbouring characters the wrong way round.
        case swaps
        /// English words among the Chinese ones.
        case english
    }

    package let kind: Kind
    /// Chance that a place where the noise can strike is struck, 0…1.
    package let share: Double
    private let seed: UInt64

    package init(_ kind: Kind, share: Double, seed: UInt64) {
        self.kind = kind
        self.share = share
        self.seed = seed
    }

    /// The text spoiled.
    package func spoiled(_ text: String) -> String {
        var fingerprint = Fingerprint()
        fingerprint.mix(seed)
        fingerprint.mix(text)
        var dice = Dice(state: fingerprint.value)
        switch kind {
        case .dialect: return dialect(text, &dice)
        case .english: return english(text, &dice)
        case .pinyin: return pinyin(Array(text.unicodeScalars), &dice)
        case .swaps: return swapped(Array(text.unicodeScalars), &dice)
        default: return replaced(text, &dice)
        }
    }

    /// Numbers from a seed (SplitMix64).
    struct Dice {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }

        mutating func strikes(_ share: Double) -> Bool {
            Double(next() >> 11) / 9_007_199_254_740_992 < share
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element? {
            elements.isEmpty ? nil : elements[Int(next() % UInt64(elements.count))]
        }
    }

    private func replaced(_ text: String, _ dice: inout Dice) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard ScalarClass.isHan(scalar.value), dice.strikes(share) else {
                result.append(scalar)
                continue
            }
            switch kind {
            case .homophones:
                let others = Pinyin.homophones(of: scalar.value).filter { $0 != scalar.value }
                result.append(dice.pick(others).flatMap(Unicode.Scalar.init) ?? scalar)
            case .shapes: result.append(dice.pick(Lookalikes.of[scalar] ?? []) ?? scalar)
            case .traditional:
                result.append(
                    dice.pick(HanFolding.unfolded(scalar.value)).flatMap(Unicode.Scalar.init) ?? scalar)
            case .spaces:
                result.append(scalar)
                result.append(" ")
            case .emoji:
                result.append(scalar)
                if let emoji = dice.pick(TextNoise.emoji) { result.append(emoji) }
            case .omissions: break
            case .pinyin, .dialect, .swaps, .english: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Runs of two or three characters in letters, with spaces around.
    private func pinyin(_ scalars: [Unicode.Scalar], _ dice: inout Dice) -> String {
        var result = ""
        var index = 0
        while index < scalars.count {
            let length = 2 + Int(dice.next() % 2)
            let end = index + length
            if end <= scalars.count, dice.strikes(share),
                let spelling = Pinyin.spelling(
                    String(String.UnicodeScalarView(scalars[index..<min(end, scalars.count)])))
            {
                result += result.isEmpty || result.hasSuffix(" ") ? spelling : " " + spelling
                if end < scalars.count { result += " " }
                index = end
            } else {
                result.unicodeScalars.append(scalars[index])
                index += 1
            }
        }
        return result
    }

    private func swapped(_ scalars: [Unicode.Scalar], _ dice: inout Dice) -> String {
        var scalars = scalars
        var index = 0
        while index + 1 < scalars.count {
            if ScalarClass.isHan(scalars[index].value), ScalarClass.isHan(scalars[index + 1].value),
                dice.strikes(share)
            {
                scalars.swapAt(index, index + 1)
                index += 1
            }
            index += 1
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private func dialect(_ text: String, _ dice: inout Dice) -> String {
        var result = text
        for (word, others) in TextNoise.dialect where dice.strikes(share) {
            if let other = dice.pick(others), let range = result.firstRange(of: word) {
                result.replaceSubrange(range, with: other)
            }
        }
        if dice.strikes(share), let opening = dice.pick(TextNoise.openings) { result = opening + result }
        if dice.strikes(share), let ending = dice.pick(TextNoise.endings) { result += ending }
        return result
    }

    private static let emoji: [Unicode.Scalar] = ["😀", "😭", "🙏", "👍", "❓", "🏥", "💰"]

    private static let openings = [
        "那个，", "哎，", "师傅，", "同志，", "喂，", "我想问一下子哈，", "麻烦问一哈，", "哎呀，", "诶，", "额，", "姑娘，",
    ]
    private static let endings = ["噻", "嘞", "撒", "哩", "咧", "呗", "啵", "嘛", "哈", "捏", "，中不中", "，要得不"]

    /// What is said elsewhere instead.
    private static let dialect: [(word: String, others: [String])] = [
        ("怎么", ["咋", "咋个", "啷个", "咋么", "点样", "哪能", "乍"]), ("什么", ["啥", "啥子", "么子", "乜嘢", "嘛"]),
        ("多少钱", ["好多钱", "几钱", "几多钱", "多钱"]), ("我", ["俺", "偶", "侬"]), ("哪里", ["哪儿", "哪旮旯", "哪块", "边度", "哪搭"]),
        ("不能", ["不得", "不中", "莫得"]), ("没有", ["莫得", "冇", "没得", "木有"]), ("知道", ["晓得", "知不道"]),
        ("可以", ["得行", "中", "阔以"]), ("妈", ["娘", "老娘", "俺娘", "阿妈"]), ("爸", ["爹", "老汉", "俺达", "老豆"]),
        ("孩子", ["娃儿", "娃", "细佬", "伢子", "小囡"]), ("吗", ["不", "啵", "么", "伐"]), ("现在", ["这会儿", "而今", "眼目前"]),
        ("看病", ["瞧病", "看医生", "看毛病"]), ("办理", ["整", "弄", "搞"]), ("办", ["整", "弄", "搞"]),
    ]
}
