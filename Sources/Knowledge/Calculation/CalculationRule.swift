/// How something is worked out for certain people at a place: a row of `Data/calculations`. It holds no figures of its
/// own, only the facts that do, and the bounds between them, which must be named in those facts. Immutable; a class, for a
/// question before it is asked looks through all rules of a place, and a structure of this size is dear to copy.
package final class CalculationRule: Sendable {
    /// What is worked out.
    package enum Sum: String, CaseIterable, Sendable {
        case reimbursement = "报销"
        case seriousIllness = "大病"
        case accident = "意外"
        case allowance = "津贴"
        case credit = "划入"
        case premium = "缴费"
        case fee = "定额"
        case years = "年限"
        case wait = "等待期"

        /// A type with raw values is hashed by them, and a name takes longer than the look-up.
        package func hash(into hasher: inout Hasher) { hasher.combine(number) }

        private var number: Int {
            switch self {
            case .reimbursement: 0
            case .seriousIllness: 1
            case .accident: 2
            case .allowance: 3
            case .credit: 4
            case .premium: 5
            case .fee: 6
            case .years: 7
            case .wait: 8
            }
        }

        /// Whether a bill is split into bands.
        package var isReimbursement: Bool {
            self == .reimbursement || self == .seriousIllness || self == .accident
        }
    }

    /// How far it is to be relied on.
    package enum Standing: String, CaseIterable, Sendable {
        case rule = "规则"
        /// Another reading, told after the rule.
        case other = "另一说"
        /// Of a source that names no place, or of earlier years: only as a hint, and only to who wants it.
        case reference = "参考"
    }

    /// What tells rules of one sum apart; the raw values are slots.
    package enum Dimension: String, CaseIterable, Sendable {
        case insurance, scenario, population, level = "hospital_level", age, birth, disease, sex

        /// By number, as sums are.
        package func hash(into hasher: inout Hasher) { hasher.combine(number) }

        private var number: Int {
            switch self {
            case .insurance: 0
            case .scenario: 1
            case .population: 2
            case .level: 3
            case .age: 4
            case .birth: 5
            case .disease: 6
            case .sex: 7
            }
        }
    }

    /// A fact that a figure is taken from.
    package struct Part: Equatable, Sendable {
        package var fact: String
        /// Whether it says nothing of these people, and is taken over from others (`a-jn-03~`).
        package var isBorrowed: Bool

        package init(fact: String, isBorrowed: Bool = false) {
            self.fact = fact
            self.isBorrowed = isBorrowed
        }
    }

    /// Where a band ends.
    package struct Bound: Equatable, Sendable {
        package var money: Money
        /// Whether it counts from the deductible (`+50000`).
        package var isAboveDeductible: Bool

        package init(money: Money, isAboveDeductible: Bool = false) {
            self.money = money
            self.isAboveDeductible = isAboveDeductible
        }
    }

    package enum Deductible: Equatable, Sendable {
        case none
        case fact(Part)
        /// Named in the condition of the first share.
        case named(Money)

        /// The fact with it; nil where it is none of its own.
        package var part: Part? { if case .fact(let part) = self { part } else { nil } }
    }

    package let id: String
    package let sum: Sum
    package let place: String
    /// Values of each dimension that it holds for; all when there is no entry.
    package let holdsFor: [Dimension: [String]]
    package let ages: ClosedRange<Int>?
    /// What it is called beside others that hold as well (按封顶2万元).
    package let label: String
    package let deductible: Deductible
    package let shares: [Part]
    package let bounds: [Bound]
    package let cap: Part?
    /// The result, or the base that it is taken of, at least and at most.
    package let least: Part?
    package let most: Part?
    /// The slot of the amount that it is taken of.
    package let base: String
    /// What each further child, or year, adds.
    package let extra: Part?
    /// Further facts that belong to it.
    package let also: [String]
    /// Figures that no source gives (起付线).
    package let missing: [String]
    package let standing: Standing
    package let note: String

    package init(
        id: String, sum: Sum, place: String, holdsFor: [Dimension: [String]] = [:],
        ages: ClosedRange<Int>? = nil, label: String = "", deductible: Deductible = .none,
        shares: [Part] = [], bounds: [Bound] = [], cap: Part? = nil, least: Part? = nil, most: Part? = nil,
        base: String = "", extra: Part? = nil, also: [String] = [], missing: [String] = [],
        standing: Standing = .rule, note: String = ""
    ) {
        self.id = id
        self.sum = sum
        self.place = place
        self.holdsFor = holdsFor
        self.ages = ages
        self.label = label
        self.deductible = deductible
        self.shares = shares
        self.bounds = bounds
        self.cap = cap
        self.least = least
        self.most = most
        self.base = base
        self.extra = extra
        self.also = also
        self.missing = missing
        self.standing = standing
        self.note = note
    }

    /// The facts that its figures are taken from, the cap aside.
    package var figures: [String] {
        var parts = shares
        if case .fact(let part) = deductible { parts.append(part) }
        parts += [least, most, extra].compactMap { $0 }
        return parts.map(\.fact)
    }

    /// Whether no source says what becomes of money past the last bound; else nothing is paid of it, as a fact beside it says.
    package var hasOpenEnd: Bool { bounds.count == shares.count && also.isEmpty }

    /// Whether what is known of a dimension leaves the rule standing.
    package func admits(_ value: String, of dimension: Dimension) -> Bool {
        if dimension == .age { return ages.map { Int(value).map($0.contains) ?? true } ?? true }
        return holdsFor[dimension].map { $0.contains(value) } ?? true
    }

    /// Whether it turns on a dimension.
    package func turns(on dimension: Dimension) -> Bool {
        dimension == .age ? ages != nil : holdsFor[dimension] != nil
    }
}
