import Diagnostics

/// Looks over a YAML file before the parser does, for what this dialect leaves out and for what would harm.
///
/// The parser recurses with the nesting, expands aliases without a limit and stops at its first complaint. So
/// the tokens are walked once here, by the same rules as libyaml's scanner (when a plain scalar goes on in
/// the next line, how far a block scalar reaches, which indentation opens a collection), without building
/// anything. What is found is reported, all of it; a file with a finding is not given to the parser.
struct YAMLScan {
    static let depthLimit = 64

    let file: SourceFile
    let bytes: [UInt8]
    let collector: DiagnosticCollector
    private var at = 0
    private var lineStart = 0
    /// Columns at which the open block collections stand.
    private var indents: [Int] = []
    /// Flow collections that are open.
    private var flow = 0
    /// Where the node began that a `:` would make a key; nil when none may be one.
    private var keyColumn: Int?
    private var flowKeyColumn: Int?
    private var sawContent = false
    private var isTooDeep = false

    init(_ file: SourceFile, into collector: DiagnosticCollector) {
        self.file = file
        bytes = file.bytes
        self.collector = collector
    }

    mutating func run() {
        findHiddenCharacters()
        while !isTooDeep, skipToToken() { takeToken() }
    }

    private var column: Int { at - lineStart }

