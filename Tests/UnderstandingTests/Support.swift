import Conversation
import Language
import Understanding

/// A few divisions with their aliases, enough for every kind of ambiguity.
enum Sample {
    private static let rows = """
        110000 北京市 province 000000 北京 帝都 bj beijing
        110101 东城区 county 110000 东城
        110105 朝阳区 county 110000 朝阳
        110112 通州区 county 110000 通州
        120000 天津市 province 000000 天津
        120101 和平区 county 120000 和平
        120102 河东区 county 120000 河东
        130600 保定市 prefecture 130000 保定
        141030 交城县 county 141100 交城
        140302 城区 county 140300
        150000 内蒙古自治区 province 000000 内蒙古
        152200 兴安盟 prefecture 150000 兴安
        150800 巴彦淖尔市 prefecture 150000 巴彦淖尔 巴盟
        210000 辽宁省 province 000000 辽宁
        210102 和平区 county 210100 和平
        210200 大连市 prefecture 210000 大连 dl
        210100 沈阳市 prefecture 210000 沈阳
        211300 朝阳市 prefecture 210000 朝阳
        220000 吉林省 province 000000 吉林
        220100 长春市 prefecture 220000 长春
        220200 吉林市 prefecture 220000
        220500 通化市 prefecture 220000 通化
        310000 上海市 province 000000 上海
        320100 南京市 prefecture 320000 南京
        320106 鼓楼区 county 320100 鼓楼
        320302 鼓楼区 county 320300 鼓楼
        320600 南通市 prefecture 320000 南通
        320612 通州区 county 320600 通州
        341200 阜阳市 prefecture 340000 阜阳
        340000 安徽省 province 000000 安徽
        350205 海沧区 county 350200 海沧
        360400 九江市 prefecture 360000 九江
        350400 三明市 prefecture 350000 三明
        370000 山东省 province 000000 山东
        370100 济南市 prefecture 370000 济南 泉城 jn jinan
        370102 历下区 county 370100 历下
        370103 市中区 county 370100
        370104 槐荫区 county 370100 槐荫
        370402 市中区 county 370400
        371500 聊城市 prefecture 370000 聊城 liaocheng
        371503 茌平区 county 371500 茌平 荏平
        371700 菏泽市 prefecture 370000 菏泽
        370200 青岛市 prefecture 370000 青岛
        440000 广东省 province 000000 广东
        440100 广州市 prefecture 440000 广州
        440300 深圳市 prefecture 440000 深圳 sz
        442000 中山市 prefecture 440000 中山
        460000 海南省 province 000000 海南
        530000 云南省 province 000000 云南
        530500 保山市 prefecture 530000 保山
        542500 阿里地区 prefecture 540000 阿里
        620102 城关区 county 620100 城关
        620100 兰州市 prefecture 620000 兰州
        640324 同心县 county 640300 同心
        620400 白银市 prefecture 620000 白银
        140000 山西省 province 000000 山西
        """

    static let places: [(place: Place, aliases: [String])] = rows.split(separator: "\n").compactMap { row in
        let parts = row.split(separator: " ").map(String.init)
        guard let level = Place.Level(rawValue: parts[2]) else { return nil }
        return (
            Place(code: parts[0], name: parts[1], level: level, parent: parts[3]), Array(parts.dropFirst(4))
        )
    }

    static let entries =
        PlaceLexicon.entries(for: places) + [
            LexiconEntry(type: "insurance", phrase: "职工医保", value: "职工"),
            LexiconEntry(type: "insurance", phrase: "职工", value: "职工"),
            LexiconEntry(type: "insurance", phrase: "居民医保", value: "居民"),
            LexiconEntry(type: "insurance", phrase: "学生医保", value: "居民"),
            LexiconEntry(type: "insurance", phrase: "城乡居民", value: "居民"),
            LexiconEntry(type: "insurance", phrase: "城职", value: "居民"),
            LexiconEntry(type: "population", phrase: "学生", value: "学生儿童"),
            LexiconEntry(type: "population", phrase: "退休", value: "退休"),
            LexiconEntry(type: "population", phrase: "没退休", value: "在职"),
            LexiconEntry(type: "scenario", phrase: "住院", value: "住院"),
            LexiconEntry(type: "scenario", phrase: "门诊", value: "门诊"),
            LexiconEntry(type: "scenario", phrase: "急诊", value: "急诊"),
            LexiconEntry(type: "stay_type", phrase: "急诊", value: "急诊"),
            LexiconEntry(type: "stay_type", phrase: "急诊抢救", value: "急诊"),
            LexiconEntry(type: "stay_type", phrase: "跟我在{place}住", value: "长期"),
            LexiconEntry(type: "stay_type", phrase: "从{place}到{place}急诊", value: "转运"),
            LexiconEntry(type: "channel", phrase: "爱山东", value: "爱山东"),
            LexiconEntry(type: "channel", phrase: "app", value: "线上"),
            LexiconEntry(type: "referral", phrase: "有", value: "有"),
            LexiconEntry(type: "referral", phrase: "没有", value: "没有"),
            LexiconEntry(type: "referral", phrase: "没有转诊", value: "没有"),
            LexiconEntry(type: "relation", phrase: "老的", value: "父母"),
            LexiconEntry(type: "relation", phrase: "老的", value: "配偶"),
        ]

    static let lexicon = Lexicon(entries)

    static let training = TrainingSet(
        examples: [
            ("去外地看病怎么备案", "filing"), ("异地就医备案怎么办理", "filing"), ("转到北京住院要不要备案", "filing"),
            ("我想办个异地备案", "filing"),
            ("到上海看病需要登记吗", "filing"), ("老人跟着孩子住外地怎么备案", "filing"), ("备案要什么材料", "filing"),
            ("跨省就医怎么登记", "filing"),
            ("医保断了三个月怎么补", "lapse"), ("断缴以后怎么续上", "lapse"), ("断交了还能补缴吗", "lapse"), ("停了半年医保怎么恢复", "lapse"),
            ("补缴以后多久能用", "lapse"), ("去年忘了交医保还能补吗", "lapse"), ("中断缴费怎么办", "lapse"), ("断保了有等待期吗", "lapse"),
            ("住院花了两万三能报多少", "calc"), ("花了一万块能报销多少钱", "calc"), ("帮我算一下能报多少", "calc"),
            ("住院费8000元自己掏多少", "calc"),
            ("三级医院花了五万报多少", "calc"), ("门诊花了600能报多少", "calc"), ("算算我这次能报多少钱", "calc"), ("总共花了3万自费多少", "calc"),
            ("你好", "greet"), ("您好在吗", "greet"), ("早上好", "greet"), ("喂有人吗", "greet"), ("在不在", "greet"),
            ("你好呀", "greet"),
        ].map { TrainingSet.Example(text: $0.0, intent: $0.1) })

    static let model = UnderstandingModel(training: training, lexicon: lexicon)

    static func entities(_ text: String, _ expecting: Expectation? = nil) -> [Entity] {
        model.understand(text, expecting: expecting).entities
    }

    /// Places as `code`, `code@role`, `code|code` when ambiguous, `!` in front when ruled out.
    static func places(_ text: String, _ expecting: Expectation? = nil) -> [String] {
        entities(text, expecting).filter { $0.type == "place" }.map { entity in
            (entity.isNegated ? "!" : "")
                + (entity.value.isEmpty ? entity.alternatives.joined(separator: "|") : entity.value)
                + (entity.role.map { "@" + $0 } ?? "")
        }
    }
}
