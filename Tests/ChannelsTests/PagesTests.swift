import Channels
import Conversation
import Testing

private func turn(_ text: String, limits: FrameDecoder.Limits = .init()) -> Result<ClientFrame, FrameError> {
    do throws(FrameError) {
        return .success(try FormBody(Array(text.utf8)).turn(token: nil, limits: limits).frame)
    } catch { return .failure(error) }
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

@Suite struct PagesTests {
    // MARK: Forms

    @Test func `a form says or chooses`() {
        #expect(turn("id=a&text=%E5%8C%BB+%E4%BF%9D%26") == .success(.message(id: "a", text: "医 保&")))
        #expect(
            turn("id=a&of=2&choice=stay_type%3Dtemporary")
                == .success(.choose(id: "a", of: 2, choice: "stay_type=temporary")))
    }

    @Test(arguments: [
        "", "text=a", "id=a", "id=%00&text=a", "id=a&of=x", "id=a&of=1&choice=b&text=c", "%", "&&=&",
    ])
    func `a form that breaks the rules of the wire is refused`(body: String) {
        guard case .failure = turn(body) else {
            Issue.record("taken: \(body)")
            return
        }
    }

    // MARK: Pages

    private let evil = "<script>\"'&"

    private var everything: [Reply] {
        [
            Reply(text: "结论\(evil)[1]。[2]\n· 甲[1]", cites: [1]),
            Reply(kind: .steps(title: evil, steps: [evil, "乙"]), text: "\(evil)：\n1. x", cites: [1]),
            Reply(kind: .table(columns: [evil], rows: [[evil]]), text: evil),
            Reply(kind: .choices([Choice(id: evil, label: evil)]), text: "选哪个\n1. \(evil)"),
            Reply(
                kind: .sources([
                    Citation(
                        number: 1, title: evil, date: nil, region: evil, facts: [], publisher: evil,
                        documentNumber: evil, url: "javascript:alert(1)")
                ]), text: "来源"),
        ]
    }

    @Test func `KNO-07 and TXT-16 whatever comes in or is told is text, never markup`() {
        let turns = [PageTurn(seq: 3, user: evil, replies: everything)]
        let pages = [
            ChatPage.html(turns, id: "i", said: evil),
            ChecklistPage.html(
                turns[0], keys: [("token", evil)], today: CivilDate(year: 2026, month: 1, day: 2)),
        ]
        for page in pages.map(text) {
            #expect(!page.contains("<script"))
            #expect(!page.contains("javascript:"))
            #expect(page.contains("&lt;script&gt;&quot;&#39;&amp;"))
        }
    }

    @Test func `a citation leads to its source, and what cites nothing is left as it is`() {
        let page = text(ChatPage.html([PageTurn(seq: 3, user: "问", replies: everything)], id: "i"))
        #expect(page.contains("<a href=\"#source-3-1\">[1]</a>"))
        #expect(page.contains("<li id=\"source-3-1\" value=\"1\">"))
        #expect(page.contains("。[2]"))
        #expect(page.contains("日期不详"))
    }

    @Test func `only the last turn offers its choices`() {
        let turns = [2, 3].map { PageTurn(seq: $0, user: "问", replies: everything) }
        let page = text(ChatPage.html(turns, id: "i"))
        #expect(page.contains("name=\"of\" value=\"3\""))
        #expect(!page.contains("name=\"of\" value=\"2\""))
    }

    // MARK: The widget's files

    @Test func `the launcher names the files that are served`() {
        let launcher = text(Widget.launcher)
        #expect(launcher.contains("\"\(Widget.build)\""))
        #expect(!launcher.contains("__BUILD__"))
        #expect(Widget.files.map(\.name) == ["chat.js", "chat.css"])
        for file in Widget.files {
            let lines = text(file.bytes).split(separator: "\n")
            #expect(!lines.isEmpty)
            #expect(lines.allSatisfy { !$0.hasPrefix("//") && !$0.hasPrefix("/*") && !$0.hasPrefix(" ") })
        }
    }

    @Test func `KNO-07 the widget names no other host and sets no markup`() {
        for bytes in Widget.files.map(\.bytes) + [Widget.launcher, Page.html, Page.style, Page.script] {
            let source = text(bytes).replacing("http://www.w3.org/2000/svg", with: "")
                .replacing("https://您的地址/widget.js", with: "")
            #expect(!source.contains("://"))
            for word in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=\"",
            ] {
                #expect(!source.contains(word), "\(word)")
            }
        }
    }
}