    private func byte(_ offset: Int = 0) -> UInt8 {
        at + offset < bytes.count ? bytes[at + offset] : 0x0A
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    private func isBlankOrEnd(_ byte: UInt8) -> Bool { isBlank(byte) || byte == 0x0A || byte == 0x0D }

    // MARK: Between tokens

    /// Goes to the next token; false at the end.
    private mutating func skipToToken() -> Bool {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0D: at += 1
            case 0x09:
                noteTab()
                at += 1
            case 0x0A: newLine()
            case UInt8(ascii: "#"): skipLine()
            default: return true
            }
        }
        return false
    }

    private mutating func newLine() {
        at += 1
        lineStart = at
        if flow == 0 { keyColumn = nil }
    }

    private mutating func skipLine() {
        while at < bytes.count, bytes[at] != 0x0A { at += 1 }
    }

    /// A tab before the first token of a line would be indentation.
    private mutating func noteTab() {
        guard bytes[lineStart..<at].allSatisfy(isBlank) else { return }
        var end = at
        while end < bytes.count, isBlank(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D, bytes[end] != UInt8(ascii: "#")
        else { return }
        report(.yamlTab, "a tab in the indentation", at..<end, "use spaces here")
        at = end - 1
    }

    // MARK: Tokens

    private mutating func takeToken() {
        if flow == 0 {
            while let last = indents.last, last > column { indents.removeLast() }
        }
        if column == 0, takeDocumentMark() { return }
        sawContent = true
        let first = bytes[at]
        switch first {
        case UInt8(ascii: "["), UInt8(ascii: "{"): openFlow()
        case UInt8(ascii: "]"), UInt8(ascii: "}"): closeFlow()
        case UInt8(ascii: ","): at += 1
        case UInt8(ascii: "-") where isBlankOrEnd(byte(1)),
            UInt8(ascii: "?") where flow > 0 || isBlankOrEnd(byte(1)):
            if flow == 0 { open(at: column) }
            keyColumn = nil
            at += 1
        case UInt8(ascii: ":") where flow > 0 || isBlankOrEnd(byte(1)): takeColon()
        case UInt8(ascii: "&"), UInt8(ascii: "*"): takeProperty(.yamlAlias)
        case UInt8(ascii: "!"): takeProperty(.yamlTag)
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            if flow == 0 { takeBlockScalar() } else { at += 1 }
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            noteKeyStart()
            takeQuoted(first)
        default:
            noteKeyStart()
            takePlain()
        }
    }

    private mutating func noteKeyStart() {
        if flow == 0 { keyColumn = column }
    }

    private mutating func open(at column: Int) {
        guard column > indents.last ?? -1 else { return }
        indents.append(column)
        checkDepth()
    }

    private mutating func checkDepth() {
        guard indents.count + flow > Self.depthLimit else { return }
        isTooDeep = true
        report(
            .yamlDepth, "the nesting is deeper than \(Self.depthLimit) levels", at..<at + 1,
            "the level that is too much")
    }

    private mutating func openFlow() {
        if flow == 0 { flowKeyColumn = column }
        flow += 1
        at += 1
        checkDepth()
    }

    private mutating func closeFlow() {
        at += 1
        guard flow > 0 else { return }
        flow -= 1
        if flow == 0 { keyColumn = flowKeyColumn }
    }

    private mutating func takeColon() {
        if flow == 0 { open(at: keyColumn ?? column) }
        keyColumn = nil
        at += 1
    }

    /// An anchor, an alias or a tag.
    private mutating func takeProperty(_ code: DiagnosticCode) {
        let start = at
        at += 1
        while at < bytes.count, !isBlankOrEnd(bytes[at]), flow == 0 || !isFlowIndicator(bytes[at]) { at += 1 }
        let name = String(decoding: bytes[start..<at], as: UTF8.self)
        let kind = code == .yamlTag ? "a tag" : bytes[start] == UInt8(ascii: "&") ? "an anchor" : "an alias"
        report(
            code, "`\(name)` is \(kind), which is not used here", start..<at, "not allowed",
            hint: "a text that begins with `\(name.prefix(1))` stands in quotation marks")
    }

    private func isFlowIndicator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    // MARK: Documents

    private func isDocumentMark(_ offset: Int) -> Bool {
        guard offset + 3 <= bytes.count,
            let first = [UInt8(ascii: "-"), UInt8(ascii: ".")].first(where: { $0 == bytes[offset] }),
            bytes[offset + 1] == first, bytes[offset + 2] == first
        else { return false }
        return offset + 3 == bytes.count || isBlankOrEnd(bytes[offset + 3])
    }

    /// One `---` before everything else is harmless.
    private mutating func takeDocumentMark() -> Bool {
        if bytes[at] == UInt8(ascii: "%") {
            let start = at
            skipLine()
            report(.yamlTag, "a directive, which is not used here", start..<at, "not allowed")
            return true
        }
        guard isDocumentMark(at) else { return false }
        if sawContent || bytes[at] == UInt8(ascii: ".") {
            report(.yamlDocuments, "a second document begins", at..<at + 3, "a file holds one")
        }
        sawContent = true
        at += 3
        return true
    }

    // MARK: Scalars

    private mutating func takeQuoted(_ quote: UInt8) {
        at += 1
        while at < bytes.count {
            switch bytes[at] {
            case quote:
                at += 1
                guard quote == UInt8(ascii: "'"), at < bytes.count, bytes[at] == quote else { return }
                at += 1
            case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""):
                at += 1
                if at < bytes.count, bytes[at] != 0x0A { at += 1 }
            case 0x0A:
                newLine()
                // The parser gives up here; the mark is reported as a document's when it is met as a token.
                if at < bytes.count, isDocumentMark(at) { return }
            default: at += 1
            }
        }
    }

    private mutating func takePlain() {
        let indent = (indents.last ?? -1) + 1
        while at < bytes.count {
            if column == 0, isDocumentMark(at) { return }
            if bytes[at] == UInt8(ascii: "#") { return }
            while at < bytes.count, !isBlankOrEnd(bytes[at]) {
                if bytes[at] == UInt8(ascii: ":"), isBlankOrEnd(byte(1)) { return }
                if flow > 0, isFlowIndicator(bytes[at]) { return }
                at += 1
            }
            skipBlanksInPlain()
            if flow == 0, column < indent { return }
        }
    }

    private mutating func skipBlanksInPlain() {
        let line = lineStart
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0D: at += 1
            case 0x09:
                if lineStart != line { noteTab() }
                at += 1
            case 0x0A: newLine()
            default: return
            }
        }
    }

    private mutating func takeBlockScalar() {
        keyColumn = nil
        let parent = indents.last ?? -1
        at += 1
        var indent = 0
        while at < bytes.count, !isBlankOrEnd(bytes[at]) {
            if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[at]) {
                indent = max(parent, 0) + Int(bytes[at] - UInt8(ascii: "0"))
            }
            at += 1
        }
        skipLine()
        if indent == 0 { indent = detectedIndent(parent) }
        while at < bytes.count {
            var end = at + 1
            while end < bytes.count, end - at - 1 < indent, bytes[end] == 0x20 { end += 1 }
            let isEmpty = end >= bytes.count || bytes[end] == 0x0A || bytes[end] == 0x0D
            if !isEmpty, end - at - 1 < indent {
                guard bytes[end] == 0x09 else { return }
                report(.yamlTab, "a tab in the indentation", end..<end + 1, "use spaces here")
            }
            newLine()
            at = end
            skipLine()
        }
    }

    /// The column of the first line that holds something, as libyaml finds it: blank lines count when they
    /// are longer.
    private func detectedIndent(_ parent: Int) -> Int {
        var offset = at
        var longest = 0
        while offset < bytes.count {
            offset += 1
            let start = offset
            while offset < bytes.count, bytes[offset] == 0x20 { offset += 1 }
            longest = max(longest, offset - start)
            if offset < bytes.count, bytes[offset] == 0x0D { offset += 1 }
            guard offset < bytes.count, bytes[offset] == 0x0A else { break }
        }
        return max(longest, parent + 1, 1)
    }

    // MARK: Characters

    /// What libyaml's reader refuses, and the line separators that it would count as line ends and no editor
    /// does.
    private func findHiddenCharacters() {
        var offset = 0
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if isHidden(scalar.value, at: offset) {
                let length = UTF8.width(scalar)
                let code = String(scalar.value, radix: 16, uppercase: true)
                let name = "U+" + String(repeating: "0", count: max(4 - code.utf8.count, 0)) + code
                report(
                    .controlCharacter, "the character \(name) cannot be seen", offset..<offset + length,
                    "remove it")
            }
            offset += UTF8.width(scalar)
        }
    }

    @inline(__always)
    private func isHidden(_ value: UInt32, at offset: Int) -> Bool {
        switch value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0x09, 0x0A: false
        case 0x0D: offset + 1 >= bytes.count || bytes[offset + 1] != 0x0A
        case 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: false
        default: true
        }
    }

    private func report(
        _ code: DiagnosticCode, _ message: String, _ range: Range<Int>, _ label: String,
        hint: String? = nil
    ) {
        collector.error(code, message, at: Diagnostic.Label(file, file.span(of: range), label), hint: hint)
    }
}
