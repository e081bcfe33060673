package import Conversation

/// An answer as a sheet to print and take along: its steps with boxes, its sources written out, its days for the calendar.
package enum ChecklistPage {
    /// `keys` go into the form for the calendar; none where a cookie says who asks.
    package static func html(
        _ turn: PageTurn, keys: [(name: String, value: String)], today: CivilDate
    ) -> [UInt8] {
        let deadlines = Deadlines(in: turn.replies, today: today).deadlines
        return HTMLText.page(title: "办事清单：\(turn.user)") { html in
            html.raw("<main class=\"sheet\"><h1>办事清单</h1><p>您问的是：<b>")
            html.text(turn.user)
            html.raw("</b></p>")
            let told = turn.replies.filter { if case .choices = $0.kind { false } else { true } }
            RepliesHTML(turn: turn.seq, replies: told, opensSources: true).write(to: &html)
            if !deadlines.isEmpty { write(deadlines, turn.seq, keys, to: &html) }
            html.raw("<p class=\"signature\">机器人自动整理，")
            html.text("\(today.year)年\(today.month)月\(today.day)日")
            html.raw("。规定会变，去办以前请先打电话问参保地的医保部门。</p>")
            html.raw("<p class=\"no-print\">要打印，请用浏览器菜单里的“打印”，电脑上按 Ctrl+P。</p></main>\n")
        }
    }

    private static func write(
        _ deadlines: [Deadlines.Deadline], _ turn: Int, _ keys: [(name: String, value: String)],
        to html: inout HTMLText
    ) {
        html.raw("<h2>日子要记住</h2><ul>")
        for deadline in deadlines {
            html.raw("<li><b>")
            html.text("\(deadline.day.year)年\(deadline.day.month)月\(deadline.day.day)日")
            html.raw("</b> ")
            html.text(deadline.text)
            if !deadline.namesYear { html.raw("（每年都有，这里记的是最近的一次）") }
            html.raw("</li>")
        }
        html.raw("</ul><form class=\"no-print\" method=\"post\" action=\"/chat/calendar\">")
        html.raw("<input type=\"hidden\" name=\"turn\" value=\"")
        html.number(turn)
        html.raw("\">")
        for (name, value) in keys {
            html.raw("<input type=\"hidden\" name=\"")
            html.text(name)
            html.raw("\" value=\"")
            html.text(value)
            html.raw("\">")
        }
        html.raw("<button class=\"main\">加到手机日历</button></form>")
    }
}
