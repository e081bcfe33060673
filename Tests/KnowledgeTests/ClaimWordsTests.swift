import Testing

import Knowledge

struct ClaimWordsTests {
    private func fits(_ words: String, _ question: String, isNear: Bool = true) throws -> Bool {
        try #require(ClaimWords(words)).fit(AskedText(question), isNear: isNear)
    }

    @Test(arguments: [
        ("补缴期限十五年", true), ("补交的期限是15年吗", true), ("补缴115年", false), ("补缴15.5年", false),
        ("期限15年", false), ("补缴15年养老", false), ("补教期限15年", true),
    ])
    func `every word must occur, a figure as a whole, and none that must not`(question: String, fits: Bool)
        throws
    {
        #expect(try self.fits("补缴|补交 15年 !养老", question) == fits)
    }

    @Test(arguments: ["报四成", "报百分之四十", "报40%", "报４０％"])
    func `a percentage is one however it is written`(question: String) throws {
        #expect(try fits("报 40%", question))
    }

    @Test func `one of the ways is enough, and only one for anywhere holds elsewhere`() throws {
        #expect(try fits("甲医院 私立 / 甲医院 民营", "甲医院是民营的吗"))
        #expect(try !fits("甲医院 民营", "甲医院是民营的吗", isNear: false))
        #expect(try fits("* 甲医院 民营", "甲医院是民营的吗", isNear: false))
    }

    @Test(arguments: ["", " / ", "!养老", "补缴||补交", "补缴 /", "*"])
    func `words that want nothing are no words`(text: String) { #expect(ClaimWords(text) == nil) }
}
