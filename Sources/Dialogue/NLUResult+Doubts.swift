import Conversation

/// What of an utterance is not taken as it was understood.
extension NLUResult {
    /// A bare yes or no inside of a longer value of another kind says neither (没有 of 没有智能手机).
    func withoutPartsOfValues(_ program: DialogueProgram) -> NLUResult {
        guard entities.contains(where: program.isMereYesOrNo) else { return self }
        // A longer value begins not before the longest could: of a text of nothing but values each looks at its neighbours.
        let values = entities.filter { program.entityTypes.contains($0.type) }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        let longest = values.map(\.range.count).max() ?? 0
        func isPart(_ entity: Entity) -> Bool {
            guard program.isMereYesOrNo(entity) else { return false }
            let earliest = entity.range.upperBound - longest
            let first = values.partitioningIndex { $0.range.lowerBound >= earliest }
            return values[first...].prefix { $0.range.lowerBound <= entity.range.lowerBound }.contains {
                $0.type != entity.type && $0.range.count > entity.range.count
                    && $0.range.upperBound >= entity.range.upperBound
            }
        }
        guard entities.contains(where: isPart) else { return self }
        var result = self
        result.entities.removeAll(where: isPart)
        return result
    }

    /// “自费的有8千” is a part of a bill that was told, and the whole of one that was not, or of another that is told in full;
    /// “再加5000” adds to one that was told; “自付了11万” is what was left to oneself where that is asked for; “前面花过1500” was spent before
    /// the bill beside it, and “医保已经用了450” was paid by the insurance.
    private static let partRoles: Set<String?> = ["part", "added", "borne", "earlier", "latest", "drawn"]

    func withPartsOfWhole(_ tracker: Tracker, _ program: DialogueProgram) -> NLUResult {
        guard entities.contains(where: { Self.partRoles.contains($0.role) }) else { return self }
        var result = self
        let isCase = entities.count { $0.role != "part" && program.entityTypes.contains($0.type) } > 1
        let flows = [
            intent.flatMap(program.flow(startedBy:)),
            program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
        ].compactMap { $0 }
        for index in entities.indices {
            let type = entities[index].type
            let isWholeKnown = program.slots(filledBy: type).contains {
                $0.role == nil && tracker.slots[$0.name] != nil
            }
            // Another amount of which nothing else is said is the bill.
            func isBill(_ other: Entity) -> Bool {
                other.type == type && !other.isNegated && (other.role == nil || other.role == "latest")
            }
            let hasBill = entities.indices.contains { $0 != index && isBill(entities[$0]) }
            switch entities[index].role {
            case "drawn": result.entities[index].role = hasBill ? "used" : nil
            case "latest":
                result.entities[index].role = nil
                // 今年花了1500，这次又花了2000: what stands before it was spent before.
                let before = entities.indices.last {
                    entities[$0].type == type && entities[$0].role == nil
                        && entities[$0].range.upperBound <= entities[index].range.lowerBound
                }
                if let before { result.entities[before].role = "earlier" }
            case "part": result.entities[index].role = isWholeKnown && !isCase ? "outside" : nil
            case "added": if !isWholeKnown { result.entities[index].role = nil }
            // 上个月花了500 is a bill like any other where none is known, and where it is asked about.
            case "earlier":
                let isAsked = program.words[.question].occur(in: Array(text.unicodeScalars))
                if !hasBill, !isWholeKnown || isAsked { result.entities[index].role = nil }
            case "borne":
                let matters = flows.flatMap(\.slots).compactMap(program.slot)
                    .contains {
                        $0.entity == type && $0.role == "own"
                    }
                result.entities[index].role = matters ? "own" : nil
            default: break
            }
        }
        return result
    }

    /// “济南住院花了两万” of which nothing else is known: the one place that begins it, with no word of going there, is where they are
    /// insured as well, where the task asks for one place.
    func withoutMereGoal(_ tracker: Tracker, _ program: DialogueProgram) -> NLUResult {
        let places = entities.indices.filter { entities[$0].type == "place" }
        guard places.count == 1, entities[places[0]].role == "destination", !entities[places[0]].isNegated,
            let slots = intent.flatMap({ program.flow(startedBy: $0) })?.slots.compactMap(program.slot),
            slots.contains(where: { $0.kind == .place && $0.role == nil }),
            program.slots(filledBy: "place").allSatisfy({ tracker.slots[$0.name] == nil })
        else { return self }
        let start = entities[places[0]].range.lowerBound
        let before = text.unicodeScalars.prefix(start).last
        guard before.map({ [" ", "，", ",", "。", "！", "？", "；"].contains($0) }) ?? true else { return self }
        var result = self
        result.entities[places[0]].role = nil
        return result
    }

