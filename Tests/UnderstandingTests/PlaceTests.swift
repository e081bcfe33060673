import Conversation
import Testing
import Understanding

@Suite struct PlaceTests {
    @Test(arguments: [
        ("聊城的医保,去北京看病怎么备案", ["371500@home", "110000@destination"]),
        ("从菏泽转到济南住院", ["371700@home", "370100@destination"]),
        ("聊城去北京看病", ["371500@home", "110000@destination"]),
        ("老家安徽阜阳现在在上海打工", ["341200@home", "310000@destination"]),
        ("我是茌平人在济南住院", ["371503@home", "370100@destination"]),
        ("济南的医保在北京能用吗", ["370100@home", "110000@destination"]),
        ("医保在聊城,人在青岛", ["371500@home", "370200@destination"]),
        ("我在济南交的医保", ["370100@home"]),
        ("在深圳上班", ["440300@destination"]),
        ("我在深圳打工,回老家看病怎么报", ["440300@home"]),
        ("闺女在深圳上班,回老家阜阳生孩子", ["440300@home", "341200@destination"]),
        ("在北京工作,想回聊城住院", ["110000@home", "371500@destination"]),
        ("孩子在济南读大学,放假回家住院了", ["370100@home"]),
        ("我是安徽阜阳的,在深圳厂里上班,厂里医保断了", ["341200@aside", "440300@home"]),
        ("老家聊城,在深圳工作,公司给交的医保", ["371500@aside", "440300@home"]),
        ("聊城的医保,在深圳工作,公司交的断了", ["371500@home", "440300@destination"]),
        ("在深圳打工,回老家才能报吗", ["440300@destination"]),
        ("在深圳打工,备过案,回老家看病呢", ["440300@destination"]),
        ("老家聊城的医保,在深圳打工,回老家看病", ["371500@home", "440300@destination"]),
        ("回老家阜阳交医保", ["341200@home"]),
        ("从深圳回老家阜阳看病", ["440300@home", "341200@destination"]),
        ("孩子在深圳,我去住院", ["440300@destination"]),
        ("济南职工医保报多少", ["370100@home"]),
        ("济南", ["370100"]),
        ("山东济南", ["370100"]),
        ("山东省济南市槐荫区", ["370104"]),
        ("济南槐荫区医保", ["370104@home"]),
        ("济南的槐荫区", ["370104"]),
        ("朝阳区,北京", ["110105"]),
        ("北京朝阳", ["110105"]),
        ("辽宁朝阳", ["211300"]),
        ("辽宁的朝阳", ["211300"]),
        ("朝阳医保怎么报", ["110105|211300@home"]),
        ("朝阳市", ["211300"]),
        ("朝阳区", ["110105"]),
        ("鼓楼区", ["320106|320302"]),
        ("南京鼓楼区", ["320106"]),
        ("市中区医保", ["370103|370402@home"]),
        ("济南历下区和市中区", ["370102", "370103"]),
        ("通州", ["110112|320612"]),
        ("南通通州", ["320612"]),
        ("吉林医保", ["220000@home"]),
        ("吉林市医保", ["220200@home"]),
        ("茌平县", ["371503"]),
        ("内蒙古兴安盟", ["152200"]),
        ("巴盟医保", ["150800@home"]),
        ("JINAN医保", ["370100@home"]),
        ("ｂｊ看病", ["110000@destination"]),
        ("濟南的醫保", ["370100@home"]),
        ("不是北京,是天津", ["!110000", "120000"]),
        ("不要去北京", ["!110000@destination"]),
        ("是不是北京的医保", ["110000@home"]),
        ("和平区医保电话", ["120101|210102@home"]),
        ("天津和平", ["120101"]),
        ("河东医保", ["120102@home"]),
        ("兰州城关区", ["620102"]),
        ("西安不算,去白银市住院", ["620400@destination"]),
        ("三明医保", ["350400@home"]),
        ("社保山西", ["140000"]),
        ("医保山东怎么查", ["370000"]),
        ("去 大连 接孩子", ["210200@destination"]),
        ("去大连接孩子", ["210200@destination"]),
        ("济南市民怎么参保", ["370100"]),
        ("广州中山医院", ["440100"]),
        ("荏平医保局", ["371503@home"]),
        ("把它换成长春", ["220100"]),
    ])
    func `places are found, told apart and given their part`(text: String, expected: [String]) {
        #expect(Sample.places(text) == expected)
    }

    @Test(arguments: [
        "医保定点医院有哪些", "开通化疗报销吗", "交城乡居民医保", "世界和平", "在和平医院看病", "南方人", "上海滩", "5g大连接", "爱山东怎么用", "阿里巴巴买药",
        "看南通过哪个渠道", "在哪办三明天去", "大家同心协力", "城区医保", "社保卡", "异地安置", "我在医保局", "djinn", "东西南北", "白银价格",
    ])
    func `words that merely hold a name are no places`(text: String) {
        #expect(Sample.places(text) == [])
    }

    @Test(arguments: [
        ("和平", ["120101|210102"]), ("辽城", ["371500"]), ("聊成市", ["371500"]), ("就是白银", ["620400"]),
        ("聊城吧", ["371500"]), ("在哪", []), ("不知道", []),
    ])
    func `where a place is expected less is needed`(text: String, expected: [String]) {
        #expect(Sample.places(text, Expectation(types: ["place"])) == expected)
    }

    @Test func `a guessed place says that it was guessed`() {
        #expect(Sample.entities("辽城", Expectation(types: ["place"])).first?.certainty == .fuzzy)
        #expect(Sample.entities("聊城").first?.certainty == .exact)
    }

    @Test func `the words of a place are those that were written`() throws {
        let entity = try #require(Sample.entities("去　濟 南🙂看病").first)
        #expect(entity.text == "濟 南")
        #expect(entity.range == 2..<5)
    }

    @Test func `an ambiguous place has no value of its own`() throws {
        let entity = try #require(Sample.entities("朝阳").first)
        #expect(entity.value == "")
        #expect(entity.alternatives == ["110105", "211300"])
    }

    @Test(arguments: [
        ("俺是辽城滴", ["371500"]), ("医保在辽城呢", ["371500"]), ("那个，辽城吧", ["371500"]),
        // What asks, or has other words, names nothing by its sound; nor does what makes sense as it is written.
        ("辽城那个怎么算", []), ("一样", []), ("一年", []),
    ])
    func `a place is heard where an answer says nothing else`(text: String, expected: [String]) {
        let found = Sample.entities(text, Expectation(types: ["place"])).filter { $0.type == "place" }
        #expect(found.map(\.value) == expected)
    }
}
