package import Assistant
package import Conversation
import Dialogue
import Knowledge

/// How many questions each task asks on average: as they are written, without those whose answer changes nothing, and as they
/// are asked, the one that settles most first.
package struct QuestionTable {
    package struct Row: Equatable, Sendable {
        package var task: String
        package var written: Double
        package var withoutNeedless: Double
        package var asked: Double
    }

    package let rows: [Row]

    /// Every place that facts are for is asked about, unless some are named.
    package init(_ assistant: Assistant, at time: Moment, places: [String]? = nil) {
        let places = places ?? assistant.knowledge.placesWithFacts
        rows = assistant.program.flows.map { flow in
            func mean(_ plan: QuestionPlan) -> Double {
                assistant.meanQuestions(of: flow, on: time.date, places: places, asking: plan)
            }
            return Row(
                task: flow.name, written: mean(.asWritten), withoutNeedless: mean(.withoutNeedless),
                asked: mean(.bestFirst))
        }
    }

    package var text: String {
        let lines = rows.map { row in
            ([row.task] + [row.written, row.withoutNeedless, row.asked].map(Self.figure)).joined(
                separator: "\t")
        }
        return (["task\tas written\twithout needless\tas asked"] + lines).joined(separator: "\n") + "\n"
    }

    /// With two decimals.
    private static func figure(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
