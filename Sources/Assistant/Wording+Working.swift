import Conversation
import Dialogue
import Knowledge
import Language

/// How a sum is worked out by one rule, step by step; every figure with the number of its source.
extension Wording {
    /// Nil when what it is taken of is not known, or a figure is missing. Of what lies between two figures (两三万) both ends are
    /// worked out.
    mutating func work(out rule: CalculationRule) -> Worked? {
        let known = slots
        guard known.entries.contains(where: { $0.value.ends.count == 2 }) else { return workExactly(rule) }
        let (outer, ends) = (supposed, [known.atEnd(0), known.atEnd(1)])
        defer { supposed = outer }
        supposed = ends[0]
        guard let low = workExactly(rule) else { return nil }
        supposed = ends[1]
        guard let high = workExactly(rule) else { return nil }
        guard
            let name = [
                "wage", "paid_years", "lapse_months", "outside", "inside", rule.base, "own",
            ].last(where: {
                known[$0]?.ends.count == 2
            })
        else { return low }
        return Worked(low, to: high, assistant.shown(ends[0], name), assistant.shown(ends[1], name))
    }

    private mutating func workExactly(_ rule: CalculationRule) -> Worked? {
        switch rule.sum {
        case .reimbursement, .seriousIllness, .accident: workBill(rule)
        case .allowance: workAllowance(rule)
        case .credit: workCredit(rule)
        case .premium: workPremium(rule)
        case .fee: workFee(rule)
        case .years: workYears(rule)
        case .wait: workWait(rule)
        }
    }

    func money(_ slot: String) -> Money? {
        guard let value = slots[slot]?.value, let yuan = ExactDecimal(value) else { return nil }
        return Money(yuan: yuan)
    }

    private func count(_ slot: String) -> Int? {
        slots[slot].flatMap { ExactDecimal($0.value) }.map { Int($0.scaled / ExactDecimal.scale) }
    }

    /// The number of a fact's source, noted with the sum.
    private mutating func mark(_ id: String, _ worked: inout Worked) -> String {
        guard let fact = knowledge.fact(id) else { return "" }
        let number = cite(fact)
        if !worked.cites.contains(number) { worked.cites.append(number) }
        return "[\(number)]"
    }

    private func said(_ part: CalculationRule.Part) -> String {
        knowledge.fact(part.fact).map { $0.value + $0.unit } ?? ""
    }

    /// `later`: what is written of a stay behind the first, which a note on that has no more to say of.
    private mutating func remark(
        on rule: CalculationRule, beside later: Fact? = nil, _ worked: inout Worked
    ) {
        if !rule.note.isEmpty, later.map({ !rule.note.holds($0.attribute) }) ?? true {
            worked.remarks.append(rule.note)
        }
        if !rule.missing.isEmpty {
            worked.remarks.append("资料里没有写：\(rule.missing.joined(separator: "、"))，以医保局说的为准")
        }
        let borrowed = rule.shares.filter(\.isBorrowed) + [rule.cap].compactMap { $0 }.filter(\.isBorrowed)
        if case .fact(let part) = rule.deductible, part.isBorrowed {
            worked.remarks.append("起付线的资料是给别的人群写的，先借来用\(mark(part.fact, &worked))")
        }
        for part in borrowed where worked.lines.contains(where: { $0.holds(said(part)) }) {
            worked.remarks.append("\(said(part))这个数是给别的人群写的，先借来用\(mark(part.fact, &worked))")
        }
    }

    // MARK: Bills

