import Conversation

/// Whose the values of an utterance are, and whom it is about.
///
/// Whoever is named plays a part by the words around the name: some only help, lend their card, keep company or are gone to, and
/// the matter is not theirs. A value belongs to whom is named last before it in its clause, else to whom the clause before was
/// about; one that nobody is named with goes to whom the utterance is about. That is whom its asking clause is about, else its last.
struct Whose {
    struct Person: Equatable {
        /// As they were called first; nil for the one who writes.
        var name: String?
        /// What they are to the one who writes.
        var kin: String?
    }

    enum Part {
        /// Something is said or asked of them.
        case owner
        /// Something is done for them, or given to them.
        case receiver
        /// They do something for somebody else.
        case helper
        /// They pay, or lend what they have.
        case holder
        /// Their card is spoken of, whoever is to use it.
        case card
        /// They are there, or are gone to.
        case company
        /// It is told what they do, and asked of somebody else.
        case background
    }

    struct Mention {
        var person: Person
        var range: Range<Int>
        var clause: Int
        var part: Part
        /// Whether something is said or asked of them beyond doubt: 我 may merely be who asks.
        var isSure: Bool
    }

    /// Several of whom the same is said (我跟我老公都是济南职工): who they are, and where what is said of them stands.
    private struct Joint {
        var mentions: [Mention]
        var range: Range<Int>
    }

    /// Somebody of whom the same holds as of somebody else (我妈也是).
    struct Likewise {
        var person: Person
        /// Whoever is named before them; nil where that is whom the talk is about.
        var source: Person?
    }

    let mentions: [Mention]
    let likewise: [Likewise]
    private let joints: [Joint]
    private let clauses: [Range<Int>]
    /// Clauses that ask.
    private let asking: Set<Int>

    /// Whom it is about where the flow does not ask for whom it is; nil when nobody is named.
    var matter: Person? { chosen(among: mentions.filter { isAbout($0, cards: true) })?.person }

    /// Whose account it is about, where that is a relative's.
    var holder: Person? {
        mentions.first { ($0.part == .holder || $0.part == .card) && $0.person.name != nil }?.person
    }

    /// Whether a pronoun or a name of the family means them, to whom something is given or of whom something is asked.
    var receiver: Person? {
        mentions.first { ($0.part == .receiver || $0.part == .owner) && $0.person.name != nil }?.person
    }

    /// Whose a value is: several people's where it is said of all of them; empty when nobody is named with it.
    func owners(of entity: Entity) -> [Mention] {
        if let joint = joints.first(where: { $0.range.contains(entity.range.lowerBound) }) {
            return joint.mentions
        }
        return owner(of: entity).map { [$0] } ?? []
    }

    /// Whether a value is said of somebody.
    func isOf(_ name: String?, _ entity: Entity) -> Bool {
        owners(of: entity).contains { $0.person.name == name }
    }

    private func owner(of entity: Entity) -> Mention? {
        let clause = clauses.firstIndex { $0.contains(entity.range.lowerBound) } ?? 0
        let before = mentions.filter {
            $0.part != .company && $0.range.lowerBound <= entity.range.lowerBound
                && ($0.isSure || $0.part != .owner)
        }
        // What is given to somebody says nothing of them in the next clause (给岳父绑共济，北京职工).
        return before.last { $0.clause == clause } ?? before.last { $0.part == .owner }
    }

    /// The one person that it names, and nobody else; nil when there are several or none.
    var onlyPerson: Person? {
        guard let first = mentions.first,
            mentions.allSatisfy({ $0.person == first.person && isAbout($0, cards: true) })
        else { return nil }
        return first.person
    }

    /// The one relative that it names beside whoever merely says so (刚才我说的是我妈); nil when there are several or none.
    var onlyRelative: Person? {
        let relatives = mentions.filter { $0.person.name != nil }
        guard let first = relatives.first, mentions.allSatisfy({ $0.person.name != nil || !$0.isSure }),
            relatives.allSatisfy({ $0.person == first.person && isAbout($0, cards: true) })
        else { return nil }
        return first.person
    }

