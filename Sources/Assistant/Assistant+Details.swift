import Conversation
import Dialogue
import Knowledge
import Understanding

/// Details of a task (要啥材料, 多久能办好): which an utterance asks for, and of what.
extension Assistant {
    /// What a task on offer has to be at least by the words alone.
    private static let likeEnough = 0.15

    /// The details of a task that an utterance begins it with, while it asks for the place first (异地备案需要什么材料).
    func openingDetails(in result: NLUResult, _ tracker: Tracker) -> [Detail] {
        guard let flow = tracker.frame.flatMap({ program.flow($0.flow) }),
            case .slot(let name, _)? = tracker.state.question?.kind, program.slot(name)?.kind == .place
        else { return [] }
        let scalars = Array(result.text.unicodeScalars)
        return details.filter { $0.words.occur(in: scalars) && tells(flow, $0.attributes) }
    }

    /// The detail that an utterance asks of the task under way, or of the one that was done last, when that has any such; right
    /// behind an answer it is asked of that answer even where it has none (要带啥), and is said not to be known.
    func detailAsked(in result: NLUResult, _ tracker: Tracker) -> Detail? {
        guard !tracker.isHandedOff, let name = tracker.frame?.flow ?? tracker.state.lastFlow,
            let flow = program.flow(name)
        else { return nil }
        // Most texts hold no word of any, and are not taken apart for it.
        let scalars = Array(result.text.unicodeScalars)
        let named = details.filter {
            ($0.behind.isEmpty || $0.behind.contains(name)) && $0.words.occur(in: scalars)
        }
        guard !named.isEmpty else { return nil }
        let isAbout = program.detailTest(of: result)
        let asked = named.filter { isAbout($0.words, $0.beside, $0.namesPeople) }
        if let told = asked.first(where: { tells(flow, $0.attributes) }) { return told }
        // The task just answered may be named once more (备案有效期多久): it is asked of that answer, with all that was said for it.
        if program.asksOfLastAgain(result, tracker),
            let told = named.first(where: { !$0.isOnlyBehind && tells(flow, $0.attributes) })
        {
            return told
        }
        let other = result.intent.flatMap { program.flow(startedBy: $0) }
        // While the task asks, what it does not tell is asked of no other that these words faintly resemble.
        if tracker.frame != nil, tracker.state.question != nil {
            return other != nil && result.score < Policy.sure ? asked.first { !$0.isOnlyBehind } : nil
        }
        guard tracker.frame == nil, tracker.state.idleTurn == tracker.turn,
            other.map({ flow.followUps.contains($0.name) && result.score >= Policy.sure }) != true
        else { return nil }
        return asked.first { !$0.isOnlyBehind }
    }

    /// What the offered task that tells a detail makes of an utterance which asks it, and which faintly sounds like that task:
    /// “要啥材料” behind a sum is asked of the claim. Nil when the answer tells it itself, or none does.
    func asOffered(_ result: NLUResult, _ tracker: Tracker) -> NLUResult? {
        guard !tracker.isHandedOff, tracker.frame == nil, tracker.state.idleTurn == tracker.turn,
            let flow = tracker.state.lastFlow.flatMap({ program.flow($0) }),
            let detail = detailAsked(in: result, tracker), !tells(flow, detail.attributes)
        else { return nil }
        for offered in flow.followUps.compactMap({ program.flow($0) }) where tells(offered, detail.attributes)
        {
            guard
                let likeness = result.ranking.first(where: {
                    offered.intents.contains($0.intent) && $0.score >= Self.likeEnough
                })
            else { continue }
            var result = result
            result.intent = likeness.intent
            result.score = 1
            return result
        }
        return nil
    }

    /// “回到车祸那个”: what is left beside the words of going back names the task, and is read by itself. Nil where nothing is left.
    func goingBackTo(_ result: NLUResult, _ tracker: Tracker, _ memory: inout TurnMemory) -> NLUResult? {
        guard result.intent == "resume", tracker.state.lastFlow != nil || tracker.frame != nil else {
            return nil
        }
        let name = program.nameBesideGoingBack(in: result)
        guard !name.isEmpty else { return nil }
        var result = result
        for named in memory.reading(of: name, expecting: nil, by: understanding).ranking {
            if let index = result.ranking.firstIndex(where: { $0.intent == named.intent }) {
                result.ranking[index].score = max(result.ranking[index].score, named.score)
            } else {
                result.ranking.append(named)
            }
        }
        return result
    }

    /// Whether what was typed, or what the task began with, asks for what an answer keeps for later.
    func asks(_ scene: Scene, for later: Response.Later, _ attributes: [String]) -> Bool {
        let kinds = details.filter { detail in attributes.contains(where: detail.attributes.contains) }
        return [scene.topic.text, scene.question.text].contains { text in
            let scalars = Array(text.unicodeScalars)
            let begins = text == scene.topic.text
            return later.words.contains(where: text.holds)
                || kinds.contains { !(begins && $0.isOnlyBehind) && $0.words.occur(in: scalars) }
        }
    }

    /// Kinds of facts that texts ask for by name.
    func attributesAsked(in texts: [String]) -> [String] {
        texts.unique.flatMap { text -> [String] in
            let scalars = Array(text.unicodeScalars)
            return details.filter { $0.words.occur(in: scalars) }.flatMap(\.attributes)
        }.unique
    }

    /// What else than some effects the flow tells of some kinds of facts which says the first of these.
    func responses(telling attributes: [String], beside effects: [Effect]) -> [String] {
        guard let first = effects.first(where: \.isAnswer)?.responseName,
            let flow = program.flows.first(where: { $0.says.contains(first) })
        else { return [] }
        let said = effects.map(\.responseName)
        return flow.says.filter { name in
            !said.contains(name) && response(name)?.blocks.contains { $0.tells(attributes) } ?? false
                && factBlocks(name).allSatisfy { $0.fixedInsurance == nil && !$0.includesPast }
        }
    }

    /// Whether what a flow says is of one of these kinds.
    func tells(_ flow: Flow, _ attributes: [String]) -> Bool {
        flow.steps.contains { step in
            guard case .say(let name, _) = step.action, let response = response(name) else { return false }
            return response.blocks.contains { $0.tells(attributes) }
        }
    }
}

extension Flow {
    /// The responses that it may say, in the order of its steps.
    fileprivate var says: [String] {
        steps.compactMap { step in
            if case .say(let response, _) = step.action { response } else { nil }
        }
    }
}
