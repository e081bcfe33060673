import Conversation
import Diagnostics
import Knowledge
import Language

/// Columns of `Data/calculations`, in their order.
enum CalculationColumn: Int {
    case id, sum, place, insurance, population, scenario, level, ages, birth, disease, label, deductible
    case shares, bounds, cap, least, most, base, extra, also, missing, standing, note
}

/// Rules by which sums are worked out. Each figure is a fact's; a rule whose fact is missing, is no figure, is not to be
/// relied on or is about somebody else is reported where it is named.
extension TableLoading {
    func readCalculations(_ reader: inout TableReader) {
        var firstOfKey: [String: TableRow] = [:]
        while let row = reader.next() {
            guard claim(row.texts[0], in: "calculation:", row) else { continue }
            let reading = CalculationRow(row, self)
            guard let rule = reading.rule() else { continue }
            tables.calculations.append(rule)
            guard rule.standing == .rule else { continue }
            // A fee holds for its year; the next one is another rule.
            let year = rule.sum == .fee ? rule.shares.first.flatMap { fact($0.fact)?.validFrom?.year } : nil
            let key = row.texts[1...10].joined(separator: "|") + "|\(year ?? 0)"
            if let first = firstOfKey[key] {
                collector.error(
                    .ambiguousRules, "`\(row.texts[0])` and `\(first.texts[0])` hold for the same case",
                    at: row.label(0, "the second"), and: first.label(0, "the first"),
                    hint: "rules that both hold are told apart by `label`, or one is of the standing 另一说")
            } else {
                firstOfKey[key] = row
            }
        }
    }

    func fact(_ id: String) -> Fact? { factNumbers[id].map { tables.facts[$0] } }

    /// A place and those that it belongs to; the table of places is small and this is done once for a rule.
    func isWithin(_ place: String, _ container: String) -> Bool {
        var code = place
        for _ in 0..<8 {
            if code == container { return true }
            guard let next = tables.places.first(where: { $0.code == code })?.parent, !next.isEmpty else {
                return false
            }
            code = next
        }
        return false
    }
}

/// One row under way to a rule.
private struct CalculationRow {
    private let row: TableRow
    private let loading: TableLoading
    private let sum: CalculationRule.Sum

    init(_ row: TableRow, _ loading: TableLoading) {
        self.row = row
        self.loading = loading
        sum = CalculationRule.Sum(rawValue: row.texts[CalculationColumn.sum.rawValue]) ?? .reimbursement
    }

    private func text(_ column: CalculationColumn) -> String { row.texts[column.rawValue] }

    private func words(_ column: CalculationColumn) -> [String] { TableLoading.words(text(column)) }

    private var standing: CalculationRule.Standing {
        CalculationRule.Standing(rawValue: text(.standing)) ?? .rule
    }

    /// Nil when something is wrong; all of it is reported.
    func rule() -> CalculationRule? {
        let before = loading.collector.diagnostics.count
        var holdsFor: [CalculationRule.Dimension: [String]] = [:]
        for (dimension, column) in Self.dimensions where !words(column).isEmpty {
            holdsFor[dimension] = words(column)
        }
        // Men and women are people as well, but a slot of their own tells them.
        if let people = holdsFor[.population] {
            holdsFor[.population] = people.filter { !Self.sexes.contains($0) }.nonEmpty
            holdsFor[.sex] = people.filter(Self.sexes.contains).nonEmpty
        }
        let ages = ages()
        let shares = parts(.shares, shareKinds)
        let bounds = bounds()
        let deductible = deductible()
        let rule = CalculationRule(
            id: text(.id), sum: sum, place: text(.place), holdsFor: holdsFor, ages: ages, label: text(.label),
            deductible: deductible, shares: shares, bounds: bounds, cap: parts(.cap, ["money"]).first,
            least: parts(.least, ["money"]).first, most: parts(.most, ["money"]).first, base: base,
            extra: parts(.extra, ["months", "days"]).first, also: words(.also), missing: words(.missing),
            standing: standing, note: text(.note))
        for (number, id) in rule.also.enumerated() { _ = known(id, .also, number) }
        if rule.shares.isEmpty, rule.missing.isEmpty {
            report(.emptyCell, "`\(rule.id)` has no `shares`", .shares, nil, "nothing to work out")
        }
        checkDivisor(rule)
        return loading.collector.diagnostics.count == before ? rule : nil
    }

