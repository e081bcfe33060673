import Conversation

/// Whom an utterance is about.
extension Policy {
    /// The commands with the person before them for whom a task is begun, or of whom something is said.
    func naming(_ commands: [Command], _ reading: Reading) -> [Command] {
        for (index, command) in commands.enumerated() {
            switch command {
            case .start(let name):
                guard let flow = program.flow(name), let subject = reading.subject(for: flow) else {
                    return commands
                }
                return commands[..<index] + [.about(person: subject.name)] + commands[index...]
            case .fill(let assignments):
                let frame = reading.tracker.frame?.flow ?? reading.tracker.state.lastFlow
                guard let flow = program.flow(named: frame), !reading.takesPerson(flow),
                    let name = reading.subject(for: flow)?.name, name != reading.tracker.state.person,
                    assignments.contains(where: { program.slot($0.slot)?.isOfOnePerson ?? false })
                else { return commands }
                let isAnew =
                    reading.isTaskLikely && reading.asksSomething
                    && reading.intent.flatMap(program.flow(startedBy:))?.name == flow.name
                return commands[..<index] + [.about(person: name, anew: isAnew)] + commands[index...]
            default: continue
            }
        }
        return commands
    }
}

extension Reading {
    /// Whether a flow asks for whom it is, so that somebody who is named is its answer.
    func takesPerson(_ flow: Flow) -> Bool { program.personSlot.map(flow.uses) ?? false }

    /// Whom the utterance is about, if a flow is meant: the person who writes when they say so (我自己), else the first of the
    /// family that is named, unless only as company (跟孩子住), as who is gone to (去他那儿) or as who is counted. Nil when nobody is named.
    func subject(for flow: Flow) -> Subject? {
        let scalars = anatomy.scalars
        if program.words[.oneself].occur(in: scalars) { return Subject(name: nil) }
        if takesPerson(flow) {
            return isSpokenOf(in: scalars) ? Subject(name: tracker.state.person) : nil
        }
        if program.words[.visiting].occur(in: scalars) { return nil }
        let type = program.personSlot.flatMap(program.slot)?.entity
        return result.entities.first { entity in
            entity.type == type && !entity.isNegated && !isCounted(entity)
                && !program.words[.beside].end(at: entity.range.lowerBound, in: scalars)
        }.map { Subject(name: $0.text) }
    }

    /// Whether a pronoun stands for whom the talk is about; to whom something is given (给她交) it is not theirs.
    private func isSpokenOf(in scalars: [Unicode.Scalar]) -> Bool {
        scalars.indices.contains { index in
            program.words[.pronoun].length(at: index, in: scalars) != nil
                && !program.words[.giving].end(at: index, in: scalars)
        }
    }

    /// Whether somebody is named only as who is counted (两个孩子, 孩子2个), and the task under way or done last counts them.
    func isCounted(_ person: Entity) -> Bool {
        let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow)
        let counts = (flow?.slots ?? []).compactMap(program.slot).filter { $0.isFigure && $0.role != nil }
        return !counts.isEmpty
            && result.entities.contains { count in
                (count.range.upperBound == person.range.lowerBound
                    || count.range.lowerBound == person.range.upperBound)
                    && counts.contains { $0.role == count.role && $0.entity == count.type }
            }
    }
}
