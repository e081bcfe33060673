import Authoring
import Channels
import Diagnostics
import Dialogue
import Language
#if canImport(Glibc)
    import Glibc
#endif

/// One input of libFuzzer, for the reader that `FUZZ` names. What a reader promises is checked, so that more than traps is
/// found.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    target(bytes)
    return 0
}

private let target: @Sendable ([UInt8]) -> Void = {
    let name = getenv("FUZZ").map { String(cString: $0) } ?? ""
    switch name {
    case "frame": return fuzzFrame
    case "yaml": return fuzzYAML
    case "csv": return fuzzCSV
    case "normalizer": return fuzzNormalizer
    case "redactor": return fuzzRedactor
    case "condition": return fuzzCondition
    default: preconditionFailure("FUZZ names frame, yaml, csv, normalizer, redactor or condition")
    }
}()

private func fuzzFrame(_ bytes: [UInt8]) {
    switch FrameDecoder().decode(bytes) {
    case .failure(let error): precondition(error.code != .badJSON || error.id == nil)
    case .success(let frame): precondition(frame.id?.utf8.count ?? 1 <= 64)
    }
    _ = try? HTTPTurnRequest.decode(bytes, limits: .init())
}

private func fuzzYAML(_ bytes: [UInt8]) {
    let collector = DiagnosticCollector()
    guard let node = YAMLReader.read(SourceFile(path: "f.yaml", bytes: bytes), into: collector) else {
        _ = DiagnosticRenderer.report(collector.diagnostics, as: .human, version: "0")
        return
    }
    precondition(YAMLNode(decoding: node.encoded()[...]) == node)
}

private func fuzzCSV(_ bytes: [UInt8]) {
    let collector = DiagnosticCollector()
    let file = SourceFile(path: "f.csv", bytes: bytes)
    guard TextScreening.admits(file, limit: 1 << 20, into: collector) else { return }
    var reader = CSVReader(file, into: collector)
    var fields: [CSVReader.Field] = []
    var seen = 0
    while reader.next(into: &fields) {
        precondition(!fields.isEmpty)
        for field in fields {
            precondition(seen <= field.range.lowerBound && field.range.upperBound <= bytes.count)
            seen = field.range.upperBound
            _ = reader.text(of: field)
        }
    }
    _ = DiagnosticRenderer.report(collector.diagnostics, as: .json, version: "0")
}

/// What comes of one text must not depend on the text before.
nonisolated(unsafe) private var reused = NormalizedText()

private func fuzzNormalizer(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let normalized = Normalizer.normalize(text)
    Normalizer.normalize(text, into: &reused)
    precondition(normalized == reused)
    precondition(normalized.originalCount == text.unicodeScalars.count)
    var last = 0
    for index in 0..<normalized.count {
        let range = normalized.originalRange(index..<index + 1)
        precondition(last <= range.lowerBound && range.upperBound <= normalized.originalCount)
        last = range.lowerBound
    }
    precondition(Normalizer.normalize(normalized.string).string == normalized.string)
}

private func fuzzRedactor(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let redacted = Redactor.redact(text)
    precondition(redacted.kinds.isEmpty == (redacted.text == text))
    // Character by character the same, but for those that are masked.
    let (before, after) = (Array(text.unicodeScalars), Array(redacted.text.unicodeScalars))
    precondition(before.count == after.count)
    for (old, new) in zip(before, after) where old != new { precondition(new == "*" && old.value >= 0x30) }
}

private func fuzzCondition(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(ConditionParser.Mistake) {
        let read = try ConditionParser.parse(text) { $0 == "山东省" ? "370000" : nil }
        let again = try ConditionParser.parse(text) { $0 == "山东省" ? "370000" : nil }
        precondition(again == read)
    } catch { precondition((0...text.unicodeScalars.count).contains(error.offset)) }
}
