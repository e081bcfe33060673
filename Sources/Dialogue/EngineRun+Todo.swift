import Conversation

/// The list of what is to be done one after the other.
extension EngineRun {
    /// Begins the first and keeps the others in mind; behind a task under way all of them wait.
    mutating func list(_ items: [TodoItem]) {
        let known = tracker.state.stack.map(\.flow) + tracker.state.todo.map(\.flow)
        var new = items.filter { $0.who != nil || !known.contains($0.flow) }
        guard !new.isEmpty else { return resume() }
        guard tracker.frame == nil else {
            emit(.todoChanged(tracker.state.todo + new))
            sayList()
            if tracker.state.question == nil { return runFlows() }
            mustAskAgain = true
            return
        }
        let first = new.removeFirst()
        emit(.todoChanged(tracker.state.todo + new))
        begin(first)
        sayList(current: first)
        runFlows()
    }

    mutating func begin(_ item: TodoItem) {
        subject = subject(of: item)
        start(item.flow)
        for value in item.values {
            var said = value.value
            // What is said of one person holds from when it is their turn, whatever was said of another since.
            if item.who != nil { said.turn = tracker.turn }
            emit(.slotSet(name: value.slot, value: said))
        }
    }

    /// What a task of the list is called: where it waits for several people, with whom it is for and what was said of them.
    private func label(_ item: TodoItem) -> String {
        let title = program.flow(item.flow)?.title ?? item.flow
        guard let who = item.who else { return title }
        let own = item.values.filter { value in
            program.slot(value.slot).map { $0.isOfOnePerson || !$0.isFigure && !$0.options.isEmpty } ?? false
        }
        let values = own.map(\.value.text).reduce(into: [String]()) { texts, text in
            if !texts.contains(text) { texts.append(text) }
        }
        // Of whoever writes it is said only what it is asked with.
        let isOneself = program.subject(of: item)?.name == nil && !values.isEmpty
        return title + "（" + ((isOneself ? [] : [who]) + values).joined(separator: "，") + "）"
    }

    /// Whether the next of the list needs other values than were talked of in this turn: what was just said would be told with
    /// them, so that it waits for a word.
    private var nextNeedsOtherValues: Bool {
        guard let next = tracker.state.todo.first(where: { !$0.isAside }) else { return false }
        return changesPerson(next)
            || next.values.contains { value in
                tracker.slots[value.slot].map { $0.value != value.value.value } ?? false
            }
    }

    /// The next of the list behind a task that has come to its end; false when there is none, or it is asked whether to go on.
    mutating func goOnWithList() -> Bool {
        guard nextNeedsOtherValues else { return beginNext() }
        _ = askForNext()
        return false
    }

    /// Asks whether to go on with the next of the list; false when there is none.
    mutating func askForNext() -> Bool {
        guard let next = tracker.state.todo.first(where: { !$0.isAside }) else { return false }
        let answers = program.words.answers(.next)
        pick(
            "pattern.todo_waits", [.init("flow", label(next))],
            [Choice(id: Choice.next, label: answers.yes), Choice(id: "act=decline", label: answers.no)])
        return true
    }

    /// The next of the list; false when there is none.
    mutating func beginNext() -> Bool {
        guard let index = tracker.state.todo.firstIndex(where: { !$0.isAside }) else { return false }
        var todo = tracker.state.todo
        let next = todo.remove(at: index)
        emit(.todoChanged(todo))
        guard program.flow(next.flow) != nil else { return beginNext() }
        say(pattern: "todo_next", [.init("flow", label(next))])
        begin(next)
        return true
    }

    /// `current`: the task under way as it stood on the list.
    mutating func sayList(current item: TodoItem? = nil) {
        let marks = program.words.answers(.todo)
        let underWay = tracker.frame.map { frame in
            item.flatMap { $0.flow == frame.flow ? $0 : nil } ?? TodoItem(flow: frame.flow)
        }
        let current = [underWay].compactMap { $0 }.map { label($0) + marks.yes }
        let waiting = tracker.state.todo.filter { program.flow($0.flow) != nil }.map { label($0) + marks.no }
        let lines = (current + waiting).enumerated().map { "\($0 + 1). \($1)" }
        say(pattern: "todo", [.init("items", lines.joined(separator: "\n"))])
    }

