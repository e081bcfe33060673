package import Conversation

/// A question to the knowledge base. What is left empty does not narrow it.
package struct FactQuery: Equatable, Sendable {
    /// Businesses; one of them.
    package var topics: [String]
    /// What of it; one of them.
    package var attributes: [String] = []
    /// Division code of the place that is asked about; without one only what holds for the whole country
    /// answers.
    package var place: String?
    package var insurance: String?
    /// Leaves out what holds whatever the insurance.
    package var ownInsuranceOnly = false
    /// For whom; facts for others do not answer, facts for everybody do.
    package var populations: [String] = []
    /// Where treatment is, or the insurance moves, as far as it is known: what holds only for the other kind does not answer.
    package var journey: Journey?
    /// How many months the case has lasted: what holds only for fewer, or for more, does not answer.
    package var months: ClosedRange<Int>?
    /// Words of which the condition must hold one.
    package var about: [String] = []
    /// Words of which the condition may hold none.
    package var notAbout: [String] = []
    /// Only these facts. They answer wherever they hold when no place is asked about.
    package var identifiers: [String] = []
    /// The day for which the answer is wanted.
    package var asOf: CivilDate
    /// Takes the facts of the place and of all that it belongs to, instead of the most specific level that
    /// has any.
    package var combinesLevels = false
    /// Puts what has ended among the facts too.
    package var includesPast = false
    /// Facts at most.
    package var limit = Int.max

    package init(topics: [String] = [], place: String? = nil, asOf: CivilDate) {
        self.topics = topics
        self.place = place
        self.asOf = asOf
    }
}

/// What the knowledge base holds on a question.
package struct FactAnswer: Sendable {
    /// The most specific place first, then the source that is to be believed most, then as the source has
    /// them.
    package var facts: [Fact] = []
    /// Code of the place whose rule this is.
    package var scope: String
    package var askedPlace: String?
    /// Facts that were put aside, each with the one that it gives way to; worth one line, since people have
    /// read them.
    package var givesWay: [(fact: Fact, by: Fact)] = []
    /// What held once: ended, or known to be out of date.
    package var past: [Fact] = []
    /// What is known already but does not hold yet.
    package var upcoming: [Fact] = []
    /// Where the sources of these facts disagree, or leave something open.
    package var doubts: [Doubt] = []
    /// Doubts that kept facts from being used at all: they cannot be right.
    package var ruledOut: [Doubt] = []
    /// The facts that those doubts kept out, each with its doubt.
    package var implausible: [(fact: Fact, doubt: Doubt)] = []

    /// The rule is not the asked place's own but that of a place it belongs to.
    package var isWider: Bool { askedPlace.map { $0 != scope } ?? false }

    /// Why there are no facts; nil when there are some.
    package var missing: Missing? {
        guard facts.isEmpty else { return nil }
        if !upcoming.isEmpty { return .onlyUpcoming }
        if !past.isEmpty { return .onlyPast }
        return ruledOut.isEmpty ? .nothingKnown : .onlyImplausible
    }

    package enum Missing: String, Sendable {
        case nothingKnown, onlyPast, onlyUpcoming, onlyImplausible
    }
}