    private static let dimensions: [(CalculationRule.Dimension, CalculationColumn)] = [
        (.insurance, .insurance), (.scenario, .scenario), (.population, .population), (.level, .level),
        (.birth, .birth), (.disease, .disease),
    ]

    private static let sexes: Set = ["男", "女"]

    private var base: String {
        text(.base).isEmpty ? (sum.isReimbursement ? "amount" : "") : text(.base)
    }

    private var shareKinds: [String] {
        switch sum {
        case .reimbursement, .seriousIllness, .accident, .credit, .premium: ["percent"]
        case .allowance: ["months", "days"]
        case .fee: ["money"]
        case .years: ["years"]
        case .wait: ["months"]
        }
    }

    // MARK: Cells

    private func report(
        _ code: DiagnosticCode, _ message: String, _ column: CalculationColumn, _ word: Int?,
        _ label: String, hint: String? = nil
    ) {
        loading.collector.error(
            code, message,
            at: word.map { row.label(column.rawValue, word: $0, label) } ?? row.label(column.rawValue, label),
            hint: hint)
    }

    private func known(_ id: String, _ column: CalculationColumn, _ word: Int) -> Fact? {
        if let fact = loading.fact(id) { return fact }
        let nearest = NameSuggestion.nearest(to: id, among: loading.tables.facts.map(\.id))
        report(
            .unknownFact, "no fact has the id `\(id)`", column, word, "named here",
            hint: nearest.map { "the nearest id is `\($0)`" })
        return nil
    }

    private func parts(_ column: CalculationColumn, _ kinds: [String]) -> [CalculationRule.Part] {
        words(column).enumerated().compactMap { part($1, column, $0, kinds) }
    }

    private func part(_ word: String, _ column: CalculationColumn, _ number: Int, _ kinds: [String])
        -> CalculationRule.Part?
    {
        let isBorrowed = word.utf8.last == UInt8(ascii: "~")
        let id = isBorrowed ? String(word.dropLast()) : word
        guard let fact = known(id, column, number) else { return nil }
        guard let figure = Figure(fact), kinds.contains(figure.kind) else {
            report(
                .badFigure, "`\(id)` says \(fact.value)\(fact.unit)", column, number,
                "expected \(kinds.joined(separator: " or ")) here",
                hint: "a figure that no source gives is named in `missing`")
            return nil
        }
        checkUse(of: fact, column, number)
        if !isBorrowed { checkPeople(of: fact, column, number) }
        return .init(fact: id, isBorrowed: isBorrowed)
    }

    /// Flags of facts that nothing is worked out with.
    private static let unusable = ["garbled", "outdated", "illustrative", "off_topic"]

    private func checkUse(of fact: Fact, _ column: CalculationColumn, _ number: Int) {
        // What is only a hint may be of earlier years, and is told as such.
        let unusable = Self.unusable.filter { standing == .rule || $0 != "outdated" }
        if standing != .other, let flag = fact.flags.first(where: unusable.contains) {
            report(
                .badFigure, "`\(fact.id)` is marked `\(flag)`", column, number, "not to be relied on",
                hint: "a reading that is only told beside the rule has the standing 另一说")
        }
        if !loading.isWithin(text(.place), fact.place) {
            report(
                .ruleMismatch, "`\(fact.id)` holds for the place \(fact.place)", column, number,
                "the rule is for \(text(.place))")
        }
    }

    private func checkPeople(of fact: Fact, _ column: CalculationColumn, _ number: Int) {
        let insurances = words(.insurance), populations = words(.population)
        // 含灵活就业 in the condition says that it holds for them as well.
        if !fact.insurance.isEmpty,
            !insurances.allSatisfy({ $0 == fact.insurance || fact.condition.utf8.holds(Array($0.utf8)) })
                || insurances.isEmpty
        {
            mismatch(fact, fact.insurance, column, number)
        }
        let isOfGender = ["男", "女"].contains(fact.population) && populations.isEmpty
        if !fact.population.isEmpty, !isOfGender, populations != [fact.population] {
            mismatch(fact, fact.population, column, number)
        }
        let levels = words(.level)
        if !levels.isEmpty, !LevelWords.fit(levels, fact.condition) {
            mismatch(fact, fact.condition, column, number)
        }
    }

    private func mismatch(_ fact: Fact, _ whom: String, _ column: CalculationColumn, _ number: Int) {
        report(
            .ruleMismatch, "`\(fact.id)` holds for \(whom)", column, number, "the rule is for others",
            hint: "a figure taken over from others on purpose is marked: `\(fact.id)~`")
    }

