import Authoring
import Testing

@Suite struct LiteralFigureTests {
    @Test(arguments: [
        "三个工作日生效", "报百分之八十", "起付线500元", "打12393", "２０２５年", "去《备案表》上填", "看 http://a.b", "两万块", "半年", "七十岁",
        "80%", "能报七成。", "九成五", "一半能报", "能报一半", "两万封顶。", "壹佰元", "拨打一二三九三。", "当天生效。", "次月生效。", "年底前交。",
        "一个月后", "下个月一号前", "带身份证和户口本去。", "准备好出院小结", "下载国家医保服务平台APP，先实名再提交。", "打开微信小程序",
    ]) func `what a person may rely on is found`(text: String) {
        #expect(LiteralFigure.first(in: text) != nil)
    }

    @Test(arguments: [
        "哪一年的", "办到一半可以说“取消”", "一成不变", "别发身份证号", "带个家里人，身份证号别发", "出示社保卡也一样", "我看不了您的病历", "平台上怎么下载",
        "一样的", "一次说清", "再说一遍", "参保地在北京", "什么样的医院", "三甲、省市大医院", "万一没带卡", "千万别发密码", "十分着急", "二级医院",
    ]) func `words that only look like figures are let be`(text: String) {
        #expect(LiteralFigure.first(in: text) == nil)
    }
}
