import ArgumentParser
import Assistant
import Conversation
import Dialogue
import Foundation

struct ChatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "A conversation in the terminal, in process or with a server.",
        discussion: """
            A number picks a choice. As the desk: `/person NAME WORDS` takes the conversation over or goes on with it, `/back \
            WORDS` gives it back. Ctrl-D ends the conversation.
            """)

    @OptionGroup var options: ProjectOptions
    @Option(help: "A server to talk to, such as ws://127.0.0.1:8080/v1/chat, instead of in process.")
    var url = Environment.value("URL") ?? ""
    @Option(help: "File of that server's desk secret, for `/person` and `/back`.")
    var deskSecretFile = Environment.value("DESK_SECRET_FILE") ?? ""

    func run() throws {
        if !url.isEmpty {
            let secret = try SecretFile.read(deskSecretFile, option: "--desk-secret-file")
            return try RemoteChat.run(url, secret: secret)
        }
        let assistant = try options.assistant()
        var turn = assistant.turn(Tracker(), on: Utterance(.opening, at: .now))
        show(turn.replies)
        while let line = Terminal.ask() {
            turn = assistant.turn(
                turn.tracker, on: Utterance(DeskWord(line)?.input ?? .text(line), at: .now))
            show(turn.replies)
        }
    }

    private func show(_ replies: [Reply]) {
        for reply in replies { print(reply.text) }
    }
}

/// What somebody at the desk does, as a line in the terminal.
struct DeskWord: Equatable {
    /// Nil to give the conversation back.
    var owner: String?
    var text: String

    /// `/person NAME WORDS` or `/back WORDS`; nil for what is no word of the desk.
    init?(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts.first {
        case "/back": (owner, text) = (nil, rest)
        case "/person":
            let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
            guard let name = words.first else { return nil }
            (owner, text) = (name, words.count > 1 ? words[1] : "")
        default: return nil
        }
    }

    var input: Utterance.Input { owner.map { .person(owner: $0, text: text) } ?? .handBack(text: text) }
}

enum Terminal {
    /// A line from the person; nil at the end of input.
    static func ask() -> String? {
        StandardOutput.write("\n> ")
        guard let line = readLine() else {
            print("")
            return nil
        }
        return line
    }
}