    private mutating func workBill(_ rule: CalculationRule) -> Worked? {
        let later = laterStay(rule)
        let ownStart = later.flatMap { $0.holds ? Figure($0.fact)?.money : nil }
        guard let bill = bill(for: rule),
            let brackets = knowledge.brackets(of: rule, startingAt: ownStart, asOf: date)
        else { return nil }
        let year = yearSoFar(rule, brackets)
        let used = year.used
        let outcome = brackets.outcome(for: bill.counted, after: year.counted, used: used ?? .zero)
        var worked = Worked(rule: rule, head: "", total: outcome.pays)
        if let words = bill.words { worked.lines.append(words) }
        let start: String
        if let later, ownStart != nil {
            start = mark(later.fact.id, &worked)
        } else {
            start = deductibleMark(of: rule, &worked)
        }
        if let words = year.words(on: brackets.deductible, start) { worked.lines.append(words) }
        for line in outcome.lines {
            let part = rule.shares[line.band]
            let span =
                outcome.lines.count > 1 || brackets.deductible > .zero
                ? "\(line.from)元到\(line.to)元：" : ""
            worked.lines.append(
                "\(span)\(line.part)元×\(said(part))＝\(line.pays)元\(mark(part.fact, &worked))")
        }
        addLimits(outcome, brackets, rule, year, &worked)
        worked.head = head(of: outcome, beside: bill.outside, brackets, rule, start, after: year.counted)
        remark(on: rule, beside: later?.fact, &worked)
        if let later, ownStart == nil {
            let age = later.holds ? "" : "，是以前的，先核实"
            let words = knowledge.render(later.fact)
            worked.remarks.append(
                "按头一次住院的起付线算的；资料里另写了“\(words)”\(age)\(mark(later.fact.id, &worked))")
        }
        addYearly(outcome, rule, year, &worked)
        return worked
    }

    /// What of a bill is counted, what is not because the insurance does not cover it, and the words for that; nil without a bill.
    private func bill(for rule: CalculationRule) -> (counted: Money, outside: Money, words: String?)? {
        // What was spent in all is not what was left to oneself.
        if rule.sum == .seriousIllness {
            return money("own").map { ($0, .zero, "按您自己掏的\($0)元算") }
        }
        let (total, inside) = (money("amount"), money("inside"))
        if let inside {
            let outside = total.map { max(.zero, $0 - inside) } ?? .zero
            let words = "只有医保范围内的\(inside)元能算"
            return (inside, outside, outside > .zero ? words + "，范围外的\(outside)元全自己掏" : words)
        }
        guard let total else { return nil }
        guard let outside = money("outside") else { return (total, .zero, nil) }
        if outside > total { return (total, .zero, "您说的自费\(outside)元比总数还多，先按总数\(total)元算") }
        return (total - outside, outside, "\(total)元里自费的\(outside)元不报，按剩下的\(total - outside)元算")
    }

    private mutating func deductibleMark(of rule: CalculationRule, _ worked: inout Worked) -> String {
        switch rule.deductible {
        case .none: ""
        case .fact(let part): mark(part.fact, &worked)
        case .named: rule.shares.first.map { mark($0.fact, &worked) } ?? ""
        }
    }

    private func head(
        of outcome: Brackets.Outcome, beside outside: Money, _ brackets: Brackets, _ rule: CalculationRule,
        _ start: String, after earlier: Money
    ) -> String {
        if earlier > .zero, earlier + outcome.amount <= brackets.deductible {
            let total = earlier + outcome.amount
            return "报不了：连前面的一共\(total)元，没超过起付线\(brackets.deductible)元\(start)，要自己掏"
        }
        if earlier == .zero, outcome.amount <= brackets.deductible {
            return "报不了：\(outcome.amount)元没超过起付线\(brackets.deductible)元\(start)，要自己掏"
        }
        if outcome.beyond > .zero, rule.hasOpenEnd {
            return "至少能报\(outcome.pays)元，最上面的\(outcome.beyond)元报多少没有写，没算进去"
        }
        if rule.missing.contains("起付线") {
            return "最多能报\(outcome.pays)元，起付线没写，实际会少一些"
        }
        return "大约能报\(outcome.pays)元，自己掏\(outcome.own + outside)元"
    }

