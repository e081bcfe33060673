import Conversation
import Diagnostics

/// Reports of played scripts: for people, for JUnit readers and as TAP.
package struct ScriptReport {
    package var results: [ScriptResult]

    package init(_ results: [ScriptResult]) { self.results = results }

    package var failed: Int { results.count { !$0.passed } }
    package var passed: Int { results.count - failed }

    /// Failures with the conversation so far, and the count as the last line.
    package var human: String {
        var lines: [String] = []
        for result in results where !result.passed {
            lines.append("FAILED \(result.script.name) (\(result.script.file.path))")
            lines += result.transcript.map {
                "  | " + $0.split(separator: "\n").joined(separator: "\n  |    ")
            }
            for failure in result.failures {
                lines.append("  \(place(of: failure, result)): \(failure.message)")
            }
            lines.append("")
        }
        lines.append("\(passed) passed, \(failed) failed")
        return lines.joined(separator: "\n") + "\n"
    }

    package var tap: String {
        var lines = ["TAP version 13", "1..\(results.count)"]
        for (index, result) in results.enumerated() {
            lines.append("\(result.passed ? "ok" : "not ok") \(index + 1) - \(result.script.name)")
            for failure in result.failures {
                lines.append("# \(place(of: failure, result)): \(failure.message)")
            }
        }
        lines.append("# \(passed) passed, \(failed) failed")
        return lines.joined(separator: "\n") + "\n"
    }

    package var junit: String {
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuite name=\"conversations\" tests=\"\(results.count)\" failures=\"\(failed)\">",
        ]
        for result in results {
            let head =
                "  <testcase name=\"\(escaped(result.script.name))\" file=\"\(escaped(result.script.file.path))\""
            guard !result.passed else {
                lines.append(head + "/>")
                continue
            }
            let message = result.failures.map { "\(place(of: $0, result)): \($0.message)" }.joined(
                separator: "\n")
            let body = (result.transcript + [message]).joined(separator: "\n")
            lines.append(
                head
                    + ">\n    <failure message=\"\(escaped(message))\">\(escaped(body))</failure>\n  </testcase>"
            )
        }
        return (lines + ["</testsuite>"]).joined(separator: "\n") + "\n"
    }

    private func place(of failure: ScriptResult.Failure, _ result: ScriptResult) -> String {
        guard let span = failure.expectation?.span else { return "turn \(failure.turn)" }
        return "\(result.script.file.path):\(span.start.line):\(span.start.column)"
    }

    private func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
