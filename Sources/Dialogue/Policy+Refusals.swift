import Conversation

/// What a flow comes to for whoever does not want it any more, and has not begun it.
package struct Refusal: Equatable, Sendable {
    package enum Outcome: Equatable, Sendable {
        /// It is said what holds then.
        case tells(response: String)
        /// Another flow is meant (不想让他用我的卡了: the binding is undone).
        case begins(flow: String)
    }

    package let outcome: Outcome
    /// Words of which one names what is not wanted; empty where the intent is enough.
    let words: Phrases

    package init(_ outcome: Outcome, words: [String] = []) {
        self.outcome = outcome
        self.words = Phrases(words)
    }

    package static func == (first: Refusal, second: Refusal) -> Bool { first.outcome == second.outcome }
}

/// What is wanted no more (我不想备案了, 共济不想弄了): given up where it is under way, and where it is not, never begun.
extension Policy {
    func refusal(_ reading: Reading) -> [Command]? {
        guard let clause = refusedClause(reading), reading.answers.isEmpty, reading.ambiguous == nil
        else { return nil }
        let open = program.flow(named: reading.tracker.frame?.flow)
        // “不想交居民了想换职工”: what is wanted instead is a matter of its own.
        if let instead = flowBegunByValue(reading), instead.name != open?.name {
            return [.start(flow: instead.name)] + fillCommands(reading.meaning(instead))
        }
        guard let (flow, outcome) = flowRefused(reading) else { return nil }
        let isMere = reading.assignments.allSatisfy { program.slot($0.slot)?.isYesOrNo ?? false }
        if isMere, clause.isWhole, !reading.asksSomething, undoes(outcome, open) { return [.cancel] }
        if case .begins(let other)? = outcome {
            guard let other = program.flow(other), open?.name != other.name else { return nil }
            let leaves: [Command] = open?.name == flow.name ? [.leave] : []
            return leaves + [.start(flow: other.name)] + fillCommands(reading.meaning(other))
        }
        guard clause.isSettled, !reading.asksSomething else { return nil }
        guard case .tells(let response)? = outcome else {
            guard isMere, clause.isWhole else { return nil }
            // Asked for the binding, 共济我不想弄了 gives that up; there is nothing yet to undo.
            let undoes = flow.hearsRefusal && reading.isTaskLikely
            switch open?.refusal?.outcome {
            case .tells? where open?.followUps.contains(flow.name) ?? false: return [.cancel]
            case .begins(flow.name)?: return [.leave, .start(flow: flow.name)] + fillCommands(reading)
            default: break
            }
            return undoes ? nil : open != nil ? [.cancel] : [.declineFollowUp]
        }
        guard let open else { return rest(of: reading.forNoTask) + [.tell(response: response)] }
        let isOpen =
            open.name == flow.name || open.followUps.contains(flow.name)
            || flow.followUps.contains(open.name)
        return isOpen ? isMere ? [.cancel] : nil : [.tell(response: response)]
    }

    /// Whether what is refused would be undone by another flow, which the open one leads to: nothing is there to be undone yet.
    private func undoes(_ outcome: Refusal.Outcome?, _ open: Flow?) -> Bool {
        guard case .begins(let other)? = outcome, case .tells? = open?.refusal?.outcome else { return false }
        return open?.followUps.contains(other) ?? false
    }

    /// Scalars that what is not wanted is called by at most, before the words that say so (医保关系不想转了).
    private static let longestName = 4

    /// The clause at the beginning that wants something no more: behind what it names it says so, and ends as what
    /// is over does. `isWhole`: nothing follows it.
    func refusedClause(_ reading: Reading) -> (isSettled: Bool, isWhole: Bool)? {
        let anatomy = reading.anatomy
        let scalars = anatomy.scalars
        guard let first = anatomy.firstWord else { return nil }
        let end = scalars[first...].firstIndex { !Anatomy.isWord($0) } ?? scalars.count
        let isWhole = !scalars[end...].contains(where: Anatomy.isWord)
        let clause = Array(scalars[..<end])
        var (start, named) = (first, 0)
        while start < end {
            if let length = refusingLength(at: start, in: clause, reading) {
                guard let over = (start + length..<end).last(where: isOver(clause)) else { return nil }
                // Words of refusing alone, with more behind them, take back an offer and no task (不办了，还是交医保).
                guard isWhole && named == 0 || over > start + length else { return nil }
                let isSettled = program.words[.refused].end(at: end, in: clause)
                return (isSettled, isWhole)
            }
            let isNamed =
                anatomy.rest(in: start..<start + 1) == 0
                || reading.result.entities.contains { $0.range.contains(start) }
            if !isNamed { named += 1 }
            // What the company does not pay any more (公司不交了) is nothing that somebody does not want.
            guard named <= Self.longestName,
                isNamed || program.words[.stating].length(at: start, in: clause) == nil
            else { return nil }
            start += 1
        }
        return nil
    }

    /// Length of a word that refuses; also 不 before somebody who is to do something no more (不让儿子用了).
    private func refusingLength(at start: Int, in clause: [Unicode.Scalar], _ reading: Reading) -> Int? {
        if let length = program.words[.refusing].length(at: start, in: clause) { return length }
        guard clause[start] == "不", let sent = program.words[.sending].length(at: start + 1, in: clause)
        else {
            return nil
        }
        let who = start + 1 + sent
        let isSomebody =
            program.words[.pronoun].length(at: who, in: clause) != nil
            || reading.result.entities.contains {
                $0.type == program.personEntity && (who...who + 1).contains($0.range.lowerBound)
            }
        return isSomebody ? 1 + sent : nil
    }

    private func isOver(_ clause: [Unicode.Scalar]) -> (Int) -> Bool {
        { self.program.words[.refused].length(at: $0, in: clause) != nil }
    }

    /// The flow that is not wanted, and what that comes to: what it sounds like, or else the likeliest that is named by words of its own.
    private func flowRefused(_ reading: Reading) -> (flow: Flow, outcome: Refusal.Outcome?)? {
        let scalars = reading.anatomy.scalars
        let likeliest = reading.intent.flatMap(program.flow(startedBy:))
        if let likeliest, let refusal = likeliest.refusal,
            refusal.words.isEmpty || refusal.words.occur(in: scalars)
        {
            return (likeliest, refusal.outcome)
        }
        let named = reading.result.ranking.lazy.compactMap { self.program.flow(startedBy: $0.intent) }.first {
            $0.refusal?.words.occur(in: scalars) ?? false
        }
        if likeliest?.hearsRefusal != true, let named { return (named, named.refusal?.outcome) }
        return likeliest.map { ($0, nil) }
    }
}