    private mutating func addLimits(
        _ outcome: Brackets.Outcome, _ brackets: Brackets, _ rule: CalculationRule, _ year: YearSoFar,
        _ worked: inout Worked
    ) {
        let used = year.used
        if outcome.lines.count > 1 {
            worked.lines.append(
                "合计：" + outcome.lines.map { "\($0.pays)" }.joined(separator: "＋") + "＝\(outcome.sum)元")
        }
        if outcome.beyond > .zero {
            worked.lines.append(
                rule.hasOpenEnd
                    ? "再往上的\(outcome.beyond)元：报多少资料里没有写，没算进去"
                    : "再往上的\(outcome.beyond)元不报，自己掏\(mark(rule.also.last ?? "", &worked))")
        }
        guard let cap = brackets.cap, let part = rule.cap, outcome.isCapped || used != nil else { return }
        let yearly = knowledge.fact(part.fact)?.isYearly == true ? "一年" : ""
        var line = "\(yearly)最多报\(cap)元\(mark(part.fact, &worked))"
        if let used, let room = outcome.room { line += "，\(year.source(of: used))，还能报\(room)元" }
        if outcome.isCapped { line += "，按比例的\(outcome.sum)元超过了" }
        worked.lines.append(line)
    }

    /// What went before in the year counts, too.
    private mutating func addYearly(
        _ outcome: Brackets.Outcome, _ rule: CalculationRule, _ year: YearSoFar, _ worked: inout Worked
    ) {
        let used = year.used
        if let apart = year.setApart {
            worked.remarks.append("前面花的\(apart)元没有和这次合起来算：起付线按全年累计的规定，资料里没有写")
        }
        if year.counted == .zero, case .fact(let part) = rule.deductible,
            let fact = knowledge.fact(part.fact), fact.isYearly,
            knowledge.deductible(of: rule) > .zero
        {
            worked.remarks.append("起付线是全年累计的，这里把您说的数当作今年一共花的；前面花过的要加进来算")
        }
        guard let part = rule.cap, let fact = knowledge.fact(part.fact) else {
            if let used, used > .zero {
                worked.remarks.append("您说今年已经报了\(used)元：一年的封顶线资料里没有写，所以没有扣")
            }
            return
        }
        guard fact.holds(on: date) else {
            worked.remarks.append("封顶线资料里只有以前年度的，今年的没有写")
            return
        }
        guard used == nil, let cap = Figure(fact)?.money, outcome.pays > .zero else { return }
        guard !outcome.isCapped else {
            worked.remarks.append("今年已经报过的要扣掉，报过多少告诉我，我再算")
            return
        }
        let yearly = fact.isYearly ? "一年" : ""
        worked.remarks.append(
            "\(yearly)最多报\(cap)元\(mark(part.fact, &worked))，今年已经报过的要扣掉，报过多少告诉我，我再算")
    }

    // MARK: Allowances, accounts, premiums

    private mutating func workAllowance(_ rule: CalculationRule) -> Worked? {
        guard let wage = money("wage") else { return nil }
        var worked = Worked(rule: rule, head: "")
        let babies = ["双胞胎": 2, "三胞胎": 3][slots["babies"]?.value ?? ""] ?? 1
        var figures = rule.shares.map { ($0, 1) }
        if let extra = rule.extra, babies > 1 { figures.append((extra, babies - 1)) }
        if let formula = rule.also.first(where: { knowledge.fact($0)?.divisor != nil }) {
            workDays(figures, wage, formula, &worked)
        } else {
            workMonths(figures, wage, &worked)
        }
        for id in rule.also { _ = mark(id, &worked) }
        worked.head = "生育津贴大约\(worked.total)元"
        remark(on: rule, &worked)
        return worked
    }

    private mutating func workMonths(
        _ figures: [(CalculationRule.Part, Int)], _ wage: Money, _ worked: inout Worked
    ) {
        var months = Share(millionths: 0)
        for (part, times) in figures {
            guard case .months(let share)? = knowledge.figure(part) else { continue }
            let condition = knowledge.fact(part.fact)?.condition ?? ""
            let words = times > 1 ? "\(share.times)个月×\(times)" : "\(share.times)个月"
            worked.lines.append("\(condition)：\(words)\(mark(part.fact, &worked))")
            for _ in 0..<times { months = months + share }
        }
        worked.total = months.of(wage)
        worked.lines.append("\(months.times)个月×\(wage)元＝\(worked.total)元")
    }

