import Channels
import Conversation
import Testing

@Suite struct ForeignMessageTests {
    @Test func `each reply is one message, and choices become buttons without their numbers`() {
        let turn = PageTurn(
            seq: 2, user: "问",
            replies: [
                Reply(text: "好"),
                Reply(
                    kind: .choices([Choice(id: "a=b", label: "甲"), Choice(id: "a=\"", label: "乙")]),
                    text: "哪个？\n1. 甲\n2. 乙"),
            ])
        #expect(
            ForeignMessage.messages(of: turn) == [
                ForeignMessage(text: "好"),
                ForeignMessage(
                    text: "哪个？",
                    buttons: [
                        .init(title: "甲", payload: #"/choose{"of":2,"choice":"a=b"}"#),
                        .init(title: "乙", payload: #"/choose{"of":2,"choice":"a=\""}"#),
                    ]),
            ])
    }

    @Test func `a button's payload comes back as its choice`() {
        let frame = ForeignMessage.frame(saying: #"/choose{"of":2,"choice":"a=\""}"#, id: "i")
        #expect(frame == .choose(id: "i", of: 2, choice: "a=\""))
        for broken in ["/choose", "/choose{", #"/choose{"of":0,"choice":"a"}"#, "/else", "1/2"] {
            #expect(ForeignMessage.frame(saying: broken, id: "i") == .message(id: "i", text: broken))
        }
    }

    @Test func `a source that can be had is named with its address`() {
        func source(_ number: Int, _ url: String?) -> Citation {
            Citation(number: number, title: "文", date: nil, region: "全国", facts: [], url: url)
        }
        let sources = [source(1, "https://example.org/a"), source(2, nil), source(3, "javascript:alert(1)")]
        let turn = PageTurn(
            seq: 2, user: "问",
            replies: [Reply(kind: .sources(sources), text: "来源：\n[1] 《文》\n[2] 《文》\n[3] 《文》")])
        #expect(
            ForeignMessage.messages(of: turn).map(\.text) == [
                "来源：\n[1] 《文》 https://example.org/a\n[2] 《文》\n[3] 《文》"
            ])
    }

    @Test(arguments: ErrorCode.allCases) func `every error has words for the person, without a figure`(
        code: ErrorCode
    ) {
        #expect(code.spoken.hasSuffix("。"))
        #expect(code.spoken.unicodeScalars.allSatisfy { !("0"..."9").contains($0) })
    }

    @Test(arguments: [
        ([], ""), ([0x66], "Zg"), ([0x66, 0x6F], "Zm8"), ([0x66, 0x6F, 0x6F], "Zm9v"),
        ([0xFB, 0xFF], "-_8"),
    ]) func `bytes as letters are those of RFC 4648`(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm8v!", "Zm9vY"]) func `other letters are no bytes`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
