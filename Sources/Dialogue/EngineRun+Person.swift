import Conversation

/// A person at the desk has the conversation. The assistant says nothing until it is given back: by the desk, by whoever
/// wants to go on without waiting, or by time.
extension EngineRun {
    /// Somebody takes the conversation over, or goes on with it; what they say is said in their name.
    mutating func handOver(to owner: String, saying text: String) {
        if tracker.owner != owner {
            emit(.handedOff(owner: owner))
            say(pattern: "taken_over", [.init("owner", owner)])
        }
        say(text, of: owner)
    }

    /// Nothing happens when nobody has the conversation.
    mutating func handBack(saying text: String) {
        guard let owner = tracker.owner else { return }
        say(text, of: owner)
        takeBack()
    }

    private mutating func say(_ text: String, of owner: String) {
        guard !text.isEmpty else { return }
        say(pattern: "person_says", [.init("owner", owner), .init("words", text)])
    }

    /// The assistant goes on where it was.
    mutating func takeBack() {
        emit(.handedBack)
        say(pattern: "given_back")
        if let question = tracker.state.question { put(question) }
    }

    /// A person who has not said a word for long does not have the conversation any more.
    mutating func takeBackFromSilentPerson(since last: Moment, at now: Moment) {
        guard tracker.isHandedOff, now.seconds - last.seconds >= program.personHours * 3600 else { return }
        emit(.handedBack)
        say(pattern: "given_back")
    }
}
