import Conversation

/// A change of the dialogs meets conversations that are under way.
///
/// What is left of them goes on: a task that is gone is set aside, a task whose step is gone begins again with all that was
/// said for it, a slot that is gone is forgotten, and a question that nobody asks any more is closed.
extension EngineRun {
    mutating func fitToProgram() {
        for frame in tracker.state.stack where program.flow(frame.flow) == nil {
            if tracker.state.question != nil, frame == tracker.frame { emit(.questionClosed) }
            emit(.flowEnded(flow: frame.flow, outcome: .parked))
        }
        for name in tracker.slots.names(notAmong: program.slotNames) { emit(.slotCleared(name: name)) }
        if tracker.state.todo.contains(where: { program.flow($0.flow) == nil }) {
            emit(.todoChanged(tracker.state.todo.filter { program.flow($0.flow) != nil }))
        }
        if let question = tracker.state.question, !canStillBeAsked(question) { emit(.questionClosed) }
        if let frame = tracker.frame, let flow = program.flow(frame.flow), !frame.step.isEmpty,
            flow.position(of: frame.step) == nil, let first = flow.steps.first
        {
            if case .slot? = tracker.state.question?.kind { emit(.questionClosed) }
            emit(.flowRewound(step: first.id, unsaying: []))
        }
    }

    private func canStillBeAsked(_ question: Question) -> Bool {
        switch question.kind {
        case .slot(let name, let candidates):
            guard let slot = program.slot(name) else { return false }
            return candidates.isEmpty || slot.options.isEmpty
                || candidates.contains { slot.hasOption($0) }
        case .flow(let names), .followUp(let names):
            return names.isEmpty || names.contains { FurtherReading.isReading($0) || program.flow($0) != nil }
        case .pick: return true
        }
    }
}
