import Language
import Testing

@Suite struct DressingTests {
    @Test(arguments: [
        ("请问济南职工住院报多少", "济南职工住院报多少"), ("老师您好，打扰了，我想咨询一下，怎么备案", "怎么备案"), ("你好我想问下咋绑共济", "咋绑共济"),
        ("嗯 三甲", "三甲"), ("哎呀医保卡丢了", "医保卡丢了"), ("那个，多少钱", "多少钱"), ("喂喂，有人吗，青岛的", "青岛的"),
        ("就是想问一下潍坊的", "潍坊的"), ("不好意思，麻烦问一哈，几级医院", "几级医院"), ("想打听报销", "报销"),
    ])
    func `what calls for attention goes`(text: String, rest: String) {
        #expect(Dressing.removed(from: text) == rest)
    }

    @Test(arguments: [
        ("烟台居民，谢谢", "烟台居民"), ("要带什么？谢谢您！", "要带什么？"), ("怎么补谢谢", "怎么补"), ("怎么补 急！在线等", "怎么补"),
        ("报多少，急", "报多少"), ("长期，好吗", "长期"), ("在职哈哈哈", "在职"), ("这么少啊", "这么少"), ("去窗口~~", "去窗口"), ("两万😊😊", "两万"),
        ("多久到账，你知道吗？谢谢啦😂", "多久到账"), ("能告诉我怎么备案吗？", "怎么备案"),
    ])
    func `thanks haste and laughter go`(text: String, rest: String) {
        #expect(Dressing.removed(from: text) == rest)
    }

    @Test(arguments: [
        ("怎么备案 怎么备案", "怎么备案"), ("异地怎么报异地怎么报", "异地怎么报"), ("大连居民，门诊。大连居民，门诊。", "大连居民，门诊"),
        ("异 地 备 案", "异地备案"), ("亲 情 账 户 怎 么 绑", "亲情账户怎么绑"), ("谢 谢 ， 那 日 照 呢", "谢谢，那日照呢"),
    ])
    func `what is sent twice or spaced out is read once and closed up`(text: String, rest: String) {
        #expect(Dressing.removed(from: text) == rest)
    }

    @Test(arguments: [
        "谢谢", "你好", "嗯", "好的，谢谢", "不用了谢谢", "问一下他", "哈哈", "就是", "你好吗", "那个多少钱", "急诊住院", "着急用钱", "济南 职工 住院",
        "2020 2020",
        "请假条", "额度多少", "早产儿", "亲属关系证明", "喂奶期", "啊", "😊", "", "麻烦了", "……",
    ])
    func `what may say something stays`(text: String) {
        let rest = Dressing.removed(from: text)
        #expect(rest == nil || rest == "", "\(rest ?? "")")
    }

    @Test(arguments: [
        ("请问哈尔滨的", "哈尔滨的"), ("请问哈密居民", "哈密居民"), ("我想问下个月交行吗", "我想问下个月交行吗"), ("请问看病怎么报", "看病怎么报"),
        ("请问下半年交可以吗", "下半年交可以吗"), ("请问下怎么交", "怎么交"), ("请问一句话说", "一句话说"),
    ])
    func `a word of the question is no softener`(text: String, rest: String) {
        #expect((Dressing.removed(from: text) ?? text) == rest)
    }
}
