/// A figure, a deadline, a document or a step that a wording states in words alone, without a digit or a unit that would give it
/// away: 七成, 次月生效, 一个月后, 带户口本, 下载某某APP.
enum LiteralWords {
    private static let numerals = Set("二三四五六七八九两半".unicodeScalars)
    private static let powers = Set("百千万亿".unicodeScalars)
    /// As they stand in contracts.
    private static let formal = Set("壹贰叁肆伍陆柒捌玖拾佰仟萬".unicodeScalars)
    private static let digits = Set("〇零一二三四五六七八九".unicodeScalars)

    private static let deadlines = scalars([
        "当天", "当日", "次月", "次日", "次年", "年底", "年末", "月底", "月末", "即日", "第二天", "隔天", "下个月", "下月", "上半年",
        "下半年",
    ])
    /// What 一 counts where a bound follows (一个月后); elsewhere it is a word like any other (一次, 一年交一次).
    private static let spans = scalars([
        "个月", "个工作日", "个季度", "季度", "小时", "年", "天", "周", "号", "日", "月",
    ])
    private static let bounds = Set("后内前之以起".unicodeScalars)
    private static let askingWords = Set("哪每".unicodeScalars)
    /// What 成 begins other than a share (五成功).
    private static let withShare = Set("功为员人本都立".unicodeScalars)
    private static let paying = Set("报给能付出交退".unicodeScalars)

    private static let handing = scalars(["带", "携带", "拿", "出示", "提供", "提交", "准备", "备好", "交上"])
    /// The insured card itself is what many wordings are about.
    private static let documents = scalars([
        "身份证", "户口本", "户口簿", "居住证", "病历", "发票", "诊断证明", "出生证", "结婚证", "银行卡", "费用清单", "出院小结", "出院记录",
        "转诊单", "委托书", "毕业证", "死亡证明",
    ])
    private static let opening = scalars(["下载", "登录", "登陆", "打开", "进入", "关注", "搜索"])
    private static let programs = scalars(["APP", "App", "app", "小程序", "公众号", "网站", "平台", "客户端"])

    private static func scalars(_ words: [String]) -> [[Unicode.Scalar]] {
        words.map { Array($0.unicodeScalars) }
    }

    /// The first of them; nil when there is none.
    static func first(in text: [Unicode.Scalar]) -> String? {
        for index in text.indices {
            guard let end = end(of: text, from: index) else { continue }
            return String(String.UnicodeScalarView(text[index..<end]))
        }
        return nil
    }

    private static func end(of text: [Unicode.Scalar], from index: Int) -> Int? {
        word(of: deadlines, in: text, at: index)
            ?? figure(in: text, at: index)
            ?? pair(handing, documents, within: 4, in: text, at: index)
            ?? pair(opening, programs, within: 10, in: text, at: index)
    }

    private static func figure(in text: [Unicode.Scalar], at index: Int) -> Int? {
        let scalar = text[index]
        func next(_ offset: Int) -> Unicode.Scalar? {
            text.indices.contains(index + offset) ? text[index + offset] : nil
        }
        if scalar == "一" {
            if index > 0, askingWords.contains(text[index - 1]) { return nil }
            if next(1) == "半" {
                let neighbours = [index > 0 ? text[index - 1] : nil, next(2)].compactMap(\.self)
                return neighbours.contains(where: paying.contains) ? index + 2 : nil
            }
            if let power = next(1), powers.contains(power) { return index + 2 }
            if let end = word(of: spans, in: text, at: index + 1), end < text.count,
                bounds.contains(text[end])
            {
                return end
            }
        }
        if digits.contains(scalar) {
            let length = text[index...].prefix(while: digits.contains).count
            if length >= 3 { return index + length }
        }
        if numerals.contains(scalar) || scalar == "十", let power = next(1), powers.contains(power) {
            return index + 2
        }
        if numerals.contains(scalar), next(1) == "成", !(next(2).map(withShare.contains) ?? false) {
            return index + 2
        }
        if formal.contains(scalar), let unit = next(1), formal.contains(unit) || unit == "元" || unit == "圆" {
            return index + 2
        }
        return nil
    }

    /// Where the longest of the words that begins there ends.
    private static func word(of words: [[Unicode.Scalar]], in text: [Unicode.Scalar], at index: Int) -> Int? {
        words.filter { text[min(index, text.count)...].starts(with: $0) }.map { index + $0.count }.max()
    }

    /// Where the second of two words ends that stand together, with no more than so many scalars and no pause between them.
    private static func pair(
        _ first: [[Unicode.Scalar]], _ second: [[Unicode.Scalar]], within reach: Int,
        in text: [Unicode.Scalar],
        at index: Int
    ) -> Int? {
        guard let start = word(of: first, in: text, at: index) else { return nil }
        for place in start..<min(text.count, start + reach + 1) {
            if let end = word(of: second, in: text, at: place) { return end }
            if !text[place].properties.isAlphabetic { return nil }
        }
        return nil
    }
}