    /// “以前是职工现在不知道”: what once was and may be no more is no value.
    func withoutWhatOnceWas(_ program: DialogueProgram) -> NLUResult {
        guard intent == "dont_know", score >= Policy.sure else { return self }
        let scalars = Array(text.unicodeScalars)
        guard let former = program.words[.former].firstRange(in: scalars) else { return self }
        var result = self
        result.entities.removeAll { $0.range.lowerBound >= former.lowerBound }
        return result
    }

    /// “以前在成都交的” of which nothing else is known: where the insurance was is where it is.
    func withFormerPlaces(_ tracker: Tracker, _ program: DialogueProgram) -> NLUResult {
        let places = entities.indices.filter { entities[$0].type == "place" && !entities[$0].isNegated }
        guard places.count == 1, entities[places[0]].role == "former" else { return self }
        let homes = program.slots(filledBy: "place").filter { $0.role == nil || $0.role == "home" }
            .compactMap { tracker.slots[$0.name]?.value }
        guard homes.isEmpty || homes.contains(entities[places[0]].value) else { return self }
        var result = self
        result.entities[places[0]].role = "home"
        return result
    }

    /// “在三亚开药能报不” behind a filing from 哈尔滨 to 三亚: the place that is gone to is named in a sentence, and says nothing new of
    /// where they are insured.
    func withPlacesGoneTo(_ tracker: Tracker, _ program: DialogueProgram) -> NLUResult {
        let slots = program.slots(filledBy: "place")
        let places = entities.indices.filter { entities[$0].type == "place" }
        guard places.count == 1, entities[places[0]].role == nil, intent != "correct",
            let goal = slots.first(where: { $0.role == "destination" && $0.lifetime == .conversation })
                .flatMap({ tracker.slots[$0.name]?.value }),
            slots.contains(where: { slot in
                slot.role != "destination" && (tracker.slots[slot.name].map { $0.value != goal } ?? false)
            }),
            entities[places[0]].value == goal, !Anatomy(self, program).isFragment
        else { return self }
        var result = self
        result.entities[places[0]].role = "destination"
        return result
    }

    /// “铁西的” of somebody from 沈阳: of the divisions of a name the one that lies where they are insured is meant.
    func withPlacesOfHome(_ tracker: Tracker, _ program: DialogueProgram, _ world: some DialogueWorld)
        -> NLUResult
    {
        guard entities.contains(where: { $0.type == "place" && $0.alternatives.count > 1 }) else {
            return self
        }
        let homes = program.slots(filledBy: "place").filter { ($0.role ?? "home") == "home" }
            .compactMap { tracker.slots[$0.name]?.value }
        var result = self
        for index in entities.indices where entities[index].alternatives.count > 1 {
            let within = entities[index].alternatives.filter { place in
                homes.contains { world.isPlace(place, within: $0) }
            }
            guard within.count == 1 else { continue }
            result.entities[index].value = within[0]
            result.entities[index].alternatives = []
        }
        return result
    }

    /// Nothing is taken back on a guess: what names no value and takes nothing back in so many words is rather the task that it
    /// is about as likely to ask for (自己摔的呢).
    func withoutMereCorrection(_ program: DialogueProgram) -> NLUResult {
        guard intent == "correct", score < Policy.sure, ranking.count > 1, ranking[0].intent == "correct",
            ranking[0].score - ranking[1].score < Policy.closeMargin,
            program.flow(startedBy: ranking[1].intent) != nil,
            !entities.contains(where: { program.entityTypes.contains($0.type) }),
            !program.words[.retraction].occur(in: Array(text.unicodeScalars))
        else { return self }
        return second
    }

    /// What is said of where somebody is insured, or merely lives (在深圳打工，回老家看病), is no kind of stay where they go.
    func withoutStayAtHome(_ program: DialogueProgram) -> NLUResult {
        let goes = entities.contains { $0.type == "place" && $0.role == "destination" && !$0.isNegated }
        let homes = entities.filter {
            $0.type == "place" && !$0.isNegated
                && ($0.role == "home" || goes && $0.role != "destination")
        }
        let stays = entities.filter(program.hangsOnDestination)
        guard !stays.isEmpty else { return self }
        let scalars = Array(text.unicodeScalars)
        func isThere(_ entity: Entity) -> Bool {
            guard stays.contains(entity) else { return false }
            // “在沈阳住的” of “在沈阳住的院” is no stay in that city.
            let isPart = entities.contains { other in
                other.type != entity.type && other.range.lowerBound == entity.range.lowerBound
                    && other.range.count > entity.range.count
            }
            return isPart
                || homes.contains { home in
                    let start = home.range.lowerBound
                    guard start > 0, scalars[start - 1] == "在" else { return false }
                    return entity.range.overlaps(home.range)
                        || (0...2).contains(entity.range.lowerBound - home.range.upperBound)
                }
        }
        guard entities.contains(where: isThere) else { return self }
        var result = self
        result.entities.removeAll(where: isThere)
        return result
    }

