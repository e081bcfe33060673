/// One thing the knowledge base holds: a value, what it is about, where and for whom it holds, and where it was read.
package struct Fact: Equatable, Sendable {
    package var id: String
    /// The table of `Data/` that holds it.
    package var table: String
    /// The business it belongs to (异地, 共济, 缴费 …).
    package var topic: String
    /// What of it: 步骤, 材料, 报销比例, 起付线, 电话 …
    package var attribute: String
    /// Division code of the place it holds for; `000000` is the whole country.
    package var place: String
    /// 职工, 居民, 灵活就业, 新农合; empty when it holds for all.
    package var insurance: String
    /// 在职, 退休, 长期居住 …; empty when it holds for all.
    package var population: String
    /// When it applies, in words; empty when always.
    package var condition: String
    package var value: String
    /// The unit of `value`; empty when the value is words.
    package var unit: String
    /// Place in an order of steps, from 1; 0 when it is not a step.
    package var step: Int
    /// What a reader should mind about it.
    package var note: String
    /// The source it was read in.
    package var source: String
    /// A few words (at most twelve) by which the place in the source is found.
    package var hint: String
    package var validFrom: CivilDate?
    package var validTo: CivilDate?
    /// ambiguous, contradiction, garbled, truncated, outdated, illustrative, off_topic.
    package var flags: [String]
    /// Facts that give way to this one.
    package var supersedes: [String]

    package init(
        id: String, table: String, topic: String, attribute: String, place: String, insurance: String,
        population: String, condition: String, value: String, unit: String, step: Int, note: String,
        source: String, hint: String, validFrom: CivilDate?, validTo: CivilDate?, flags: [String],
        supersedes: [String]
    ) {
        self.id = id
        self.table = table
        self.topic = topic
        self.attribute = attribute
        self.place = place
        self.insurance = insurance
        self.population = population
        self.condition = condition
        self.value = value
        self.unit = unit
        self.step = step
        self.note = note
        self.source = source
        self.hint = hint
        self.validFrom = validFrom
        self.validTo = validTo
        self.flags = flags
        self.supersedes = supersedes
    }
}

/// Where facts were read.
package struct Source: Equatable, Sendable {
    /// How far a source is to be believed, most first.
    package enum Authority: String, Sendable, CaseIterable {
        case official, press, reprint, web

        /// 0 for the most authoritative.
        package var rank: Int { Authority.allCases.firstIndex(of: self) ?? Authority.allCases.count }
    }

    package var id: String
    package var title: String
    /// As in `Citation.date`.
    package var date: String?
    package var authority: Authority
    package var publisher: String?
    package var documentNumber: String?
    package var url: String?

    package init(
        id: String, title: String, date: String?, authority: Authority, publisher: String? = nil,
        documentNumber: String? = nil, url: String? = nil
    ) {
        self.id = id
        self.title = title
        self.date = date
        self.authority = authority
        self.publisher = publisher
        self.documentNumber = documentNumber
        self.url = url
    }
}

/// A place where the sources cannot all be right.
package struct Doubt: Equatable, Sendable {
    package enum Kind: String, Sendable {
        /// Sources say different things.
        case contradiction
        /// A source leaves open what it means.
        case ambiguous
        /// What a source says can't be right.
        case implausible
    }

    package var id: String
    package var kind: Kind
    package var topic: String
    package var facts: [String]
    /// What is in doubt, in our words.
    package var says: String
    /// What settles it, or what to do until it is settled.
    package var settles: String
    /// The words by which people ask about it; empty when it is told only beside its facts.
    package var asked: String

    package init(
        id: String, kind: Kind, topic: String, facts: [String], says: String, settles: String,
        asked: String = ""
    ) {
        self.asked = asked
        self.id = id
        self.kind = kind
        self.topic = topic
        self.facts = facts
        self.says = says
        self.settles = settles
    }
}

/// An administrative division.
package struct Place: Equatable, Sendable {
    package enum Level: String, Sendable { case nation, province, prefecture, county }

    /// Six digits (GB/T 2260); `000000` is the whole country.
    package var code: String
    /// The full name (聊城市).
    package var name: String
    package var level: Level
    /// Code of the division it belongs to; empty for the country.
    package var parent: String

    package init(code: String, name: String, level: Level, parent: String) {
        self.code = code
        self.name = name
        self.level = level
        self.parent = parent
    }
}
