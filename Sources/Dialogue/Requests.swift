package import Conversation

/// Several requests in one utterance: where it falls apart, and what of it asks for what.
extension DialogueProgram {
    /// Scalars from which on an utterance may ask for two things.
    private static var leastLength: Int { 8 }
    /// Scalars that a request has at least.
    private static var leastPart: Int { 3 }

    /// Scalars of a yes or no before a request at most (没有，我现在要备案).
    private static var mostOfYesOrNo: Int { 4 }

    /// The parts of an utterance, cut where a sentence ends and before words that take up something else (另外, 顺便), and behind
    /// the few words that may say yes or no to the open question; empty when it is in one piece.
    package func parts(of text: String, answering question: Question? = nil) -> [String] {
        let scalars = Array(text.unicodeScalars)
        let answer = asksYesOrNo(question) ? Self.mostOfYesOrNo : 0
        guard scalars.count >= (answer > 0 ? answer : Self.leastLength) else { return [] }
        var parts: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        func cut(at end: Int, resumingAt next: Int) {
            if end - start >= Self.leastPart { parts.append(scalars[start..<end]) }
            start = next
        }
        for index in scalars.indices {
            if Self.endsSentence(scalars[index]) {
                cut(at: index + 1, resumingAt: index + 1)
            } else if index > 0, index <= answer, parts.isEmpty, start == 0, Self.isPause(scalars[index]) {
                parts.append(scalars[..<index])
                start = index + 1
            } else if index >= start + Self.leastPart, startsAnew(at: index, in: scalars) {
                cut(at: index, resumingAt: index)
            }
        }
        cut(at: scalars.count, resumingAt: scalars.count)
        return parts.count < 2 ? [] : parts.map(Self.text)
    }

    /// The clauses of a part, where several may ask for a thing each (孩子的医保怎么交，老伴住院能报多少); empty when at most one does.
    /// `isOneOfSeveral`: beside other parts, one that asks is enough.
    package func clauses(of part: String, isOneOfSeveral: Bool) -> [String] {
        let scalars = Array(part.unicodeScalars)
        let clauses = scalars.split(whereSeparator: Self.isPause).filter { $0.count >= Self.leastPart }
        let asking = clauses.count { words[.question].occur(in: Array($0)) }
        guard clauses.count > 1, asking > (isOneOfSeveral ? 0 : 1) else { return [] }
        return clauses.map(Self.text)
    }

    /// Clauses put together again, so that each begins with what asks for another task than the one before; what asks for none
    /// goes with what was asked before it.
    package func requests(among clauses: [String], understoodAs results: [NLUResult]) -> [String] {
        var requests: [(text: String, flow: String?)] = []
        for (clause, result) in zip(clauses, results) {
            // “要带啥” names no task: it asks of the one before.
            let isBeside = !requests.isEmpty && result.score < Policy.certain && namesNothing(result)
            let flow = isBeside ? nil : taskAsked(in: result)
            if let last = requests.last, flow == nil || last.flow == nil || last.flow == flow {
                requests[requests.count - 1] = (last.text + "，" + clause, last.flow ?? flow)
            } else {
                requests.append((clause, flow))
            }
        }
        return requests.map(\.text)
    }

    /// Scalars on either side of a word that joins at least: names of tasks are short (备案和共济都想办).
    private static var leastName: Int { 2 }
    /// Stands in a request for the word that joined it to the one before, and says nothing of its own.
    private static var joint: Unicode.Scalar { "、" }
    /// Requests that are joined in one clause at most.
    private static var mostJoined: Int { 6 }

    /// The requests that a clause joins by a word between what they are called, where it wants them done in so many words
    /// (备案和共济都想办); empty when it asks for one thing. What joins anything else than two tasks joins no requests
    /// (备案和转诊怎么办). `read` understands a part.
    package func joined(in clause: String, understood read: (String) -> NLUResult) -> [String] {
        let scalars = Array(clause.unicodeScalars)
        guard words[.doing].occur(in: scalars) else { return [] }
        var requests: [String] = []
        var rest = scalars
        while requests.count + 1 < Self.mostJoined, let joint = joint(in: rest, understood: read) {
            requests.append(Self.text(rest[..<joint.lowerBound]))
            rest = [Self.joint] + rest[joint.upperBound...]
        }
        return requests.isEmpty ? [] : requests + [Self.text(rest[...])]
    }

    /// A word that joins, between what asks for one task and what asks for another.
    private func joint(in whole: [Unicode.Scalar], understood read: (String) -> NLUResult) -> Range<Int>? {
        guard whole.count >= 2 * Self.leastName else { return nil }
        for index in Self.leastName...whole.count - Self.leastName {
            guard let length = words[.joining].length(at: index, in: whole),
                whole.count - index - length >= Self.leastName,
                let first = taskNamed(in: read(Self.text(whole[..<index])), atLeast: Policy.certain),
                let second = taskNamed(
                    in: read(Self.text(whole[(index + length)...])), atLeast: Policy.sure),
                first != second
            else { continue }
            return index..<index + length
        }
        return nil
    }

    /// The task of which a few words are the name; or one of some that are called alike (共济).
    private func taskNamed(in result: NLUResult, atLeast least: Double) -> String? {
        guard let flow = result.intent.flatMap(flow(startedBy:)) else { return nil }
        let tasks = result.ranking.filter { self.flow(startedBy: $0.intent) != nil }
        let isSomeTask = tasks.reduce(0) { $0 + $1.score } >= Policy.certain
        return isSomeTask || result.score >= least ? flow.name : nil
    }

    /// Whether a part is joined to the one before it, and one of them wants it done in so many words.
    func isJoined(_ part: String, among parts: [String]) -> Bool {
        part.unicodeScalars.first == Self.joint
            && parts.contains { words[.doing].occur(in: Array($0.unicodeScalars)) }
    }

    /// The task that a clause asks for beyond doubt, in words of its own.
    private func taskAsked(in result: NLUResult) -> String? {
        guard let flow = result.intent.flatMap(flow(startedBy:)) else { return nil }
        let anatomy = Anatomy(result, self)
        let asks = words[.question].occur(in: anatomy.scalars) || anatomy.asksByForm(words[.ending])
        return anatomy.rest > 0 && result.score >= (asks ? Policy.sure : Policy.certain) ? flow.name : nil
    }

    static func text(_ part: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: part)
        return String(view)
    }

    func asksYesOrNo(_ question: Question?) -> Bool {
        guard case .slot(let name, _)? = question?.kind else { return false }
        return slot(name)?.isYesOrNo ?? false
    }

    /// Words of connection wherever they stand, words of addition only behind a mark.
    private func startsAnew(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        if words[.connection].length(at: index, in: scalars) != nil { return true }
        return Self.isPause(scalars[index - 1]) && words[.addition].length(at: index, in: scalars) != nil
    }

    static func endsSentence(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "。", "？", "?", "！", "!", "；", ";", "\n": true
        default: false
        }
    }

    static func isPause(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "，", ",", "、", " ": true
        default: false
        }
    }
}
