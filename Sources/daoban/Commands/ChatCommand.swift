import ArgumentParser
import Assistant
import Conversation
import Dialogue
import Foundation

struct ChatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "A conversation in the terminal, in process or with a server.",
        discussion: "A number picks a choice. Ctrl-D ends the conversation.")

    @OptionGroup var options: ProjectOptions
    @Option(help: "A server to talk to, such as ws://127.0.0.1:8080/v1/chat, instead of in process.") var url:
        String?

    func run() throws {
        if let url { return try RemoteChat.run(url) }
        let assistant = try options.assistant()
        var turn = assistant.turn(Tracker(), on: Utterance(.opening, at: .now))
        show(turn.replies)
        while let line = Terminal.ask() {
            turn = assistant.turn(turn.tracker, on: Utterance(.text(line), at: .now))
            show(turn.replies)
        }
    }

    private func show(_ replies: [Reply]) {
        for reply in replies { print(reply.text) }
    }
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
