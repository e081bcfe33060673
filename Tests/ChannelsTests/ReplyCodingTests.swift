import Channels
import Conversation
import JSONText
import Testing

private func written(_ replies: [Reply]) -> String {
    var json = JSONWriter()
    ReplyCoding.write(replies, to: &json)
    return json.text
}

@Suite struct ReplyCodingTests {
    private static let samples: [(Reply, String)] = [
        (
            Reply(text: "备案有效期 6 个月", cites: [1, 2]),
            #"{"kind":"text","text":"备案有效期 6 个月","cites":[1,2]}"#
        ),
        (
            Reply(
                kind: .choices([
                    Choice(id: "stay_type=temporary", label: "临时外出"), Choice(id: "act=cancel", label: "取消"),
                ]),
                text: "哪一种?"),
            #"{"kind":"choices","text":"哪一种?","choices":[{"id":"stay_type=temporary","label":"临时外出"},"#
                + #"{"id":"act=cancel","label":"取消"}]}"#
        ),
        (
            Reply(kind: .steps(title: "办理", steps: ["打开", "提交"]), text: "1. 打开\n2. 提交", cites: [1]),
            #"{"kind":"steps","text":"1. 打开\n2. 提交","title":"办理","steps":["打开","提交"],"cites":[1]}"#
        ),
        (
            Reply(
                kind: .table(columns: ["级别", "比例"], rows: [["三级", "85%"], ["二级", "90%"]]),
                text: "三级 85%;二级 90%"),
            #"{"kind":"table","text":"三级 85%;二级 90%","columns":["级别","比例"],"rows":[["三级","85%"],["二级","90%"]]}"#
        ),
        (
            Reply(
                kind: .sources([
                    Citation(
                        number: 1, title: "通知", date: "2025-03", region: "聊城市", facts: ["f1", "f2"],
                        publisher: "市医保局",
                        documentNumber: "聊医保发〔2025〕3号", url: "https://example.org/a"),
                    Citation(number: 2, title: "文章", date: nil, region: "全国", facts: []),
                ]), text: "1. 通知(2025-03)\n2. 文章(日期不详)"),
            #"{"kind":"sources","text":"1. 通知(2025-03)\n2. 文章(日期不详)","sources":[{"n":1,"title":"通知","date":"2025-03","#
                + #""region":"聊城市","facts":["f1","f2"],"publisher":"市医保局","document_no":"聊医保发〔2025〕3号","#
                + #""url":"https://example.org/a"},{"n":2,"title":"文章","date":"日期不详","region":"全国","facts":[]}]}"#
        ),
    ]

    @Test(arguments: samples)
    func `each kind has its members in the order of the protocol`(reply: Reply, json: String) {
        #expect(written([reply]) == "[\(json)]")
    }

    @Test func `what was written is read again`() throws {
        let replies = Self.samples.map(\.0)
        #expect(ReplyCoding.read(try JSONParser.parse(Array(written(replies).utf8))) == replies)
    }

    @Test func `a kind that came later still says its text`() throws {
        let json = try JSONParser.parse(
            Array(#"[{"kind":"map","text":"在那里","cites":[1]},{"kind":"text"},7]"#.utf8))
        #expect(ReplyCoding.read(json) == [Reply(text: "在那里", cites: [1])])
        #expect(ReplyCoding.read(nil) == [])
    }

    @Test func `an entity says where it stands and what it means`() {
        var json = JSONWriter()
        EntityCoding.write(Entity(type: "place", text: "聊城", value: "371500", range: 0..<2), to: &json)
        #expect(json.text.hasPrefix(#"{"type":"place","text":"聊城","value":"371500","start":0,"end":2"#))
    }
}
