package import Assistant
import Conversation
import Dialogue

/// The same events give the same bytes: a conversation that passed is held again from its utterances, and its log is folded
/// and read back from its stored form.
package enum Replay {
    /// The result with a failure more when something came out otherwise.
    package static func check(_ result: ScriptResult, _ driver: InProcessDriver, _ assistant: Assistant)
        -> ScriptResult
    {
        var result = result
        func fail(_ message: String) {
            result.failures.append(.init(turn: 0, expectation: nil, message: message))
        }
        if Tracker(folding: driver.events) != driver.tracker { fail("the log folds to another tracker") }
        if Event.decode(Event.encode(driver.events)) != driver.events {
            fail("the log does not survive being stored")
        }
        if Tracker(decoding: driver.tracker.encoded()) != driver.tracker {
            fail("the tracker does not survive being stored")
        }
        var again = InProcessDriver(assistant)
        var observations: [Observation] = []
        _ = again.open(at: result.script.time, profile: result.script.profile)
        for utterance in driver.utterances.dropFirst() {
            observations.append(again.repeatUtterance(utterance))
        }
        if again.events != driver.events { fail("held again, the conversation has other events") }
        if again.said != driver.said { fail("held again, the conversation has other words") }
        return result
    }
}