    private func isAbout(_ mention: Mention, cards: Bool) -> Bool {
        switch mention.part {
        case .owner: mention.isSure && !isServing(mention.person)
        case .card: cards && !isServing(mention.person)
        case .receiver:
            (mention.person.name != nil || mentions.contains { $0.part == .helper })
                && !isServing(mention.person)
        case .helper, .holder, .company, .background: false
        }
    }

    /// Whether somebody only helps, or lends, whatever else is said of them.
    func isServing(_ person: Person) -> Bool {
        mentions.contains {
            $0.person == person && ($0.part == .helper || $0.part == .holder)
        }
    }

    private func chosen(among mentions: [Mention]) -> Mention? {
        if let asked = mentions.first(where: { asking.contains($0.clause) }) { return asked }
        guard let last = mentions.last else { return nil }
        return mentions.first { $0.clause == last.clause }
    }
}

extension Whose {
    /// Scalars between somebody and what they do for others at most.
    private static let reach = 6

    init(
        _ result: NLUResult, _ anatomy: Anatomy, _ tracker: Tracker, _ program: DialogueProgram,
        isCounted: (Entity) -> Bool
    ) {
        let scalars = anatomy.scalars
        let words = program.words
        let clauses = Self.clauses(of: scalars)
        self.clauses = clauses
        asking = Set(
            clauses.indices.filter { index in
                words[.question].occur(in: Array(scalars[clauses[index]]))
                    || index == clauses.count - 1 && anatomy.asksByForm(words[.ending])
            })
        let type = program.personEntity
        let relatives = result.entities.filter { $0.type == type && !isCounted($0) }
        var found = Self.named(relatives, scalars, tracker, program)
        let visited = words[.visiting].firstRange(in: scalars)?.lowerBound
        let visitedPerson = visited.flatMap { start in
            found.last { $0.range.lowerBound <= start }?.person.name
        }
        for index in found.indices {
            let next = index + 1 < found.count ? found[index + 1].range : nil
            found[index].clause = clauses.firstIndex { $0.contains(found[index].range.lowerBound) } ?? 0
            if let visitedPerson, found[index].person.name == visitedPerson {
                found[index].part = .company
            } else {
                found[index].part = Self.part(
                    found[index].range, next, clauses[found[index].clause], scalars, words)
            }
            if found[index].person.name == nil, !found[index].isSure {
                let end = min(next?.lowerBound ?? scalars.count, clauses[found[index].clause].upperBound)
                let clause = clauses[found[index].clause]
                let asks =
                    asking.contains(found[index].clause)
                    || words[.ellipsis].occur(in: Array(scalars[clause]))
                found[index].isSure = Self.isSaidOfOneself(
                    found[index].range, upTo: end, asks: asks, result, scalars, program)
            }
        }
        joints = Self.joints(&found, clauses, scalars, words)
        likewise = Self.likewise(&found, clauses, result, scalars, program)
        mentions = found
    }

    /// Of whom the same is said as of the one before: no value stands right behind those words, which would be what is the same.
    private static func likewise(
        _ found: inout [Mention], _ clauses: [Range<Int>], _ result: NLUResult, _ scalars: [Unicode.Scalar],
        _ program: DialogueProgram
    ) -> [Likewise] {
        var likewise: [Likewise] = []
        for index in found.indices {
            let start = found[index].range.upperBound
            let end = min(clauses[found[index].clause].upperBound, start + reach)
            guard start < end else { continue }
            let words = (start..<end).lazy.compactMap { place in
                program.words[.likewise].length(at: place, in: scalars).map { place + $0 }
            }
            guard let behind = words.first,
                !result.entities.contains(where: { entity in
                    entity.range.lowerBound == behind && !program.slots(filledBy: entity.type).isEmpty
                })
            else { continue }
            found[index].part = .owner
            found[index].isSure = true
            let person = found[index].person
            likewise.append(
                Likewise(person: person, source: found[..<index].last { $0.person != person }?.person))
        }
        return likewise
    }

