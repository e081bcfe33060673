import Conversation

/// Replies on a page that runs no script: the same parts that the widget draws.
struct RepliesHTML {
    /// The turn's number, which keeps the anchors of its sources apart from those of other turns.
    let turn: Int
    let replies: [Reply]
    /// Whether the sources lie open, as on paper.
    var opensSources = false

    func write(to html: inout HTMLText) {
        for reply in replies { write(reply, to: &html) }
    }

    private func write(_ reply: Reply, to html: inout HTMLText) {
        let lines = reply.text.split(separator: "\n")
        switch reply.kind {
        case .text: prose(lines, reply.cites, to: &html)
        case .choices:
            // The numbered lines are the choices themselves.
            prose(lines.filter { !Self.isNumbered($0) }, reply.cites, to: &html)
        case .steps(_, let steps):
            prose(Array(lines.prefix(1)), reply.cites, to: &html)
            html.raw("<ol class=\"steps\">")
            for step in steps { element("li", step, reply.cites, to: &html) }
            html.raw("</ol>")
        case .table(let columns, let rows): table(columns, rows, lines.first, reply.cites, to: &html)
        case .sources(let sources): write(sources, to: &html)
        }
    }

    /// `1. so and so`
    private static func isNumbered(_ line: Substring) -> Bool {
        let rest = line.drop(while: \.isNumber)
        return rest.count < line.count && rest.first == "."
    }

    private func prose(_ lines: [Substring], _ cites: [Int], to html: inout HTMLText) {
        var isInList = false
        for line in lines {
            let isItem = line.hasPrefix("·")
            if isItem != isInList { html.raw(isItem ? "<ul>" : "</ul>") }
            isInList = isItem
            if isItem {
                element("li", line.dropFirst().drop { $0 == " " }, cites, to: &html)
            } else if line.hasSuffix("：") {
                html.raw("<p class=\"heading\">")
                cited(line, cites, to: &html)
                html.raw("</p>")
            } else {
                element("p", line, cites, to: &html)
            }
        }
        if isInList { html.raw("</ul>") }
    }

    private func element(
        _ name: StaticString, _ text: some StringProtocol, _ cites: [Int], to html: inout HTMLText
    ) {
        html.raw("<")
        html.raw(name)
        html.raw(">")
        cited(text, cites, to: &html)
        html.raw("</")
        html.raw(name)
        html.raw(">")
    }

    private func table(
        _ columns: [String], _ rows: [[String]], _ caption: Substring?, _ cites: [Int],
        to html: inout HTMLText
    ) {
        html.raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"表格\"><table>")
        if let caption { element("caption", caption, cites, to: &html) }
        html.raw("<thead><tr>")
        for column in columns {
            html.raw("<th scope=\"col\">")
            html.text(column)
            html.raw("</th>")
        }
        html.raw("</tr></thead><tbody>")
        for row in rows {
            html.raw("<tr>")
            for cell in row { element("td", cell, cites, to: &html) }
            html.raw("</tr>")
        }
        html.raw("</tbody></table></div>")
    }

    /// Text whose `[1]` lead to the source.
    private func cited(_ text: some StringProtocol, _ cites: [Int], to html: inout HTMLText) {
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "[") {
            let digits = rest[rest.index(after: open)...].prefix(while: \.isNumber)
            html.text(rest[..<open])
            if let number = Int(digits), cites.contains(number), rest[digits.endIndex...].first == "]" {
                html.raw("<a href=\"#source-")
                html.number(turn)
                html.raw("-")
                html.number(number)
                html.raw("\">[")
                html.number(number)
                html.raw("]</a>")
                rest = rest[digits.endIndex...].dropFirst()
            } else {
                html.raw("[")
                rest = rest[open...].dropFirst()
            }
        }
        html.text(rest)
    }

    private func write(_ sources: [Citation], to html: inout HTMLText) {
        html.raw(opensSources ? "<details class=\"sources\" open>" : "<details class=\"sources\">")
        html.raw("<summary>来源（")
        html.number(sources.count)
        html.raw("）</summary><ol>")
        for source in sources {
            html.raw("<li id=\"source-")
            html.number(turn)
            html.raw("-")
            html.number(source.number)
            html.raw("\" value=\"")
            html.number(source.number)
            html.raw("\">")
            let isLink = source.url.map { $0.hasPrefix("https://") || $0.hasPrefix("http://") } ?? false
            if isLink {
                html.raw("<a rel=\"noreferrer\" href=\"")
                html.text(source.url ?? "")
                html.raw("\">")
            }
            html.text("《\(source.title)》")
            if isLink { html.raw("</a>") }
            html.raw(" <span class=\"about\">")
            let about = [source.publisher, source.documentNumber, source.region, source.date ?? "日期不详"]
            html.text(about.compactMap(\.self).joined(separator: " · "))
            html.raw("</span></li>")
        }
        html.raw("</ol></details>")
    }
}
