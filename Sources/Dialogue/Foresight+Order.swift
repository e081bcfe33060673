import Conversation

/// Of several questions, the one that settles most.
///
/// `collect` steps side by side are asked in any order; the outcome is the same, for a question is passed over only when no
/// answer to it changes anything any more. So each of them is tried as the first, with each of its values, all equally
/// likely, and the others as they are written: the one with the fewest questions on average is asked, the earliest of equal
/// ones. When it is answered, what is left is weighed anew.
///
/// Questions apart stay where they are written. What stands between two of them in the shipped dialogs is something that is
/// said, or a way out by which the first one ends the task (no account to share, an insurance of the past); all others change
/// nothing that comes before. If the second were asked first, whoever leaves by both ways would hear another ending, and where
/// it has no way out itself nobody would be asked less.
extension Foresight {
    /// Questions that are looked at for one choice; beyond them they come as they are written.
    private static var questionBudget: Int { 160 }

    /// Index of the step to ask at when one at `position` has to be asked.
    package func firstQuestion(in flow: Flow, at position: Int, given slots: Slots) -> Int {
        guard program.outlook.choosesOrder, !program.outlook.reaches.isEmpty,
            let trial = Trial(questions(in: flow, from: position), in: flow)
        else { return position }
        return remembered(.firstQuestion, flow, position, slots) {
            weigh(trial, in: flow, at: position, given: $0)
        }
    }

    private func weigh(_ trial: Trial, in flow: Flow, at position: Int, given slots: Slots) -> Int {
        var trial = trial
        let candidates = candidates(among: trial.questions, in: flow, given: slots)
        guard !candidates.isEmpty else { return position }
        guard var fewest = asked(trial.questions[...], slots, [], trial.unit, &trial) else { return position }
        var best = position
        for candidate in candidates {
            let options = program.options(of: candidate.slot, given: slots, world: world)
            var sum = trial.unit
            for option in options {
                let share = trial.unit / options.count
                let filled = slots.filled(candidate.slot.name, with: option)
                guard let rest = asked(trial.questions[...], filled, [], share, &trial) else {
                    return position
                }
                sum += rest
                if sum >= fewest { break }
            }
            if sum < fewest { (fewest, best) = (sum, candidate.position) }
        }
        return best
    }

    private struct SideBySide {
        var position: Int
        var slot: SlotDefinition
        var condition: Condition?
    }

    private struct Trial {
        let questions: [SideBySide]
        /// What one question counts: a multiple of the number of all ways to answer, so that each way's share of it is whole.
        let unit: Int
        let flow: Flow
        var budget = Foresight.questionBudget

        /// Nil when there is nothing to choose between, or too much.
        init?(_ questions: [SideBySide], in flow: Flow) {
            guard questions.count > 1 else { return nil }
            var unit = 1
            for question in questions where !question.slot.options.isEmpty {
                let (product, overflows) = unit.multipliedReportingOverflow(by: question.slot.options.count)
                guard !overflows, product < Int.max / (questions.count + 1) else { return nil }
                unit = product
            }
            self.questions = questions
            self.unit = unit
            self.flow = flow
        }
    }

    /// The questions that stand side by side from a step on.
    private func questions(in flow: Flow, from position: Int) -> [SideBySide] {
        var questions: [SideBySide] = []
        for index in flow.steps.indices[position...] {
            let step = flow.steps[index]
            guard case .collect(let name, let condition) = step.action, program.canMove(step),
                let slot = program.slot(name)
            else { break }
            questions.append(SideBySide(position: index, slot: slot, condition: condition))
        }
        return questions
    }

    /// Those that may be asked before the first: choices that are asked whatever the answers to those before them, and on which
    /// none of those hangs.
    private func candidates(
        among questions: [SideBySide], in flow: Flow, given slots: Slots
    ) -> [SideBySide] {
        var open: NameSet = [questions[0].slot.name]
        var conditions = questions[0].condition.map { [$0] } ?? []
        return questions.dropFirst().filter { question in
            let name = question.slot.name
            guard isOpen(question, in: flow, slots) else { return false }
            let verdict = question.condition.map { decide($0, slots, open: open) } ?? true
            defer {
                if verdict != false { open.insert(name) }
                question.condition.map { conditions.append($0) }
            }
            return verdict == true && !question.slot.options.isEmpty
                && !question.slot.dependsOn.contains(where: open.contains)
                && !conditions.contains { $0.mentions([name], sums: program.outlook.sumSlots) }
                && !looksIdle(name, in: flow, at: question.position, given: slots, open: open)
        }
    }

    private func isOpen(_ question: SideBySide, in flow: Flow, _ slots: Slots) -> Bool {
        !slots.isFilled(question.slot.name) && !isInherited(question.slot.name, slots)
            && !leftOut.contains(flow.steps[question.position].id)
    }

    /// How much is asked on average when the questions come as they are written, in parts of the trial's unit; nil when the
    /// budget is used up. `share` is the part of all ways that lead here, `open` what was asked for and may be anything.
    private func asked(
        _ questions: ArraySlice<SideBySide>, _ slots: Slots, _ open: NameSet, _ share: Int,
        _ trial: inout Trial
    ) -> Int? {
        guard let question = questions.first else { return 0 }
        let rest = questions.dropFirst()
        let name = question.slot.name
        guard isOpen(question, in: trial.flow, slots), !open.contains(name),
            question.condition.map({ decide($0, slots, open: open) ?? true }) ?? true
        else { return asked(rest, slots, open, share, &trial) }
        trial.budget -= 1
        guard trial.budget >= 0 else { return nil }
        if looksIdle(name, in: trial.flow, at: question.position, given: slots, open: open) {
            return asked(rest, slots, open, share, &trial)
        }
        let options = question.slot.options
        guard !options.isEmpty else {
            return asked(rest, slots, open.union([name]), share, &trial).map { $0 + share }
        }
        var sum = share
        for option in options {
            let filled = slots.filled(name, with: option)
            guard let more = asked(rest, filled, open, share / options.count, &trial) else { return nil }
            sum += more
        }
        return sum
    }
}

extension Slots {
    fileprivate func filled(_ name: String, with option: SlotDefinition.Option) -> Slots {
        var filled = self
        filled[name] = SlotValue(value: option.value, text: option.value, raw: "", origin: .said, turn: 0)
        return filled
    }
}
