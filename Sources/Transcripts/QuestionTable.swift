package import Assistant
package import Conversation
import Dialogue
import Knowledge

/// How many questions each task asks on average: as written, and as asked when none is put whose answer changes nothing.
package struct QuestionTable {
    package struct Row: Equatable, Sendable {
        package var task: String
        package var written: Double
        package var asked: Double
    }

    package let rows: [Row]

    /// Every place that facts are for is asked about, unless some are named.
    package init(_ assistant: Assistant, at time: Moment, places: [String]? = nil) {
        let places = places ?? assistant.knowledge.placesWithFacts
        rows = assistant.program.flows.map { flow in
            func mean(seesAhead: Bool) -> Double {
                assistant.meanQuestions(of: flow, on: time.date, places: places, seesAhead: seesAhead)
            }
            return Row(task: flow.name, written: mean(seesAhead: false), asked: mean(seesAhead: true))
        }
    }

    package var text: String {
        let lines = rows.map { "\($0.task)\t\(Self.figure($0.written))\t\(Self.figure($0.asked))" }
        return (["task\tas written\tas asked"] + lines).joined(separator: "\n") + "\n"
    }

    /// With two decimals.
    private static func figure(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