    private mutating func workDays(
        _ figures: [(CalculationRule.Part, Int)], _ wage: Money, _ formula: String, _ worked: inout Worked
    ) {
        let divisor = knowledge.fact(formula)?.divisor ?? 30
        var days = 0
        if let given = count("leave_days") {
            days = given
            worked.lines.append("产假\(given)天，按您说的")
        } else {
            for (part, times) in figures {
                guard let number = knowledge.figure(part)?.days else { continue }
                let condition = knowledge.fact(part.fact)?.condition ?? ""
                let words = times > 1 ? "\(number)天×\(times)" : "\(number)天"
                worked.lines.append("\(condition)：\(words)\(mark(part.fact, &worked))")
                days += number * times
            }
        }
        worked.total = wage.share(of: days, outOf: divisor)
        worked.lines.append("\(wage)元÷\(divisor)×\(days)天＝\(worked.total)元\(mark(formula, &worked))")
    }

    private mutating func workCredit(_ rule: CalculationRule) -> Worked? {
        var worked = Worked(rule: rule, head: "")
        guard let part = rule.shares.first, let share = knowledge.figure(part)?.share,
            let base = money(rule.base)
        else { return nil }
        let plain = share.of(base)
        worked.lines.append("\(base)元×\(said(part))＝\(plain)元\(mark(part.fact, &worked))")
        worked.total = clamped(plain, rule, "每月", &worked)
        worked.head = "每月大约进\(worked.total)元"
        for id in rule.also { _ = mark(id, &worked) }
        remark(on: rule, &worked)
        return worked
    }

    /// Between the least and the most, with a line that says so when it matters.
    private mutating func clamped(
        _ money: Money, _ rule: CalculationRule, _ what: String, _ worked: inout Worked
    ) -> Money {
        if let part = rule.least, let least = knowledge.figure(part)?.money, money < least {
            worked.lines.append("\(what)最低\(least)元\(mark(part.fact, &worked))，按\(least)元算")
            return least
        }
        if let part = rule.most, let most = knowledge.figure(part)?.money, money > most {
            worked.lines.append("\(what)最高\(most)元\(mark(part.fact, &worked))，按\(most)元算")
            return most
        }
        return money
    }

    private mutating func workPremium(_ rule: CalculationRule) -> Worked? {
        var worked = Worked(rule: rule, head: "")
        guard let part = rule.shares.first, let share = knowledge.figure(part)?.share else { return nil }
        if let base = money("wage") {
            let counted = clamped(base, rule, "缴费基数", &worked)
            worked.total = share.of(counted)
            worked.lines.append(
                "\(counted)元×\(said(part))＝\(worked.total)元\(mark(part.fact, &worked))")
            worked.head = "每月\(worked.total)元"
        } else {
            guard let least = rule.least, let low = knowledge.figure(least)?.money,
                let most = rule.most, let high = knowledge.figure(most)?.money
            else { return nil }
            let number = mark(part.fact, &worked)
            worked.lines.append(
                "最低基数\(low)元\(mark(least.fact, &worked))×\(said(part))\(number)＝\(share.of(low))元")
            worked.lines.append(
                "最高基数\(high)元\(mark(most.fact, &worked))×\(said(part))\(number)＝\(share.of(high))元")
            worked.total = share.of(low)
            worked.head = "每月最少\(share.of(low))元，最多\(share.of(high))元"
        }
        remark(on: rule, &worked)
        return worked
    }

    // MARK: Fees of a family

    private mutating func workFee(_ rule: CalculationRule) -> Worked? {
        let family = [("成年居民", count("adults")), ("学生儿童", count("children")), ("老年", count("elders"))]
        let wanted = family.filter { ($0.1 ?? 0) > 0 }
        guard !wanted.isEmpty else { return nil }
        // The rule of the first group tells the tier; the others follow in the same tier, or in the only one they have.
        let choice = world.rules(for: .fee, given: slots)
        guard let first = wanted.first, rule === pick(first.0, label: rule.label, choice) else { return nil }
        var worked = Worked(rule: rule, head: "")
        for (group, number) in wanted {
            guard let number, let own = pick(group, label: rule.label, choice), let part = own.shares.first,
                let fee = knowledge.figure(part)?.money
            else { return nil }
            worked.total = worked.total + fee.times(number)
            worked.lines.append(
                "\(group == "老年" ? "老人" : group)\(number)个：\(fee)元×\(number)＝\(fee.times(number))元\(mark(part.fact, &worked))"
            )
        }
        let years = rule.shares.compactMap { knowledge.fact($0.fact)?.validFrom?.year }.first
        worked.head = "\(years.map { "\($0)年度" } ?? "")一共\(worked.total)元"
        remark(on: rule, &worked)
        return worked
    }

