import Conversation
import Dialogue

/// What was asked by name (什么时候交, 起付线多少) stands before the rest of the answer that tells it.
extension Wording {
    /// Puts the heading of the answer and what was asked by name, when it would stand behind something else.
    mutating func sayAskedFirst() {
        guard scene.told.isEmpty, scene.query == nil, focus.isEmpty else { return }
        let attributes = assistant.attributesAsked(in: [scene.topic.text, scene.question.text])
        guard !attributes.isEmpty else { return }
        var heading: (response: String, indices: [Int], arguments: [Effect.Argument])?
        var asked: [(response: String, index: Int, arguments: [Effect.Argument])] = []
        var isBehind = false
        for case .say(let name, let arguments) in scene.effects where !name.hasPrefix("pattern.") {
            let blocks = assistant.response(name)?.blocks ?? []
            for (index, block) in blocks.enumerated() {
                if case .text = block.content { continue }
                guard block.condition?.holds(in: slots, world: world) ?? true else { continue }
                if heading == nil { heading = (name, Array(0..<index), arguments) }
                if block.tells(attributes) {
                    asked.append((name, index, arguments))
                } else {
                    isBehind = isBehind || asked.isEmpty
                }
            }
        }
        guard isBehind, !asked.isEmpty, let heading else { return }
        put(heading.indices, of: heading.response, heading.arguments)
        for block in asked { put([block.index], of: block.response, block.arguments) }
        saidFirst.formUnion(heading.indices.map { Self.place(of: $0, in: heading.response) })
        saidFirst.formUnion(asked.map { Self.place(of: $0.index, in: $0.response) })
    }
}

extension Response.Block {
    /// Whether it tells facts of one of these kinds.
    func tells(_ attributes: [String]) -> Bool {
        if case .facts(let block) = content { block.kept(to: attributes) != nil } else { false }
    }
}