    private func ages() -> ClosedRange<Int>? {
        let text = text(.ages)
        guard !text.isEmpty else { return nil }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        let isWritten = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D }
        guard isWritten, ends.count == 2, (ends[0] ?? 0) <= (ends[1] ?? 150), ends != [nil, nil] else {
            report(.badCell, "`ages` is `\(text)`", .ages, nil, "expected ages like 60-69, 70- or -69")
            return nil
        }
        return (ends[0] ?? 0)...(ends[1] ?? 150)
    }

    private func deductible() -> CalculationRule.Deductible {
        let text = text(.deductible)
        if text.isEmpty { return .none }
        guard let number = Int(text) else {
            return part(text, .deductible, 0, ["money"]).map { .fact($0) } ?? .none
        }
        let money = Money(yuan: number)
        checkNamed(money, in: words(.shares).prefix(1) + words(.also), .deductible, 0)
        return .named(money)
    }

    private func bounds() -> [CalculationRule.Bound] {
        let written = words(.bounds), shares = words(.shares)
        var last = Money.zero
        var bounds: [CalculationRule.Bound] = []
        for (number, word) in written.enumerated() {
            let isAbove = word.hasPrefix("+")
            guard let yuan = Int(isAbove ? String(word.dropFirst()) : word), yuan > 0 else {
                report(
                    .badBounds, "`\(word)` is no amount of yuan", .bounds, number, "expected 10000 or +50000")
                continue
            }
            let money = Money(yuan: yuan)
            if money <= last {
                report(.badBounds, "\(word) does not come after \(last)", .bounds, number, "bounds ascend")
            }
            last = money
            let near = shares.dropFirst(number).prefix(2)
            checkNamed(money, in: near + words(.also) + words(.cap), .bounds, number)
            bounds.append(.init(money: money, isAboveDeductible: isAbove))
        }
        if written.count != shares.count, written.count + 1 != shares.count,
            !written.isEmpty || shares.count > 1,
            sum.isReimbursement
        {
            report(
                .badBounds, "\(shares.count) shares have \(written.count) bounds", .bounds, nil,
                "expected \(max(shares.count - 1, 0)), or \(shares.count) when nothing is paid beyond the last"
            )
        }
        return bounds
    }

    /// A bound is no figure of the rule's own: one of the facts beside it names it.
    private func checkNamed(_ money: Money, in ids: [String], _ column: CalculationColumn, _ number: Int) {
        let facts = ids.compactMap {
            loading.fact($0.utf8.last == UInt8(ascii: "~") ? String($0.dropLast()) : $0)
        }
        guard !facts.contains(where: { $0.namedAmounts.contains(money) }) else { return }
        report(
            .badBounds, "none of the facts names \(money)", column, number,
            "not in \(ids.joined(separator: ", "))",
            hint: facts.first.map { "`\($0.id)` holds for: \($0.condition)" })
    }

    /// Days are taken of a month's amount by what the formula says.
    private func checkDivisor(_ rule: CalculationRule) {
        let isByDays = rule.shares.contains { loading.fact($0.fact).flatMap(Figure.init)?.days != nil }
        guard isByDays, !rule.also.contains(where: { loading.fact($0)?.divisor != nil }) else { return }
        report(
            .badFigure, "`\(rule.id)` counts days, but nothing says how a month is divided", .also, nil,
            "expected a fact with `÷` and a number")
    }
}

/// Words of conditions that name a level of hospital.
private enum LevelWords {
    private static let levels: [(value: String, words: [[UInt8]])] = [
        ("一级及以下", ["一级", "二级及以下", "社区", "卫生院", "基层", "其他"]),
        ("二级", ["二级", "其他"]), ("三级", ["三级", "其他"]),
    ].map { ($0.0, $0.1.map { Array($0.utf8) }) }

    /// Whether a condition names none of the levels, or one of those asked for.
    static func fit(_ asked: [String], _ condition: String) -> Bool {
        let named = levels.filter { level in level.words.contains { condition.utf8.holds($0) } }.map(\.value)
        return named.isEmpty || named.contains(where: asked.contains)
    }
}

extension Figure {
    /// What it is, in a word for authors.
    fileprivate var kind: String {
        switch self {
        case .money: "money"
        case .percent: "percent"
        case .months: "months"
        case .days: "days"
        case .years: "years"
        }
    }
}

extension Array {
    /// Nil where there is nothing in it.
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
