import Knowledge

/// What was spent in the year before the bill, and what that changes of a sum.
struct YearSoFar {
    /// What counts towards a deductible of the whole year.
    var counted = Money.zero
    /// What was spent and changes nothing of the deductible.
    var setApart: Money?
    /// What was paid already: as it was told, or as the same rule would have paid of what was spent.
    var used: Money?
    /// What was spent, where what was paid was worked out of it.
    var spent: Money?

    /// What is taken off before anything is paid.
    func words(on deductible: Money, _ source: String) -> String? {
        guard deductible > .zero else { return nil }
        guard counted > .zero else { return "起付线\(deductible)元，这部分自己掏\(source)" }
        guard counted < deductible else {
            return "今年前面花的\(counted)元已经过了起付线\(deductible)元\(source)，这次不再扣"
        }
        return "起付线\(deductible)元\(source)，今年前面花的\(counted)元算在里头，这次再扣\(deductible - counted)元"
    }

    func source(of used: Money) -> String {
        spent.map { "今年前面花的\($0)元照这样该报过\(used)元" } ?? "今年已经报了\(used)元"
    }
}

extension Wording {
    /// A deductible of the whole year counts what was spent before, and so does a cap on what is paid in it.
    func yearSoFar(_ rule: CalculationRule, _ brackets: Brackets) -> YearSoFar {
        var year = YearSoFar(used: money("used"))
        guard let spent = money("spent"), spent > .zero, rule.sum == .reimbursement else { return year }
        var isYearly = false
        if case .fact(let part) = rule.deductible { isYearly = knowledge.fact(part.fact)?.isYearly ?? false }
        if isYearly {
            year.counted = spent
        } else if brackets.deductible > .zero {
            year.setApart = spent
        }
        let isCapped = rule.cap.map { knowledge.fact($0.fact)?.isYearly ?? false } ?? false
        if year.used == nil, isCapped, brackets.cap != nil {
            year.used = brackets.outcome(for: spent).pays
            year.spent = spent
        }
        return year
    }
}