    /// A name that was guessed by its sound from a part of what was said in so many words (临时|回 of 临时回去) is none.
    func withoutGuessesAcrossValues(_ program: DialogueProgram) -> NLUResult {
        func isGuessed(_ entity: Entity) -> Bool {
            entity.certainty == .fuzzy
                && entities.contains { other in
                    // Neither holds the other.
                    let shared = entity.range.clamped(to: other.range).count
                    return other.certainty == .exact && other.type != entity.type && shared > 0
                        && shared < min(entity.range.count, other.range.count)
                        && program.entityTypes.contains(other.type)
                }
        }
        guard entities.contains(where: isGuessed) else { return self }
        var result = self
        result.entities.removeAll(where: isGuessed)
        return result
    }

    /// Words that take back what was said before rule out nothing that follows (有转诊单，啊不没有).
    func withoutFalseNegations(_ retractions: Phrases) -> NLUResult {
        guard entities.contains(where: \.isNegated) else { return self }
        var result = self
        let scalars = Array(text.unicodeScalars)
        for index in entities.indices where entities[index].isNegated {
            let start = entities[index].range.lowerBound
            if retractions.end(at: start, in: scalars) { result.entities[index].isNegated = false }
        }
        return result
    }

    /// Nobody is alarmed by a mere name (爷爷), nor by what is over (心梗，人没事了), and nobody who only names a relative is rude.
    func withoutMereAlarm(_ program: DialogueProgram) -> NLUResult {
        guard let intent, ["emergency", "abuse"].contains(intent), ranking.first?.intent == intent else {
            return self
        }
        let isOver =
            intent == "emergency" && program.words[.over].occur(in: Array(text.unicodeScalars))
        // “我妈中风了”, “昏迷了” are all values, and yet beyond doubt; by its own name a value is an answer (急诊).
        let person = program.personEntity
        let isOfPerson = entities.contains { $0.type == person }
        let isGrave =
            intent == "emergency" && score >= Policy.certain
            && entities.contains { entity in
                entity.type != person && program.entityTypes.contains(entity.type)
                    && (isOfPerson || !entity.text.contains(entity.value))
            }
        guard isOver || Anatomy(self, program).isFragment && !isGrave else { return self }
        guard ranking.count > 1 else {
            var result = self
            result.intent = nil
            return result
        }
        return second
    }

    /// “缴费各多少，工资1万”: an amount of a part that the likeliest task has no slot for speaks for the next, where that has one and is
    /// about as likely.
    func withTaskOfAmount(_ program: DialogueProgram) -> NLUResult {
        guard score < Policy.sure, ranking.count > 1, ranking[0].intent == intent,
            ranking[0].score - ranking[1].score < Policy.closeMargin,
            let flow = intent.flatMap(program.flow(startedBy:)),
            let next = program.flow(startedBy: ranking[1].intent)
        else { return self }
        let parts = entities.filter { $0.role != nil && $0.type != "place" && !$0.isNegated }
        let speaksForNext = parts.contains { part in
            let slots = program.slots(filledBy: part.type).filter { $0.role == part.role }
            return slots.contains { next.uses($0.name) } && !slots.contains { flow.uses($0.name) }
        }
        return speaksForNext ? second : self
    }

    /// What it is taken for when the likeliest intent is out of the question.
    var second: NLUResult {
        var result = self
        result.ranking.removeFirst()
        result.intent = ranking[1].intent
        result.score = ranking[1].score
        return result
    }

    /// Nobody is suspected on a guess: where something else is about as likely as fraud, it was the other.
    var withoutMereSuspicion: NLUResult {
        guard intent == Policy.fraud, ranking.count > 1, ranking[0].intent == Policy.fraud,
            ranking[0].score < Policy.sure, ranking[0].score - ranking[1].score < Policy.closeMargin
        else { return self }
        return second
    }
}

extension Array {
    /// The first index from which on all elements are of the second part, where those of the first all come before.
    fileprivate func partitioningIndex(where isOfSecond: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isOfSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