    /// Does one of the list at once; the task under way waits instead. The list counts the task under way first.
    /// `runs`: whether nothing is to be filled before it asks.
    mutating func takeFirst(_ index: Int, runs: Bool = true) {
        guard let frame = tracker.frame else {
            var todo = tracker.state.todo
            guard todo.indices.contains(index) else { return resume() }
            var item = todo.remove(at: index)
            item.isAside = false
            todo.insert(item, at: 0)
            emit(.todoChanged(todo))
            if beginNext(), runs { runFlows() }
            return
        }
        var todo = tracker.state.todo
        guard index > 0, todo.indices.contains(index - 1) else { return resume() }
        let wanted = todo.remove(at: index - 1)
        let left = program.flow(frame.flow).map { waiting(frame, $0) } ?? TodoItem(flow: frame.flow)
        if tracker.state.question != nil { emit(.questionClosed) }
        emit(.flowEnded(flow: frame.flow, outcome: .parked))
        emit(.todoChanged([left] + todo))
        begin(wanted)
        sayList(current: wanted)
        if runs { runFlows() }
    }

    /// What was said for a task and would be forgotten with it.
    func taskValues(of flow: Flow) -> [TodoItem.Value] {
        flow.slots.compactMap { name -> TodoItem.Value? in
            guard program.slot(name)?.isOfTask == true else { return nil }
            return tracker.slots[name].map { .init(slot: name, value: $0) }
        }
    }

    mutating func dropFromList(_ index: Int) {
        let position = tracker.frame == nil ? index : index - 1
        guard position >= 0 else { return cancel() }
        var todo = tracker.state.todo
        guard todo.indices.contains(position) else { return resume() }
        let left = todo.remove(at: position)
        emit(.todoChanged(todo))
        say(pattern: "cancelled", [.init("flow", program.flow(left.flow)?.title ?? left.flow)])
        if tracker.state.question == nil { return resume() }
        mustAskAgain = true
    }

    // MARK: Several values of one slot

    /// Keeps in mind the other values that were said of a slot, to tell of them behind the answer with the first.
    mutating func tellInTurn(_ slot: String, _ first: SlotValue, _ others: [SlotValue]) {
        guard let flow = tracker.frame?.flow ?? tracker.state.lastFlow else { return }
        let items = others.map { TodoItem(flow: flow, values: [.init(slot: slot, value: $0)]) }
        emit(.todoChanged(items + tracker.state.todo.filter { !$0.isOtherValue(of: flow) }))
        say(
            pattern: "first_then",
            [
                .init("value", words(of: [.init(slot: slot, value: first)])),
                .init("others", words(of: others.map { .init(slot: slot, value: $0) })),
            ])
    }

    /// Behind the answer: what is different with the other values that were said.
    mutating func tellOthersInTurn(of flow: Flow) {
        let others = tracker.state.todo.filter { $0.isOtherValue(of: flow.name) }
        guard !others.isEmpty else { return }
        forgetOthersInTurn(of: flow)
        for item in others {
            suppose(item.values.map { .init(slot: $0.slot, value: $0.value) }, of: flow)
        }
    }

    /// What was told in turn behind the answer right above is told so in the task that goes on with it, too (先二级后三级, and then what
    /// it cost).
    func othersToldInTurn(for flow: Flow) -> [TodoItem] {
        guard flow.keeps, tracker.frame == nil, tracker.lastSpoken.contains(where: \.isAnswer),
            let last = program.flow(named: tracker.state.lastFlow),
            last.name == flow.name || last.followUps.contains(flow.name)
        else { return [] }
        return tracker.lastSpoken.compactMap { effect in
            guard case .suppose(_, let values, _, _) = effect, values.count == 1, flow.uses(values[0].slot),
                tracker.slots[values[0].slot] != nil
            else { return nil }
            let other = SlotValue(
                value: values[0].value, text: values[0].text, raw: "", origin: .said, turn: tracker.turn)
            return TodoItem(flow: flow.name, values: [.init(slot: values[0].slot, value: other)])
        }
    }

    /// A task that goes over into another leaves the other values to that.
    mutating func carryOthersInTurn(from flow: Flow, to next: String) {
        guard tracker.state.todo.contains(where: { $0.isOtherValue(of: flow.name) }) else { return }
        let list = tracker.state.todo.map { item in
            var item = item
            if item.isOtherValue(of: flow.name) { item.flow = next }
            return item
        }
        emit(.todoChanged(list))
    }

    /// The task is left: nothing is told of the other values any more.
    mutating func forgetOthersInTurn(of flow: Flow) {
        let left = tracker.state.todo.filter { !$0.isOtherValue(of: flow.name) }
        if left.count < tracker.state.todo.count { emit(.todoChanged(left)) }
    }

    // MARK: Redo

    mutating func redo() {
        guard !tracker.undone.isEmpty else {
            say(pattern: "nothing_undone")
            mustAskAgain = tracker.state.question != nil
            return
        }
        emit(.checkpointRedone)
        say(pattern: "redone")
        mustAskAgain = tracker.state.question != nil
    }
}

extension TodoItem {
    /// Whether it is no task of its own, but another value of one that is under way or just done.
    fileprivate func isOtherValue(of flow: String) -> Bool {
        self.flow == flow && who == nil && !isAside && values.count == 1
    }
}
