package import Conversation
import JSONText

/// A stored turn as a page shows it.
package struct PageTurn: Equatable, Sendable {
    /// What the client called it.
    package var id: String
    package var seq: Int
    /// Empty for the opening, and for what the desk does.
    package var user: String
    package var replies: [Reply]
    /// Whether the person did something; else the conversation began, or the desk did.
    package var isOfPerson: Bool

    package init(id: String = "", seq: Int, user: String, replies: [Reply], isOfPerson: Bool = true) {
        self.id = id
        self.seq = seq
        self.user = user
        self.replies = replies
        self.isOfPerson = isOfPerson && seq > 1
    }

    /// Nil for what is no turn.
    package init?(frame: [UInt8]) {
        guard let json = try? JSONParser.parse(frame), let seq = json["seq"]?.integer else { return nil }
        self.init(
            id: json["id"]?.string ?? "", seq: seq, user: json["user"]?["text"]?.string ?? "",
            replies: ReplyCoding.read(json["replies"]), isOfPerson: json["user"] != nil)
    }
}

/// `/chat`: the same conversation for a browser that runs no script. Every button is a form; after it the page is shown
/// anew, so that going back or reloading says nothing twice.
package enum ChatPage {
    package static let cookie = "daoban"

    /// `turns` in order; `said` is put into the field; `id` goes with whatever is sent from this page, so that the
    /// same press twice is one.
    package static func html(
        _ turns: [PageTurn], id: String, said: String? = nil, problem: ErrorCode? = nil
    ) -> [UInt8] {
        HTMLText.page(title: "医保小导 · 简版") { html in
            html.raw(
                """
                <header><p class="brand">医保小导</p><p class="robot">机器人自动回复 · 不是真人</p>\
                <p><a href="/">回首页</a></p></header>
                <main class="talk"><h1>有什么想问的</h1>
                """)
            for turn in turns { write(turn, to: &html) }
            html.raw("<div id=\"end\"></div>")
            if let problem {
                html.raw("<p class=\"problem\" role=\"alert\">")
                html.text(problem.spoken)
                html.raw("</p>")
            }
            if let last = turns.last { offer(last, id, to: &html) }
            form(id, said, to: &html)
            html.raw(
                """
                </main>
                <footer><p>回答仅供参考，以参保地医保部门的答复为准。请不要发身份证号、银行卡号、密码和验证码。</p></footer>

                """)
        }
    }

    private static func write(_ turn: PageTurn, to html: inout HTMLText) {
        if !turn.user.isEmpty {
            html.raw("<div class=\"said you\"><span class=\"hidden\">您说：</span>")
            html.text(turn.user)
            html.raw("</div>")
        }
        html.raw("<div class=\"said\"><span class=\"hidden\">助手说：</span>")
        RepliesHTML(turn: turn.seq, replies: turn.replies).write(to: &html)
        if turn.replies.contains(where: { !$0.cites.isEmpty }) {
            html.raw("<p><a href=\"/chat/checklist?turn=")
            html.number(turn.seq)
            html.raw("\">打印清单</a></p>")
        }
        html.raw("</div>")
    }

    private static func offer(_ turn: PageTurn, _ id: String, to html: inout HTMLText) {
        for reply in turn.replies {
            guard case .choices(let choices) = reply.kind else { continue }
            html.raw("<form class=\"offered\" method=\"post\" action=\"/chat\">")
            hidden("id", id, to: &html)
            hidden("of", String(turn.seq), to: &html)
            for choice in choices {
                html.raw("<button name=\"choice\" value=\"")
                html.text(choice.id)
                html.raw("\">")
                html.text(choice.label)
                html.raw("</button>")
            }
            html.raw("</form>")
        }
    }

    private static func form(_ id: String, _ said: String?, to html: inout HTMLText) {
        html.raw("<form class=\"say\" method=\"post\" action=\"/chat\" autocomplete=\"off\">")
        hidden("id", id, to: &html)
        html.raw(
            "<label for=\"text\">想问什么</label><input type=\"text\" id=\"text\" name=\"text\" required maxlength=\"1300\""
        )
        if let said {
            html.raw(" value=\"")
            html.text(said)
            html.raw("\"")
        }
        html.raw("><button class=\"main\">发送</button></form>")
        html.raw("<form class=\"quick\" method=\"post\" action=\"/chat\">")
        hidden("id", id, to: &html)
        for word in ["上一步", "再说一遍", "取消", "重来", "人工"] {
            html.raw("<button name=\"text\" value=\"")
            html.text(word)
            html.raw("\">")
            html.text(word)
            html.raw("</button>")
        }
        html.raw("</form>")
    }

    private static func hidden(_ name: StaticString, _ value: String, to html: inout HTMLText) {
        html.raw("<input type=\"hidden\" name=\"")
        html.raw(name)
        html.raw("\" value=\"")
        html.text(value)
        html.raw("\">")
    }
}
