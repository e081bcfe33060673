import Conversation

/// Words for one person of a family: 妈, 娘 and 母亲 are the same. Who they are the same for is told by what they are to the one who
/// writes: 老公他妈 is another.
package struct PersonWords: Sendable {
    let words: Phrases
    /// The pronoun that stands for them.
    let pronoun: String?

    package init(words: [String], pronoun: String? = nil) {
        self.words = Phrases(words)
        self.pronoun = pronoun
    }
}

extension DialogueProgram {
    /// What somebody is called, without the word by which they are given something (给爸妈).
    func name(in text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard let length = words[.giving].length(at: 0, in: scalars), length < scalars.count else {
            return text
        }
        return String(String.UnicodeScalarView(scalars[length...]))
    }

    /// Whether two names of people who are the same to the one who writes mean the same person: 我妈 and 俺娘, 俺闺女 and 孩子, but
    /// neither 我爸 and 我妈 nor 大儿子 and 小儿子.
    package func isSamePerson(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        let names = (Array(first.unicodeScalars), Array(second.unicodeScalars))
        return people.contains { person in
            guard let left = rank(in: names.0, beside: person.words),
                let right = rank(in: names.1, beside: person.words)
            else { return false }
            return left.isEmpty || right.isEmpty || left == right
        }
    }

    /// Length of the longest word for a person that a name holds: 姥爷 is none of 姥.
    private func longestWord(in name: [Unicode.Scalar]) -> Int {
        name.indices.flatMap { start in people.compactMap { $0.words.length(at: start, in: name) } }.max()
            ?? 0
    }

    /// What a name says besides a word for the person and whose they are (大 of 我大儿子); nil when it does not hold the word, or only
    /// as a part of another.
    private func rank(in name: [Unicode.Scalar], beside word: Phrases) -> [Unicode.Scalar]? {
        let places = name.indices.compactMap { start in
            word.length(at: start, in: name).map { start..<start + $0 }
        }
        guard let place = places.max(by: { $0.count < $1.count }), place.count == longestWord(in: name)
        else { return nil }
        var rest: [Unicode.Scalar] = []
        var index = 0
        while index < name.count {
            if index == place.lowerBound {
                index = place.upperBound
            } else if let length = words[.own].length(at: index, in: name)
                ?? words[.filler].length(at: index, in: name)
            {
                index += length
            } else {
                rest.append(name[index])
                index += 1
            }
        }
        return rest
    }

    /// Whether a pronoun (她) may stand for somebody of that name.
    func may(_ pronoun: String, mean name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        let others = people.filter { $0.pronoun != nil && $0.words.occur(in: scalars) }.map(\.pronoun)
        return others.isEmpty || others.contains(pronoun)
            || !people.contains { $0.pronoun == pronoun }
    }
}
