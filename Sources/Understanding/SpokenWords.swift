import Language

/// Puts the words of dialects and of speech in the place of which everybody has the same ones, before features are taken: what was
/// learnt of 怎么办 serves for 咋整 and 咋弄 as well. Learning and understanding do it alike.
package enum SpokenWords {
    /// What is said, and what it stands for.
    private static let words: [(said: String, plain: String)] = [
        ("咋个", "怎么"), ("咋么", "怎么"), ("咋样", "怎么样"), ("咋整", "怎么办"), ("咋弄", "怎么办"), ("咋搞", "怎么办"), ("咋着", "怎么"),
        ("咋", "怎么"),
        ("啷个", "怎么"), ("哪哈", "怎么"), ("点样", "怎么样"), ("点办", "怎么办"), ("点解", "为什么"),
        ("啥子", "什么"), ("么子", "什么"), ("乜嘢", "什么"), ("乜野", "什么"), ("甚么", "什么"), ("啥", "什么"), ("几时", "什么时候"),
        ("好多钱", "多少钱"), ("几多钱", "多少钱"), ("几钱", "多少钱"), ("几多", "多少"),
        ("俺们", "我们"), ("俺娘", "我妈"), ("俺爹", "我爸"), ("俺", "我"), ("恁多大", "你多大"), ("恁多", "这么多"), ("恁些", "这么多"),
        ("恁少", "这么少"),
        ("恁贵", "这么贵"), ("恁高", "这么高"), ("恁低", "这么低"), ("恁慢", "这么慢"), ("恁久", "这么久"), ("恁长", "这么长"),
        ("恁远", "这么远"), ("恁难", "这么难"),
        ("恁麻烦", "这么麻烦"), ("恁们", "你们"), ("恁", "你"), ("佢", "他"), ("爹", "爸"),
        ("老娘", "老妈"),
        ("我娘", "我妈"), ("老豆", "老爸"), ("老汉儿", "老爸"), ("阿妈", "妈妈"), ("阿爸", "爸爸"),
        ("莫得", "没有"), ("冇得", "没有"), ("冇", "没有"), ("没得", "没有"), ("木有", "没有"), ("晓得", "知道"), ("晓不得", "不知道"),
        ("知不道", "不知道"),
        ("得不得行", "可不可以"), ("得行", "可以"), ("阔以", "可以"), ("中不中", "行不行"), ("要得不", "行不行"), ("唔", "不"), ("嘅", "的"),
        ("哪儿", "哪里"), ("哪嘎达", "哪里"), ("哪旮旯", "哪里"), ("哪旮沓", "哪里"), ("哪疙瘩", "哪里"), ("哪块儿", "哪里"), ("哪搭", "哪里"),
        ("边度", "哪里"),
        ("边个", "哪个"), ("娃娃", "孩子"), ("娃儿", "孩子"), ("娃子", "孩子"), ("娃", "孩子"), ("伢子", "孩子"), ("细佬", "孩子"),
        ("细伢子", "孩子"), ("小囡", "孩子"),
        ("这会儿", "现在"), ("眼目前", "现在"), ("而今", "现在"), ("这阵儿", "现在"), ("瞧病", "看病"), ("看毛病", "看病"), ("睇病", "看病"),
        ("瞧医生", "看医生"),
        ("睇医生", "看医生"), ("铜钿", "钱"), ("畀", "给"),
    ]

    /// Words that only colour the end of a sentence.
    private static let endings = Set("噻嘞撒哩咧捏呗啵伐哈".unicodeScalars.map(\.value))
    /// Asks for assent behind what was asked already.
    private static let tags = WordList("中不中 要得不 要得吧 行不行 行不 好不好 成不成 成不 得行不 得不得行 阔以不 可不可以")

    private static let byFirst: [UInt32: [(said: [UInt32], plain: [UInt32])]] = {
        var result: [UInt32: [(said: [UInt32], plain: [UInt32])]] = [:]
        for (said, plain) in words {
            let scalars = said.unicodeScalars.map(\.value)
            result[scalars[0], default: []].append((scalars, plain.unicodeScalars.map(\.value)))
        }
        return result.mapValues { $0.sorted { $1.said.count < $0.said.count } }
    }()

    /// The plain form of normalised scalars, in which marks of entities may stand.
    package static func plain(_ scalars: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var spans: [Range<Int>] = []
        plain(scalars, spans: scalars.indices.map { $0..<$0 + 1 }, into: &result, &spans)
        return result
    }

    /// As `plain(_:)`, with where each scalar comes from, before and after.
    static func plain(
        _ scalars: [UInt32], spans: [Range<Int>], into result: inout [UInt32],
        _ plainSpans: inout [Range<Int>]
    ) {
        result.removeAll(keepingCapacity: true)
        plainSpans.removeAll(keepingCapacity: true)
        let core = Dressing.core(of: scalars) { spans[$0 - 1].upperBound < spans[$0].lowerBound }
        let end = SpokenWords.end(of: scalars, core)
        var index = core.lowerBound
        while index < end {
            let value = scalars[index]
            if let words = byFirst[value],
                let word = words.first(where: { scalars[index..<end].starts(with: $0.said) })
            {
                let span = spans[index].lowerBound..<spans[index + word.said.count - 1].upperBound
                result.append(contentsOf: word.plain)
                for _ in word.plain { plainSpans.append(span) }
                index += word.said.count
                continue
            }
            if index == 0 || !colours(index, scalars, end) {
                result.append(value)
                plainSpans.append(spans[index])
            }
            index += 1
        }
    }

    /// Whether nothing but colour stands from here to the end of the sentence. What is doubled is laughing or babble (哈哈).
    private static func colours(_ index: Int, _ scalars: [UInt32], _ end: Int) -> Bool {
        let value = scalars[index]
        guard scalars[index - 1] != value, index + 1 == end || scalars[index + 1] != value else {
            return false
        }
        for value in scalars[index..<end] where !endings.contains(value) {
            return scalars[index] != value && ScalarClass.isBreak(value)
        }
        return true
    }

    /// As little as may be left when the rest only called for attention.
    private static let least = 3

    /// Where the question ends before a tag.
    private static func end(of scalars: [UInt32], _ core: Range<Int>) -> Int {
        var end = core.upperBound
        while end > core.lowerBound, ScalarClass.isBreak(scalars[end - 1]) { end -= 1 }
        guard let length = tags.length(before: end, in: scalars), end - length > 2 * least,
            ScalarClass.isBreak(scalars[end - length - 1])
        else { return core.upperBound }
        return end - length
    }
}
