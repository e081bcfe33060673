import Conversation

/// Which task is gone on with, or told once more, when somebody says which.
extension Policy {
    /// What a task must be at least by the words, to be the one that is named beside a word of going on.
    private static let leastNamed = 0.02

    /// “回去接着说报销”: of the tasks that wait, and of those that were answered, the one that the words are about. Nil when none is
    /// named, or the one that is under way.
    func taskNamed(_ reading: Reading) -> Command? {
        let tracker = reading.tracker
        let below = tracker.state.stack.dropLast().map(\.flow)
        let listed = tracker.state.todo.map(\.flow)
        let known = below + listed + [tracker.frame?.flow].compactMap { $0 } + tracker.flowsDone
        let named = reading.result.ranking.lazy.filter { $0.score >= Self.leastNamed }
            .compactMap { self.program.flow(startedBy: $0.intent)?.name }
        guard let flow = named.first(where: known.contains), flow != tracker.frame?.flow else { return nil }
        if below.contains(flow) { return .start(flow: flow) }
        if let index = listed.firstIndex(of: flow) {
            return .takeFirst(tracker.frame == nil ? index : index + 1)
        }
        // The answer given last is gone on with by what is left of it.
        return flow == tracker.state.lastFlow && tracker.frame == nil ? nil : .retell(flow: flow)
    }

    /// “第一个问题再说一遍”: the answer that is meant by its number is given again; nil for the last one.
    func answerCounted(_ reading: Reading) -> Command? {
        let done = reading.tracker.flowsDone
        guard done.count > 1 || reading.tracker.frame != nil,
            let number = ListPick.ordinal(in: reading.anatomy.scalars), done.indices.contains(number - 1)
        else { return nil }
        return .retell(flow: done[number - 1])
    }
}

extension Tracker {
    /// Tasks that were answered, in the order in which each was first, as far as steps back reach.
    var flowsDone: [String] {
        (checkpoints.map(\.state.lastFlow) + [state.lastFlow]).reduce(into: []) { done, flow in
            if let flow, !done.contains(flow) { done.append(flow) }
        }
    }
}
