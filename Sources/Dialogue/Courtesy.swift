package import Conversation

/// What is asked behind thanks, or behind words that give something up, in the same breath.
extension DialogueProgram {
    /// The question behind thanks (谢谢，那青岛呢) or behind the words that say that there is another (再问一下青岛的); nil where nothing
    /// is asked behind them.
    package func behindCourtesy(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        var start = 0
        var asksAgain = false
        while start < scalars.count {
            if let length = words[.renewing].length(at: start, in: scalars) {
                asksAgain = true
                start += length
            } else if start < scalars.count, let length = words[.courtesy].length(at: start, in: scalars),
                start + length < scalars.count, Self.isBreak(scalars[start + length])
            {
                start += length
            } else {
                break
            }
            while start < scalars.count, Self.isBreak(scalars[start]) { start += 1 }
        }
        guard start > 0, start < scalars.count else { return nil }
        let rest = Array(scalars[start...])
        let kinds = [DialogueWords.Kind.question, .open, .ellipsis]
        guard asksAgain || kinds.contains(where: { words[$0].occur(in: rest) }) else { return nil }
        return Self.text(rest)
    }

    /// Intents that are heard in words which give something up, or leave it for later.
    private static let leaving: Set<String> = ["cancel", "skip", "bye", "dont_know"]

    /// What stands behind words that give something up, or leave it for later, where nothing but that was heard (算了，先问问怎么交;
    /// 等会儿，我先问下交费).
    package func behindAbandoning(_ result: NLUResult) -> String? {
        guard result.intent.map(Self.leaving.contains) ?? true else { return nil }
        let scalars = Array(result.text.unicodeScalars)
        let kinds = result.intent == "cancel" ? [DialogueWords.Kind.abandoning, .postponing] : [.postponing]
        guard let length = kinds.compactMap({ words[$0].length(at: 0, in: scalars) }).max(),
            length < scalars.count, Self.isBreak(scalars[length])
        else { return nil }
        let rest = Array(scalars[length...].drop(while: Self.isBreak))
        guard words[.question].occur(in: rest) || words[.asker].occur(in: rest) else { return nil }
        return Self.text(rest)
    }

    /// Gives something up and asks for another task in the same breath: it is that task which is asked for.
    package func asking(_ other: NLUResult, in result: NLUResult) -> NLUResult {
        guard let intent = other.intent, other.score >= Policy.sure, flow(startedBy: intent) != nil else {
            return result
        }
        var result = result
        result.intent = intent
        result.score = other.score
        result.ranking = other.ranking
        return result
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        isPause(scalar) || endsSentence(scalar) || scalar == " "
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
