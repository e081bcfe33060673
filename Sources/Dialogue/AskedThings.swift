package import Conversation

/// What a question is about, in the person's own words: the nouns of it, as far as they are no values of slots (出生证明 of
/// 出生证明要带吗). Before it is said that nothing is known, these are looked for wherever they may be.
extension DialogueProgram {
    /// Scalars that a thing has at least, and at most; what is longer is a sentence.
    private static let thingLength = 2...10
    /// What stands between two things.
    private static let joints: Set<Unicode.Scalar> = ["和", "与", "跟"]
    /// Things of one question at most.
    private static let mostThings = 3

    /// The things that an utterance asks about; none when it asks nothing, or is about more than can be looked for.
    package func thingsAsked(in result: NLUResult) -> [String] {
        let anatomy = Anatomy(result, self)
        let scalars = anatomy.scalars
        guard
            words[.question].occur(in: scalars) || words[.whether].occur(in: scalars)
                || anatomy.asksByForm(words[.ending])
        else { return [] }
        // Values and words that ask stand between things.
        var isBetween = scalars.map { !Anatomy.isWord($0) }
        for entity in result.entities where entityTypes.contains(entity.type) {
            for index in entity.range where index < isBetween.count { isBetween[index] = true }
        }
        // 什么叫 before 什么, or 叫 would be left of it.
        for kind in [DialogueWords.Kind.meaning, .open, .question, .whether] {
            var index = 0
            while index < scalars.count {
                guard !isBetween[index], let length = words[kind].length(at: index, in: scalars) else {
                    index += 1
                    continue
                }
                for place in index..<index + length { isBetween[place] = true }
                index += length
            }
        }
        var things: [String] = []
        let runs = scalars.indices.split(whereSeparator: { isBetween[$0] }).flatMap { run in
            terms(in: run.startIndex..<run.endIndex, of: result)
                ?? apart(run.startIndex..<run.endIndex, in: scalars)
        }
        for run in runs {
            let thing = stripped(scalars[run])
            if thing.isEmpty { continue }
            guard Self.thingLength.contains(thing.count) else { return [] }
            let text = Self.text(thing)
            if !things.contains(text) { things.append(text) }
        }
        return things.count > Self.mostThings ? [] : things
    }

    /// Scalars from which on a thing by itself says what is asked; a shorter one (养老) stands in too much.
    private static let leastTelling = 3

    /// What names a detail of a task, where it is asked whether it will do: somebody of the family (弟弟能不能加到共济), or a thing that the task
    /// is not itself called by.
    package func detailsNamed(in result: NLUResult, of flow: Flow) -> [String] {
        guard asksWhether(result) else { return [] }
        var names: [String] = []
        let person = personSlot.flatMap(slot)
        for entity in result.entities where !entity.isNegated && !entity.isAside {
            guard let person, person.accepts(entity), let value = person.option(entity.value)?.value else {
                continue
            }
            names.append(value)
        }
        names += thingsAsked(in: result).filter { $0.unicodeScalars.count >= Self.leastTelling }
        return names.reduce(into: []) { told, name in
            if !flow.title.contains(name), !told.contains(name) { told.append(name) }
        }
    }

    /// Words by which a line names whom or what somebody asks about (孩子也一样吗): as it was said, and those of the choices that it may
    /// mean (学生, 新生儿).
    package func wordsNaming(_ result: NLUResult) -> [String] {
        guard asksWhether(result) else { return [] }
        var names: [String] = []
        for entity in result.entities where !entity.isNegated {
            let words = slots(filledBy: entity.type).compactMap { $0.option(entity.value) }.flatMap(
                \.factWords)
            if !words.isEmpty { names += [entity.text] + words }
        }
        return names.reduce(into: []) { told, name in if !told.contains(name) { told.append(name) } }
    }

