import ArgumentParser
import Foundation
import JSONText
import Storage
import Transport

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Everything that is kept of one person's conversation.",
        discussion: """
            Whose it is, is shown by the token, which the person's client has: give it in DAOBAN_TOKEN or on standard input, so \
            that it stands in no list of processes. The server may run meanwhile.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case json, text }

    @Option(help: "json holds everything; text is for reading.") var format =
        Environment.one("FORMAT", of: Format.self) ?? .json
    @Option(help: "File of the event log.") var store = Environment.value("STORE") ?? "var/daoban.sqlite"

    func run() throws {
        let token =
            ProcessInfo.processInfo.environment["DAOBAN_TOKEN"]
            ?? readLine()?.trimmingCharacters(in: .whitespaces) ?? ""
        do {
            let onlooker = try Onlooker(path: store)
            guard let transcript = try onlooker.transcript(tokenHash: Digest.sha256(Array(token.utf8))) else {
                throw failure("the token opens no conversation", code: 1)
            }
            switch format {
            case .json: StandardOutput.write(String(decoding: json(transcript), as: UTF8.self) + "\n")
            case .text: StandardOutput.write(try text(transcript))
            }
            // Who looked into what is told where the service's log goes; what was said is not.
            StandardError.write("notice export.made conversation=\(transcript.name)\n")
        } catch let error as StorageError { throw failure("\(error)") }
    }

    private func json(_ transcript: Onlooker.Transcript) -> [UInt8] {
        var json = JSONWriter(capacity: 65_536)
        json.beginObject()
        json.key("format")
        json.string("daoban.export.v1")
        json.key("conversation")
        json.string(transcript.name)
        json.key("begun_at")
        json.integer(transcript.begunAt)
        json.key("answered_by")
        json.string("automatic")
        json.key("entries")
        json.beginArray()
        for part in transcript.parts {
            json.beginObject()
            json.key("seq")
            json.integer(part.seq)
            json.key("at")
            json.integer(part.at)
            json.key("kind")
            json.string(part.kind == .turn ? "turn" : "feedback")
            json.key("answer")
            json.raw(part.frame)
            json.key("events")
            json.raw(part.events)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return Array(json.body)
    }

    private func text(_ transcript: Onlooker.Transcript) throws -> String {
        var lines = ["对话 \(transcript.name)（由程序自动回答）"]
        for part in transcript.parts where part.kind == .turn {
            let frame = try JSONParser.parse(part.frame)
            if let said = frame["user"]?["text"]?.string, !said.isEmpty { lines.append("我：\(said)") }
            for reply in frame["replies"]?.array ?? [] { lines.append("助手：\(reply["text"]?.string ?? "")") }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
