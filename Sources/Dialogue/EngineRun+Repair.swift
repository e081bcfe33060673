import Conversation

/// Repair: cancel, back, repeat, why, restart, resume, clarify. The words are the authors', in `Dialogs/patterns/`.
extension EngineRun {
    mutating func cancel() {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else {
            var pattern = "nothing_to_cancel"
            if case .pick? = tracker.state.question?.kind { pattern = "declined" }
            if tracker.state.question != nil { emit(.questionClosed) }
            say(pattern: pattern)
            return
        }
        if tracker.state.question != nil { emit(.questionClosed) }
        emit(.flowEnded(flow: flow.name, outcome: .cancelled))
        say(pattern: "cancelled", [.init("flow", flow.title)])
        if comeBack(after: nil) || beginNext() { return runFlows() }
        say(.offerFlows(program.menu, response: "pattern.menu"))
        emit(.questionAsked(Question(.followUp(program.menu))))
    }

    mutating func goBack() {
        guard !tracker.checkpoints.isEmpty else {
            say(pattern: "nothing_before")
            mustAskAgain = tracker.state.question != nil
            return
        }
        emit(.checkpointRestored)
        say(pattern: "back")
        mustAskAgain = tracker.state.question != nil
    }

    mutating func repeatLast() {
        guard !tracker.lastSpoken.isEmpty else { return say(pattern: "nothing_before") }
        for effect in tracker.lastSpoken { say(effect) }
    }

    mutating func explain() {
        switch tracker.state.question?.kind {
        case .slot(let slot, _):
            say(.explain(slot: slot))
            mustAskAgain = true
        case .flow, .followUp, .pick, nil:
            say(pattern: "nothing_asked")
            mustAskAgain = tracker.frame != nil
        }
    }

    /// From the top: the task under way with its slots forgotten, or the whole conversation when there is none.
    mutating func restart() {
        guard let frame = tracker.frame, let flow = program.flow(frame.flow) else {
            emit(.restarted)
            return open()
        }
        if tracker.state.question != nil { emit(.questionClosed) }
        emit(.flowEnded(flow: flow.name, outcome: .cancelled))
        for name in flow.slots {
            for equal in [name] + (program.slot(name)?.inherits ?? []) where tracker.slots[equal] != nil {
                emit(.slotCleared(name: equal))
            }
        }
        say(pattern: "restarted", [.init("flow", flow.title)])
        emit(.flowStarted(flow: flow.name))
        runFlows()
    }

    mutating func resume() {
        if let question = tracker.state.question { return put(question) }
        if tracker.frame != nil {
            comeBack(after: nil)
            return runFlows()
        }
        if beginNext() { return runFlows() }
        say(.offerFlows(program.menu, response: "pattern.menu"))
        emit(.questionAsked(Question(.followUp(program.menu))))
    }

    mutating func clarify(_ flows: [String]) {
        if tracker.frame != nil {
            // Never leave an open question of a task for a list: the task's question is what is asked.
            mustAskAgain = true
            return
        }
        emit(.questionAsked(Question(.flow(flows))))
        say(.offerFlows(flows, response: "pattern.clarify"))
    }
}
