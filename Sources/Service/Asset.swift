import Channels
import Transport

/// A file that is the same for everyone, ready to be sent.
struct Asset: Sendable {
    private let contentType: String
    private let body: [UInt8]
    private let compressed: [UInt8]
    private let tag: String
    private let headers: [(name: String, value: String)]

    private init(_ contentType: String, _ body: [UInt8], _ headers: [(name: String, value: String)]) {
        self.contentType = contentType
        self.body = body
        compressed = Gzip.compress(body)
        tag = "\"\(Digest.hexadecimal(Digest.sha256(body).prefix(8)))\""
        self.headers = headers + [("X-Content-Type-Options", "nosniff"), ("Vary", "Accept-Encoding")]
    }

    /// By path. Made when the first is asked for.
    static let all: [String: Asset] = {
        let script = "text/javascript; charset=utf-8"
        // Other sites embed the widget; its files are public.
        let shared: [(name: String, value: String)] = [
            ("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"),
        ]
        let fresh: [(name: String, value: String)] = [("Cache-Control", "no-cache")]
        let lasting: [(name: String, value: String)] = [
            ("Cache-Control", "public, max-age=31536000, immutable")
        ]
        var assets = [
            "/": Asset("text/html; charset=utf-8", Page.html, fresh + pageHeaders),
            "/page.css": Asset("text/css; charset=utf-8", Page.style, fresh),
            "/page.js": Asset(script, Page.script, fresh),
            "/widget.js": Asset(script, Widget.launcher, fresh + shared),
        ]
        for file in Widget.files {
            assets["/widget/\(Widget.build)/\(file.name)"] = Asset(
                file.contentType, file.bytes, lasting + shared)
        }
        return assets
    }()

    /// What a page of ours may do: its own files and its own server, nothing else.
    static let pageHeaders: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
                + "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
                + "trusted-types 'none'; require-trusted-types-for 'script'"
        ),
        ("Referrer-Policy", "same-origin"),
    ]

    func response(to request: HTTPRequest) -> HTTPResponse {
        let headers = headers + [("ETag", tag)]
        if request.ifNoneMatch == tag { return HTTPResponse(status: 304, headers: headers) }
        guard request.acceptEncoding?.contains("gzip") == true, !compressed.isEmpty else {
            return HTTPResponse(status: 200, contentType: contentType, headers: headers, body: body)
        }
        return HTTPResponse(
            status: 200, contentType: contentType, headers: headers + [("Content-Encoding", "gzip")],
            body: compressed)
    }
}
