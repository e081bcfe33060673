package import Conversation

/// The rules that hold in a case, and what has still to be known of it.
package struct RuleChoice: Sendable {
    /// Rules of the most specific place that has any; what is relied on first.
    package var rules: [CalculationRule] = []
    /// Code of that place.
    package var scope = PlaceTree.nation
    /// Whether they have ended, and nothing newer is known.
    package var isPast = false
    /// Whether what was said makes it the same whatever tells its rules apart.
    package var isSettled = false

    /// What an answer is made of; readings that are only told beside it left out.
    package var main: [CalculationRule] { rules.filter { $0.standing != .other } }
    package var others: [CalculationRule] { rules.filter { $0.standing == .other } }
    package var isReference: Bool { main.first?.standing == .reference }
    /// Whether something can be worked out, not only said to be missing.
    package var isComputable: Bool { main.contains { !$0.shares.isEmpty } }

    /// Whether a value of the slot would leave fewer rules standing, or is what they are taken of.
    package func needs(_ slot: String) -> Bool {
        if let dimension = CalculationRule.Dimension(rawValue: slot) {
            return !isSettled && main.contains { $0.turns(on: dimension) }
        }
        return main.contains { !$0.shares.isEmpty && $0.base == slot }
    }
}

extension KnowledgeBase {
    /// The rules for a sum at a place, as far as what is given tells them apart; empty when no place of the chain has one
    /// that holds on the day.
    package func rules(
        for sum: CalculationRule.Sum, place: String?, asOf date: CivilDate,
        given: (CalculationRule.Dimension) -> String?
    ) -> RuleChoice {
        let known = CalculationRule.Dimension.allCases.compactMap { dimension in
            given(dimension).map { (dimension, $0) }
        }
        let chain = places.index(place ?? PlaceTree.nation).map(places.chain(from:)) ?? []
        for index in chain {
            let all = ruleIndex.rules(for: sum, at: index)
            if all.isEmpty { continue }
            let code = places.places[Int(index)].code
            let fitting = all.filter { entry in known.allSatisfy { entry.rule.admits($1, of: $0) } }
            let current = fitting.filter { $0.holds(on: date) }.map(\.rule)
            if let main = current.first(where: { $0.standing != .other }) {
                if main.standing == .reference, code == PlaceTree.nation,
                    hasOwnFacts(place, sum, given(.scenario), date)
                {
                    break
                }
                return RuleChoice(rules: ordered(current), scope: code)
            }
            let past = fitting.filter { $0.hasEnded(on: date) }
            if sum == .fee, !past.isEmpty {
                return RuleChoice(rules: latest(past), scope: code, isPast: true)
            }
        }
        return RuleChoice()
    }

    /// Whether the place, or one that it belongs to short of the country, has figures on the matter: one of nowhere in
    /// particular is not put beside them.
    private func hasOwnFacts(
        _ place: String?, _ sum: CalculationRule.Sum, _ scenario: String?, _ date: CivilDate
    ) -> Bool {
        let topic = sum == .reimbursement ? scenario : sum.rawValue
        guard let topic, let place else { return false }
        var query = FactQuery(topics: [topic], place: place, asOf: date)
        query.attributes = ["起付线", "报销比例", "封顶线"]
        let found = answer(query)
        return !found.facts.isEmpty && found.scope != PlaceTree.nation
    }

    /// The figure of a part; nil when it is words.
    package func figure(_ part: CalculationRule.Part) -> Figure? { fact(part.fact).flatMap(Figure.init) }

    /// The bands of a rule that is about a bill. A cap that has ended is left out.
    /// `start`: where it begins to be paid, if not by the rule's own fact.
    package func brackets(
        of rule: CalculationRule, startingAt start: Money? = nil, asOf date: CivilDate
    ) -> Brackets? {
        let deductible = start ?? deductible(of: rule)
        let shares = rule.shares.compactMap { figure($0)?.share }
        guard !shares.isEmpty, shares.count == rule.shares.count else { return nil }
        let bands = shares.enumerated().map { index, share -> Brackets.Band in
            guard index < rule.bounds.count else { return .init(upTo: nil, share: share) }
            let bound = rule.bounds[index]
            return .init(
                upTo: bound.isAboveDeductible ? deductible + bound.money : bound.money, share: share)
        }
        return Brackets(deductible: deductible, bands: bands, cap: cap(of: rule, asOf: date))
    }

    package func deductible(of rule: CalculationRule) -> Money {
        switch rule.deductible {
        case .none: .zero
        case .named(let money): money
        case .fact(let part): figure(part)?.money ?? .zero
        }
    }

    /// The cap that holds on the day.
    package func cap(of rule: CalculationRule, asOf date: CivilDate) -> Money? {
        guard let part = rule.cap, let fact = fact(part.fact), fact.holds(on: date) else { return nil }
        return Figure(fact)?.money
    }

    private func ordered(_ rules: [CalculationRule]) -> [CalculationRule] {
        rules.filter { $0.standing != .other } + rules.filter { $0.standing == .other }
    }

    /// Of rules that have ended, those that ended last.
    private func latest(_ rules: [RuleIndex.Entry]) -> [CalculationRule] {
        let last = rules.compactMap(\.lastEnd).max()
        return ordered(rules.filter { $0.lastEnd == last }.map(\.rule))
    }
}

extension Fact {
    /// Whether it holds on a day, by its dates.
    package func holds(on date: CivilDate) -> Bool {
        !(validTo.map { $0 < date } ?? false) && !(validFrom.map { $0 > date } ?? false)
    }
}
