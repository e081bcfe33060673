/// HTML in the making: markup is written in the source, whatever else comes in is escaped.
struct HTMLText {
    private(set) var markup = ""

    var bytes: [UInt8] { Array(markup.utf8) }

    /// Markup that stands in the source.
    mutating func raw(_ markup: StaticString) {
        self.markup += markup.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }

    /// Text or the value of a quoted attribute.
    mutating func text(_ text: some StringProtocol) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": markup += "&amp;"
            case "<": markup += "&lt;"
            case ">": markup += "&gt;"
            case "\"": markup += "&quot;"
            case "'": markup += "&#39;"
            default: markup.unicodeScalars.append(scalar)
            }
        }
    }

    mutating func number(_ number: Int) { markup += String(number) }

    /// A page of ours around `content`.
    static func page(title: String, _ content: (inout HTMLText) -> Void) -> [UInt8] {
        var html = HTMLText()
        html.raw(
            """
            <!doctype html>
            <html lang="zh-CN">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/page.css">
            <title>
            """)
        html.text(title)
        html.raw("</title>\n</head>\n<body>\n")
        content(&html)
        html.raw("</body>\n</html>\n")
        return html.bytes
    }
}