    /// The fee of a group: its own in the tier, its own, or the one for everybody.
    private func pick(_ group: String, label: String, _ choice: RuleChoice) -> CalculationRule? {
        let own = choice.main.filter { $0.holdsFor[.population]?.contains(group) ?? false }
        let everybody = choice.main.filter { $0.holdsFor[.population] == nil }
        let adults =
            group == "老年" && own.isEmpty
            ? choice.main.filter { $0.holdsFor[.population]?.contains("成年居民") ?? false } : []
        for rules in [own, adults, everybody] where !rules.isEmpty {
            return rules.first { $0.label == label } ?? rules.first
        }
        return nil
    }

    // MARK: Years and months

    private mutating func workYears(_ rule: CalculationRule) -> Worked? {
        guard let part = rule.shares.first, let fact = knowledge.fact(part.fact),
            let needed = knowledge.figure(part)?.years
        else { return nil }
        let paid = count("paid_years"), actual = count("actual_years")
        guard paid != nil || actual != nil else { return nil }
        var worked = Worked(rule: rule, head: "")
        var short: [String] = []
        worked.lines.append("\(knowledge.render(fact))\(mark(fact.id, &worked))")
        if let paid {
            worked.lines.append(paid >= needed ? "您交了\(paid)年，够了" : "\(needed)年－\(paid)年＝\(needed - paid)年")
            if paid < needed { short.append("还差\(needed - paid)年") }
        }
        for id in rule.also {
            guard let fact = knowledge.fact(id) else { continue }
            let line = knowledge.render(fact) + mark(id, &worked)
            // What was paid in fact is another figure than all that counts.
            guard let actual, let least = knowledge.figure(.init(fact: id))?.years else {
                worked.remarks.append(line)
                continue
            }
            worked.lines.append(line)
            worked.lines.append(
                actual >= least ? "您实际交了\(actual)年，够了" : "\(least)年－\(actual)年＝\(least - actual)年")
            if actual < least { short.append("实际缴费还差\(least - actual)年") }
        }
        if short.isEmpty {
            worked.head = paid == nil ? "实际缴费的年限够了，连视同的一共交了几年您没说" : "年限够了，到了年龄退休后不用再交"
        } else {
            let isEnough = paid.map { $0 >= needed } ?? false
            worked.head = (isEnough ? "累计的年限够了，" : "") + short.joined(separator: "，")
        }
        remark(on: rule, &worked)
        return worked
    }

    private mutating func workWait(_ rule: CalculationRule) -> Worked? {
        guard let months = count("lapse_months"), months > 0, let part = rule.shares.first,
            let fixed = knowledge.figure(part)?.share
        else { return nil }
        let years = max(1, (months + 11) / 12)
        var worked = Worked(rule: rule, head: "")
        worked.lines.append("固定等待期\(fixed.times)个月\(mark(part.fact, &worked))")
        var total = fixed
        if let extra = rule.extra, let more = knowledge.figure(extra)?.share, years > 1 {
            for _ in 1..<years { total = total + more }
            worked.lines.append(
                "断了\(years)年，比头一年多\(years - 1)年，每年加\(more.times)个月\(mark(extra.fact, &worked))")
            worked.lines.append("合计\(total.times)个月")
        }
        worked.head = "重新交上以后，大约要等\(total.times)个月才能报"
        for id in rule.also {
            guard let fact = knowledge.fact(id) else { continue }
            worked.remarks.append(knowledge.render(fact) + mark(id, &worked))
        }
        remark(on: rule, &worked)
        return worked
    }
}
