import Authoring
import Testing

@Suite struct LiteralFigureTests {
    @Test(arguments: [
        "三个工作日生效", "报百分之八十", "起付线500元", "打12393", "２０２５年", "去《备案表》上填", "看 http://a.b", "两万块", "半年", "七十岁",
        "80%",
    ]) func `what a person may rely on is found`(text: String) {
        #expect(LiteralFigure.first(in: text) != nil)
    }

    @Test(arguments: [
        "一样的", "一次说清", "再说一遍", "参保地在北京", "什么样的医院", "三甲、省市大医院", "万一没带卡", "千万别发密码", "十分着急", "二级医院",
    ]) func `words that only look like figures are let be`(text: String) {
        #expect(LiteralFigure.first(in: text) == nil)
    }
}
