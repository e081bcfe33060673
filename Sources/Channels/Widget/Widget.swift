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
            File(name: "chat.js", contentType: script, bytes: compact(PackageResources.chat_js)),
            File(name: "line.js", contentType: script, bytes: compact(PackageResources.line_js)),
            File(name: "draw.js", contentType: script, bytes: compact(PackageResources.draw_js)),
            File(name: "words.js", contentType: script, bytes: compact(PackageResources.words_js)),
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

    /// Without indentation, blank lines and comments. The sources keep comments on lines of their own and have no
    /// text that goes over several lines, so a line is all that has to be looked at.
    static func compact(_ source: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        for line in source.split(separator: UInt8(ascii: "\n")) {
            let code = line.drop { $0 == UInt8(ascii: " ") }
            if code.isEmpty || code.starts(with: "//".utf8) { continue }
            if code.starts(with: "/*".utf8), code.suffix(2).elementsEqual("*/".utf8) { continue }
            result.append(contentsOf: code)
            result.append(UInt8(ascii: "\n"))
        }
        return result
    }
}
