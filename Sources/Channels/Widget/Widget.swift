/// The chat widget, compiled into the program: a launcher with a lasting address, and the files of the chat under an
/// address that changes with them.
package enum Widget {
    /// A file of the chat, as it goes out.
    package struct File: Sendable {
        package let name: String
        package let contentType: String
        package let bytes: [UInt8]
    }

    /// `/widget.js`; it knows where the rest is.
    package static let launcher: [UInt8] = {
        let text = String(decoding: compact(PackageResources.widget_js), as: UTF8.self)
        let parts = text.split(separator: placeholder, omittingEmptySubsequences: false)
        precondition(parts.count == 2, "the launcher names the build once")
        return Array(parts.joined(separator: build).utf8)
    }()

    package static let files: [File] = {
        let script = "text/javascript; charset=utf-8"
        return [
            // One module: the names of the four are one space of names, so what they import of each other is there.
            File(
                name: "chat.js", contentType: script,
                bytes: [
                    PackageResources.words_js, PackageResources.draw_js, PackageResources.line_js,
                    PackageResources.chat_js,
                ].flatMap { compact($0) }),
            File(
                name: "chat.css", contentType: "text/css; charset=utf-8",
                bytes: compact(PackageResources.chat_css)),
        ]
    }()

    /// Names the files by what is in them (FNV-1a, 64 bits): `/widget/BUILD/chat.js` may be kept for ever.
    package static let build: String = {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for file in files {
            for byte in file.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 36)
    }()

    private static let placeholder = "__BUILD__"

    /// Without indentation, blank lines, comments, imports of each other and spaces at punctuation. The sources keep comments
    /// on lines of their own, and have no text that goes over several lines and no template within a template, so a line is
    /// all that has to be looked at.
    static func compact(_ source: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        for line in source.split(separator: UInt8(ascii: "\n")) {
            let code = line.drop { $0 == UInt8(ascii: " ") }
            if code.isEmpty || code.starts(with: "//".utf8) { continue }
            if code.starts(with: "import {".utf8) { continue }
            if code.starts(with: "/*".utf8), code.suffix(2).elementsEqual("*/".utf8) { continue }
            tighten(code, into: &result)
            result.append(UInt8(ascii: "\n"))
        }
        return result
    }

    /// Signs of both languages beside which a space says nothing. In style sheets `+`, `-` and brackets need theirs.
    private static let punctuation = Array("={},;<>?|&".utf8)

    /// The line without spaces beside punctuation, but for what stands in quotes.
    private static func tighten(_ line: ArraySlice<UInt8>, into result: inout [UInt8]) {
        var quote: UInt8?
        var isEscaped = false
        for (index, byte) in zip(line.indices, line) {
            if let open = quote {
                if !isEscaped, byte == open { quote = nil }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") {
                quote = byte
            } else if byte == UInt8(ascii: " ") {
                let next = index + 1 < line.endIndex ? line[index + 1] : UInt8(ascii: ";")
                if punctuation.contains(next) || result.last.map(punctuation.contains) == true { continue }
            }
            result.append(byte)
        }
    }
}