    /// Where the same is said of several, and of whom: of those who are named one right behind the other, or joined by a word, before it,
    /// or where it begins its clause of those of the clauses before it (俺71，俺老伴68，都是济南退休职工).
    private static func joints(
        _ found: inout [Mention], _ clauses: [Range<Int>], _ scalars: [Unicode.Scalar], _ words: DialogueWords
    ) -> [Joint] {
        var joints: [Joint] = []
        for index in scalars.indices {
            guard let length = words[.jointly].length(at: index, in: scalars),
                joints.last.map({ $0.range.upperBound <= index }) ?? true,
                let clause = clauses.firstIndex(where: { $0.contains(index) })
            else { continue }
            let before = found.indices.filter { found[$0].range.upperBound <= index }
            var members = before.filter { found[$0].clause == clause }
            if members.isEmpty {
                let start = joints.last?.range.upperBound ?? 0
                members = before.filter { found[$0].range.lowerBound >= start }
            }
            guard Set(members.map { found[$0].person.name }).count > 1 else { continue }
            for member in members {
                found[member].part = .owner
                found[member].isSure = true
            }
            let next = found.first { $0.range.lowerBound >= index + length }?.range.lowerBound
            let end = min(next ?? scalars.count, clauses[clause].upperBound)
            joints.append(Joint(mentions: members.map { found[$0] }, range: index..<max(end, index + length)))
        }
        return joints
    }

    private static func clauses(of scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var clauses: [Range<Int>] = []
        var start = 0
        for index in scalars.indices
        where DialogueProgram.isPause(scalars[index]) || DialogueProgram.endsSentence(scalars[index]) {
            clauses.append(start..<index + 1)
            start = index + 1
        }
        if start < scalars.count || clauses.isEmpty { clauses.append(start..<scalars.count) }
        return clauses
    }

    /// Everybody who is named, in the order of the text; who is ruled out (不是我妈) is not.
    private static func named(
        _ relatives: [Entity], _ scalars: [Unicode.Scalar], _ tracker: Tracker, _ program: DialogueProgram
    ) -> [Mention] {
        let words = program.words
        let family = relatives.filter { !$0.isNegated }
        var found: [Mention] = []
        func add(_ person: Person, _ range: Range<Int>, isSure: Bool) {
            found.append(Mention(person: person, range: range, clause: 0, part: .owner, isSure: isSure))
        }
        var index = 0
        while index < scalars.count {
            if let entity = family.filter({ $0.range.lowerBound == index }).max(by: {
                $0.range.count < $1.range.count
            }) {
                add(person(entity, found, tracker, program), entity.range, isSure: true)
                index = entity.range.upperBound
            } else if let excluded = relatives.last(where: { $0.isNegated && $0.range.lowerBound == index }) {
                index = max(excluded.range.upperBound, index + 1)
            } else if let length = words[.oneself].length(at: index, in: scalars) {
                // “算下来我自己掏多少” turns to nobody else.
                if words[.bearing].length(at: index + length, in: scalars) == nil {
                    add(Person(), index..<index + length, isSure: true)
                }
                index += length
            } else if let length = words[.own].length(at: index, in: scalars) {
                let end = index + length
                // “来我这儿” names where, and nobody.
                if words[.here].length(at: index, in: scalars) != nil
                    || index > 0 && words[.here].length(at: index - 1, in: scalars) ?? 0 > length
                {
                    index = end
                    continue
                }
                let belongs = relatives.contains { entity in
                    entity.range.lowerBound >= end && entity.range.lowerBound <= end + 2
                        && scalars[end..<entity.range.lowerBound].allSatisfy {
                            "家们的".unicodeScalars.contains($0)
                        }
                }
                if !belongs { add(Person(), index..<end, isSure: false) }
                index = end
            } else if let length = words[.pronoun].length(at: index, in: scalars),
                index == 0 || scalars[index - 1] != "其"
            {
                let range = index..<index + length
                if let person = spokenOf(
                    String(String.UnicodeScalarView(scalars[range])), found, tracker, program)
                {
                    add(person, range, isSure: true)
                }
                index += length
            } else {
                index += 1
            }
        }
        return found
    }

    /// Who is meant by a name: somebody of whom was spoken under the same name or another, or somebody new.
    private static func person(
        _ entity: Entity, _ found: [Mention], _ tracker: Tracker, _ program: DialogueProgram
    ) -> Person {
        let called = program.name(in: entity.text)
        let present = Person(name: tracker.state.person, kin: tracker.known(tracker.state.person)?.kin)
        let known =
            tracker.state.people.map { Person(name: $0.name, kin: $0.kin) } + [present] + found.map(\.person)
        let same = known.last { other in
            guard let name = other.name else { return false }
            return name == called
                || other.kin ?? entity.value == entity.value && program.isSamePerson(name, called)
        }
        return same ?? Person(name: called, kin: entity.value)
    }