    /// What is left of an utterance beside the words of going back and small words (车祸 of 回到车祸那个).
    package func nameBesideGoingBack(in result: NLUResult) -> String {
        let scalars = Array(result.text.unicodeScalars)
        var name = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let length = [DialogueWords.Kind.stepping, .retaking, .filler].lazy
                .compactMap { self.words[$0].length(at: index, in: scalars) }.max()
            if let length {
                index += length
                continue
            }
            if Anatomy.isWord(scalars[index]) { name.append(scalars[index]) }
            index += 1
        }
        return name.count > 1 ? String(name) : ""
    }

    /// The terms of which a run is made, one right behind the other (甲类乙类); nil where it is anything else.
    private func terms(in run: Range<Int>, of result: NLUResult) -> [Range<Int>]? {
        var found: [Range<Int>] = []
        var start = run.lowerBound
        while start < run.upperBound,
            let term = result.entities.filter({ entity in
                entity.type == Self.termType && entity.range.lowerBound == start
                    && entity.range.upperBound <= run.upperBound
            }).max(by: { $0.range.count < $1.range.count })
        {
            found.append(term.range)
            start = term.range.upperBound
        }
        // What is asked of them stands behind (区别).
        return found.count > 1 ? found : nil
    }

    /// Entities that are words to be explained.
    private static let termType = "term"

    /// A run cut where a word of need, or an and, stands between two things.
    private func apart(_ run: Range<Int>, in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        for index in run.dropFirst(Self.thingLength.lowerBound) {
            guard let length = words[.need].length(at: index, in: scalars),
                run.upperBound - index - length >= Self.thingLength.lowerBound
            else { continue }
            return apart(run.lowerBound..<index, in: scalars)
                + apart(index + length..<run.upperBound, in: scalars)
        }
        // 户口本和身份证 are two things, 协和医院 is one.
        for index in run.dropFirst(Self.thingLength.lowerBound)
        where Self.joints.contains(scalars[index]) && run.upperBound - index > Self.thingLength.lowerBound {
            return [run.lowerBound..<index] + apart(index + 1..<run.upperBound, in: scalars)
        }
        return [run]
    }

    /// Without the words at both ends that name nothing.
    func stripped(_ scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        let text = Array(scalars)
        var (start, end) = (0, text.count)
        while start < end, let length = length(ofWordAt: start, in: text), start + length <= end {
            start += length
        }
        var isShorter = true
        while isShorter, start < end {
            isShorter = false
            if !Anatomy.isWord(text[end - 1]) {
                end -= 1
                isShorter = true
                continue
            }
            for index in start..<end where words[.verb].lengths(at: index, in: text).contains(end - index) {
                end = index
                isShorter = true
                break
            }
            if !isShorter, end - start > 1, words[.ending].end(at: end, in: text) {
                end -= 1
                isShorter = true
            }
        }
        return scalars.dropFirst(start).prefix(end - start)
    }

    private func length(ofWordAt start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        Anatomy.isWord(scalars[start]) ? words[.verb].length(at: start, in: scalars) : 1
    }

    /// Whether an utterance asks in words that name nothing (要带啥).
    func namesNothing(_ result: NLUResult) -> Bool {
        Anatomy(result, self).isAbout(words[.open], beside: [words[.verb]])
    }

    /// Whether an utterance asks what a word means.
    package func asksMeaning(_ result: NLUResult) -> Bool {
        result.intent == "glossary" || words[.meaning].occur(in: Array(result.text.unicodeScalars))
    }

    /// Whether something is asked that is answered by yes or no (要带吗), and not what, where or how much.
    package func asksWhether(_ result: NLUResult) -> Bool {
        let anatomy = Anatomy(result, self)
        let asks =
            words[.question].occur(in: anatomy.scalars) || words[.whether].occur(in: anatomy.scalars)
            || anatomy.asksByForm(words[.ending])
        return asks && !words[.open].occur(in: anatomy.scalars)
    }
}
