import ArgumentParser
import Assistant
import Dialogue

struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "graph", abstract: "A flow as a drawing.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case mermaid, dot }

    @OptionGroup var options: ProjectOptions
    @Option(help: "mermaid or dot.") var format =
        Environment.one("FORMAT", of: Format.self) ?? .mermaid
    @Argument(help: "The flow's name.") var flow: String

    func run() throws {
        let program = try options.assistant().program
        guard let flow = program.flow(flow) else {
            throw failure(
                "there is no flow `\(flow)`; there are \(program.flows.map(\.name).sorted().joined(separator: ", "))",
                code: 2)
        }
        print(format == .mermaid ? FlowDrawing.mermaid(flow) : FlowDrawing.dot(flow))
    }
}

/// Boxes and arrows of a flow's compiled steps; jumps are followed through.
enum FlowDrawing {
    static func mermaid(_ flow: Flow) -> String {
        let boxes = nodes(flow).map {
            "  n\($0.0)\($0.isQuestion ? "{{" : "[")\"\($0.label)\"\($0.isQuestion ? "}}" : "]")"
        }
        let arrows = edges(flow).map {
            $0.label.isEmpty ? "  n\($0.from) --> n\($0.to)" : "  n\($0.from) -->|\($0.label)| n\($0.to)"
        }
        return (["flowchart TD"] + boxes + arrows).joined(separator: "\n")
    }

    static func dot(_ flow: Flow) -> String {
        let boxes = nodes(flow).map {
            "  n\($0.0) [label=\"\($0.label)\"\($0.isQuestion ? " shape=diamond" : " shape=box")];"
        }
        let arrows = edges(flow).map { "  n\($0.from) -> n\($0.to) [label=\"\($0.label)\"];" }
        return (["digraph \(flow.name) {"] + boxes + arrows + ["}"]).joined(separator: "\n")
    }

    private static func nodes(_ flow: Flow) -> [(Int, label: String, isQuestion: Bool)] {
        var all: [(Int, label: String, isQuestion: Bool)] = []
        for (index, step) in flow.steps.enumerated() {
            switch step.action {
            case .collect(let slot, _): all.append((index, "问 \(slot)", true))
            case .say(let response, _): all.append((index, "说 \(response)", false))
            case .set(let slot, let value): all.append((index, "\(slot) = \(value)", false))
            case .branch: all.append((index, "\(step.id)", true))
            case .link(let flow): all.append((index, "转到 \(flow)", false))
            case .handOff: all.append((index, "转人工", false))
            case .end: all.append((index, "结束", false))
            case .jump: break
            }
        }
        return all + [(flow.steps.count, "完成", false)]
    }

    private static func edges(_ flow: Flow) -> [(from: Int, to: Int, label: String)] {
        var all: [(from: Int, to: Int, label: String)] = []
        for (index, step) in flow.steps.enumerated() {
            switch step.action {
            case .branch(_, let otherwise):
                all.append((index, target(index + 1, flow), "是"))
                all.append((index, target(otherwise, flow), "否"))
            case .jump, .link, .end: break
            case .collect, .say, .set, .handOff: all.append((index, target(index + 1, flow), ""))
            }
        }
        return all
    }

    private static func target(_ index: Int, _ flow: Flow) -> Int {
        var index = index
        var steps = flow.steps.count
        while index < flow.steps.count, case .jump(let next) = flow.steps[index].action, steps > 0 {
            index = next
            steps -= 1
        }
        return index
    }
}