    /// Whom a pronoun means: the one named last whom it may stand for.
    private static func spokenOf(
        _ pronoun: String, _ found: [Mention], _ tracker: Tracker, _ program: DialogueProgram
    ) -> Person? {
        let present = Person(name: tracker.state.person, kin: tracker.known(tracker.state.person)?.kin)
        let known =
            tracker.state.people.map { Person(name: $0.name, kin: $0.kin) } + [present] + found.map(\.person)
        let others = [asked(tracker, program)].compactMap { $0 } + known.filter { $0.name != nil }
        return others.last { $0.name.map { program.may(pronoun, mean: $0) } ?? false } ?? others.last
    }

    /// For whom the task under way, or the one done last, is, where it asks that (给我妈绑).
    private static func asked(_ tracker: Tracker, _ program: DialogueProgram) -> Person? {
        guard let flow = program.flow(named: tracker.frame?.flow ?? tracker.state.lastFlow),
            let slot = program.personSlot, flow.uses(slot), let value = tracker.slots[slot],
            !value.raw.isEmpty
        else { return nil }
        return Person(name: value.raw, kin: value.value)
    }

    /// The part that somebody plays by the words around them. `next`: who is named next.
    private static func part(
        _ range: Range<Int>, _ next: Range<Int>?, _ clause: Range<Int>, _ scalars: [Unicode.Scalar],
        _ words: DialogueWords
    ) -> Part {
        let (start, end) = (range.lowerBound, range.upperBound)
        func occur(_ kind: DialogueWords.Kind, from first: Int, to last: Int) -> Bool {
            first < last && words[kind].occur(in: Array(scalars[first..<last]))
        }
        if words[.beside].end(at: start, in: scalars) || words[.hearing].end(at: start, in: scalars)
            || end < scalars.count && words[.bystanding].length(at: end, in: scalars) != nil
        {
            return .company
        }
        if end < scalars.count, words[.serving].length(at: end, in: scalars) != nil { return .background }
        if words[.holding].end(at: start, in: scalars) { return .holder }
        if words[.sending].end(at: start, in: scalars), occur(.errand, from: end, to: clause.upperBound) {
            return .helper
        }
        if words[.giving].end(at: start, in: scalars) { return .receiver }
        // 我闺女帮我弄, 闺女给我交: what they do is done for whom is named right behind it, or it is an errand.
        for index in end..<max(end, min(clause.upperBound, end + reach)) {
            if let next, index >= next.lowerBound { break }
            guard let length = words[.helping].length(at: index, in: scalars) else { continue }
            if next?.lowerBound == index + length
                || index + length < scalars.count
                    && words[.errand].length(at: index + length, in: scalars) != nil
            {
                return .helper
            }
        }
        return end < scalars.count && words[.card].length(at: end, in: scalars) != nil ? .card : .owner
    }

    /// Whether 我 is who something is said or asked of, and not merely who asks: their things, a value or what they do follows.
    /// `asks`: the clause asks, so that any value right behind is asked of them (我门诊能报多少).
    private static func isSaidOfOneself(
        _ range: Range<Int>, upTo end: Int, asks: Bool, _ result: NLUResult, _ scalars: [Unicode.Scalar],
        _ program: DialogueProgram
    ) -> Bool {
        let words = program.words
        let start = range.upperBound
        guard start < end else { return false }
        if words[.asker].length(at: start, in: scalars) != nil { return false }
        if words[.owning].length(at: start, in: scalars) != nil { return true }
        var index = start
        while index < end, let length = words[.modal].length(at: index, in: scalars) { index += length }
        if index < end, words[.deed].length(at: index, in: scalars) != nil { return true }
        return result.entities.contains { entity in
            entity.range.lowerBound >= start && entity.range.lowerBound < end && !entity.isNegated
                && (entity.type == "place" || asks && entity.range.lowerBound == index
                    || program.slots(filledBy: entity.type).contains(where: \.isPersonal))
        }
    }
}
