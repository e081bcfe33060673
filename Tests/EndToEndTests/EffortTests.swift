import Foundation
import JSONText
import Testing

/// What is made to be slow costs no more than so many times what people send of the same size. Both are worked by the same server
/// one after the other, and what counts is the processor's time, which is the same however much else the machine has to do.
@Suite(.measures) struct EffortTests {
    private let server: ServerProcess

    init() throws { server = try ServerProcess(["--limits", "off"]) }

    /// Processor time of the server until a frame is answered, in nanoseconds: the least of several tries, each of another frame of
    /// the kind as the first thing in a conversation.
    private func effort(of frame: (Int) -> String, expecting type: String? = nil) throws -> Int {
        var least = Int.max
        for number in 0..<5 {
            let line = try Line(server)
            try line.hello()
            let before = server.processorTime
            try line.send(frame(number))
            let answer = try line.receive()
            least = min(least, server.processorTime - before)
            if let type { #expect(answer["type"]?.string == type) }
        }
        return least
    }

    private func effort(ofSaying text: (Int) -> String) throws -> Int {
        let message = { (number: Int) -> String in
            var json = JSONWriter(capacity: 8192)
            json.beginObject()
            for (key, value) in [("type", "message"), ("id", "m"), ("text", text(number))] {
                json.key(key)
                json.string(value)
            }
            json.endObject()
            return String(decoding: json.body, as: UTF8.self)
        }
        return try effort(of: message, expecting: "turn")
    }

    @Test
    func `JSN-02 and JSN-07 what is made to be slow to read takes ten times an ordinary frame at most`()
        throws
    {
        func ping(_ id: Int, _ more: String) -> String { "{\"type\":\"ping\",\"id\":\"\(id)\",\(more)}" }
        let ordinary = try effort(of: { ping($0, "\"x\":\"\(String(repeating: "说", count: 20_000))\"") })
        let frames: [(Int) -> String] = [
            { _ in String(repeating: "[", count: 65_000) },
            { _ in String(repeating: #"{"a":"#, count: 12_000) },
            { ping($0, "\"x\":\(String(repeating: "9", count: 60_000))") },
            { ping($0, (0..<5000).map { "\"k\($0)\":0" }.joined(separator: ",")) },
        ]
        for frame in frames {
            let effort = try effort(of: frame)
            #expect(effort < 10 * ordinary, "\(frame(0).prefix(40))")
        }
    }

    /// Sentences one after the other, as long as a text may be or half of it.
    private struct Speech {
        private let sentences: [Substring]

        init() throws {
            let path = "\(ServerProcess.root)/Tests/Understanding/dev.tsv"
            sentences = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
                .compactMap { $0.split(separator: "\t").first }
        }

        func text(_ number: Int, bytes: Int) -> String {
            var text = ""
            for sentence in sentences.dropFirst(number * 150)
            where text.utf8.count + sentence.utf8.count + 3 <= bytes {
                text += sentence + "，"
            }
            return text
        }
    }

    @Test
    func
        `TXT-03, TXT-08, TXT-14 and TXT-15 no text takes a quarter more than what people say at such length`()
        throws
    {
        let speech = try Speech()
        let half = try effort(ofSaying: { speech.text($0, bytes: 2048) })
        let whole = try effort(ofSaying: { speech.text($0, bytes: 4096) })
        #expect(whole < 3 * half, "\(whole) ns, \(half) ns for half of it")
        let texts = [
            "e" + String(repeating: "\u{301}", count: 2000), String(repeating: "\u{FDFA}", count: 1300),
            String(repeating: "\u{1100}", count: 1300), String(repeating: "a", count: 4095) + "!",
            String(repeating: "（", count: 1360), String(repeating: "1", count: 4096),
            String(repeating: "是", count: 1360),
            String(repeating: "医保医", count: 450), String(repeating: "聊城北京", count: 340),
            String(repeating: "1一", count: 1000), String(repeating: "不是", count: 680),
            String(repeating: "𠮷㐂", count: 580), String(repeating: "6222 ", count: 800),
        ]
        for text in texts {
            let effort = try effort(ofSaying: { String(text.dropLast($0)) })
            // Anew each time: meanwhile the machine may have got faster or slower.
            let ordinary = try self.effort(ofSaying: { speech.text($0, bytes: 4096) })
            #expect(effort * 4 < ordinary * 5, "\(text.prefix(8))…")
        }
    }
}
