/// What understanding made of one utterance: which intent it serves and what it names.
package struct NLUResult: Equatable, Sendable {
    /// The utterance as it was given to understanding.
    package var text: String
    /// The utterance with mistyped characters put right, each in its place (材枓 as 材料); nil when none was.
    package var meant: String?
    /// The intent the utterance is for; nil when it was rejected.
    package var intent: String?
    /// Calibrated probability of the best candidate, 0…1, also when it was rejected.
    package var score: Double
    /// How strongly the utterance belongs to any intent at all: what rejection goes by. Only its order means something.
    package var evidence: Double
    /// Candidates, best first.
    package var ranking: [IntentScore]
    /// What the utterance names, in the order of the text.
    package var entities: [Entity]

    package var isRejected: Bool { intent == nil }

    package init(
        text: String, meant: String? = nil, intent: String?, score: Double, evidence: Double = 0,
        ranking: [IntentScore], entities: [Entity]
    ) {
        self.meant = meant
        self.evidence = evidence
        self.text = text
        self.intent = intent
        self.score = score
        self.ranking = ranking
        self.entities = entities
    }
}

/// One candidate of a ranking.
package struct IntentScore: Equatable, Sendable {
    package var intent: String
    package var score: Double

    package init(intent: String, score: Double) {
        self.intent = intent
        self.score = score
    }
}

/// A span of an utterance that names something: a place, a kind of insurance, an amount.
package struct Entity: Equatable, Sendable {
    /// How surely the words mean the value.
    package enum Certainty: String, Sendable {
        case exact
        /// A near spelling was read as the value (荏平 for 茌平).
        case fuzzy
        /// The person gave a rough figure (一万出头).
        case approximate
    }

    /// The kind of thing: `place`, `insurance`, `amount`, …
    package var type: String
    /// The words as they were written.
    package var text: String
    /// The resolved value: a division code, a slot value, a decimal number of yuan, months or years; two of them with a
    /// dash between (`20000-30000`) when the words name what it lies between.
    package var value: String
    /// Where the words stand: Unicode scalars of the utterance, half open.
    package var range: Range<Int>
    /// The part it plays when the context says so: `home` or `destination` for a place.
    package var role: String?
    /// All values the words may mean, when they may mean several; empty when they are clear.
    package var alternatives: [String]
    package var certainty: Certainty
    /// True when the person rules the value out (不是北京).
    package var isNegated: Bool

    package init(
        type: String, text: String, value: String, range: Range<Int>, role: String? = nil,
        alternatives: [String] = [], certainty: Certainty = .exact, isNegated: Bool = false
    ) {
        self.type = type
        self.text = text
        self.value = value
        self.range = range
        self.role = role
        self.alternatives = alternatives
        self.certainty = certainty
        self.isNegated = isNegated
    }

    /// Whether the words only name two figures between which it lies.
    package var isBetween: Bool { certainty == .approximate && value.utf8.dropFirst().contains(0x2D) }
}
