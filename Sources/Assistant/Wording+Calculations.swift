import Conversation
import Dialogue
import Knowledge
import Language

/// Sums in words: the conclusion first, then each line of the working with its sources, what is not counted, other readings,
/// and what would follow in another hospital or after retirement.
extension Wording {
    /// Rules whose working is shown line by line; of more only the results.
    private static var shownInFull: Int { 3 }
    /// Results that one answer lists at most.
    private static var listed: Int { 8 }

    /// Gives back whether what would follow for other values was kept for later.
    mutating func sayCalculation(
        _ block: CalculationBlock, _ arguments: [Effect.Argument], keepingVariations: Bool
    ) -> Bool {
        let choice = world.rules(for: block.sum, given: slots)
        let before = citedFacts.count
        let worked = choice.main.compactMap { work(out: $0) }
        var cites: [Int] = []
        guard !worked.isEmpty else {
            if let missing = block.missing, let text = fill(missing, arguments, &cites) {
                gaps.append(text)
                append(Reply(text: text + lacking(choice), cites: cites))
            }
            return false
        }
        sayConclusion(worked, choice)
        sayWorking(worked)
        sayRemarks(worked, block)
        let told = citedFacts.count
        sayOthers(choice)
        toldAsPast += citedFacts[told...]
        let (sources, facts) = (citations, citedFacts)
        let variations = worked.count == 1 && !isSupposing ? self.variations(block, choice) : []
        let isKept = keepingVariations && variations.count > 0
        if isKept {
            // What is not told cites nothing.
            (citations, citedFacts) = (sources, facts)
        } else {
            sayVariations(variations)
        }
        // The opening says that these are of an earlier year.
        if choice.isPast || choice.isReference { toldAsPast += citedFacts[before...] }
        return isKept
    }

    /// What would follow for other values, alone.
    mutating func sayVariations(_ block: CalculationBlock) {
        let choice = world.rules(for: block.sum, given: slots)
        let before = citedFacts.count
        sayVariations(variations(block, choice))
        if choice.isPast || choice.isReference { toldAsPast += citedFacts[before...] }
    }

    // MARK: Bubbles

    private mutating func sayConclusion(_ worked: [Worked], _ choice: RuleChoice) {
        var opening = approximation(of: worked[0].rule.base)
        if choice.isReference, choice.scope != Place.nationCode {
            opening += "这是按往年的旧标准估的，现在可能变了，只能参考。"
        } else if choice.isReference {
            opening += "下面的数出自一篇没写明地区的文章，只能参考，您那儿可能不一样。"
        } else if let asked = slots["city"]?.value, asked != choice.scope {
            let scope = choice.scope == Place.nationCode ? "全国通用" : knowledge.name(of: choice.scope)
            opening += "（没有\(knowledge.name(of: asked))单独的规定，按\(scope)的算）"
        }
        if choice.isPast { opening += "（今年的标准资料里还没有，下面是最近一年的）" }
        let cites = worked.flatMap(\.cites).unique
        let heads = Array(worked.prefix(Self.listed))
        guard heads.count > 1 else {
            let name = heads[0].rule.label.isEmpty ? "" : "（\(heads[0].rule.label)）"
            return append(Reply(text: opening + heads[0].head + name + "。", cites: cites))
        }
        let rules = worked.map(\.rule)
        let lines = heads.map { item in
            "· \(name(of: item.rule, among: rules))：\(item.head)\(item.cites.unique.map { "[\($0)]" }.joined())"
        }
        append(Reply(text: ([opening + "要看是哪一种："] + lines).joined(separator: "\n"), cites: cites))
    }

    private mutating func sayWorking(_ worked: [Worked]) {
        guard worked.count <= Self.shownInFull else { return }
        var before: [String] = []
        for item in worked where !item.lines.isEmpty {
            let title =
                worked.count > 1
                ? "怎么算的（\(name(of: item.rule, among: worked.map(\.rule)))）：" : "怎么算的："
            let alike = zip(before, item.lines).prefix { $0 == $1 }.count
            let lines = alike > 1 ? ["开头几步和上面一样"] + item.lines.dropFirst(alike) : item.lines
            let text = ([title] + lines.map { "· \($0)" }).joined(separator: "\n")
            append(Reply(text: text, cites: item.cites))
            before = item.lines
        }
    }

    /// Stands above what a sum leaves out.
    static var remarksHeading: String { "要留意的：" }

    private mutating func sayRemarks(_ worked: [Worked], _ block: CalculationBlock) {
        // One rule may say in more words what another says (一年最多报……，今年已经报过的要扣掉).
        let remarks = (block.notCounted + worked.flatMap(\.remarks)).unique
        let lines = remarks.filter { remark in !remarks.contains { $0 != remark && $0.hasSuffix(remark) } }
        guard !lines.isEmpty else { return }
        let text = ([Self.remarksHeading] + lines.map { "· \($0)" }).joined(separator: "\n")
        append(Reply(text: text, cites: worked.flatMap(\.cites).unique))
    }

    /// Readings that are not relied on, one line each, so that nobody who has read them is left wondering.
    private mutating func sayOthers(_ choice: RuleChoice) {
        let others = choice.others.compactMap { work(out: $0) }
        guard !others.isEmpty else { return }
        let lines = others.map { item in
            "· \(item.rule.label)：\(item.head)\(item.cites.map { "[\($0)]" }.joined())"
        }
        append(
            Reply(
                text: (["也有不一样的说法，算出来是："] + lines).joined(separator: "\n"),
                cites: others.flatMap(\.cites).unique))
    }

    private mutating func sayVariations(_ variations: [(name: String, worked: Worked)]) {
        guard !variations.isEmpty else { return }
        let lines = variations.map { variation in
            let item = variation.worked
            return "· \(variation.name)：\(item.head)\(item.cites.map { "[\($0)]" }.joined())"
        }
        let cites = variations.flatMap { $0.worked.cites }.unique
        append(Reply(text: (["要是换一换："] + lines).joined(separator: "\n"), cites: cites))
    }

    /// The same sum with another value of one slot.
    private mutating func variations(
        _ block: CalculationBlock, _ choice: RuleChoice
    ) -> [(name: String, worked: Worked)] {
        var variations: [(name: String, worked: Worked)] = []
        for slot in block.variations {
            guard let definition = assistant.program.slot(slot), let present = slots[slot]?.value,
                choice.needs(slot), let dimension = CalculationRule.Dimension(rawValue: slot)
            else { continue }
            for option in definition.options where option.value != present {
                let slots = slots
                let other = knowledge.rules(for: block.sum, place: slots["city"]?.value, asOf: date) {
                    $0 == dimension ? option.value : slots[$0.rawValue]?.value
                }
                guard other.scope == choice.scope, other.main.count == 1,
                    other.main[0].turns(on: dimension), let item = work(out: other.main[0])
                else { continue }
                variations.append((supposing(option.value, dimension), item))
            }
        }
        return variations
    }

    private func supposing(_ value: String, _ dimension: CalculationRule.Dimension) -> String {
        switch dimension {
        case .level: "去\(value)医院"
        case .population: value == "退休" ? "退休后" : value == "在职" ? "还在职" : value
        case .insurance: "\(value)医保"
        case .scenario, .birth, .disease: value
        case .sex: "\(value)的"
        case .age: "\(value)岁"
        }
    }

    // MARK: Words

    /// “一万出头” is reckoned as what it is near to, and that is said.
    private func approximation(of base: String) -> String {
        if let value = slots[base], value.ends.count == 2 {
            return
                "您说的是“\(value.text)”，我按\(value.ends[0])元和\(value.ends[1])元两头各算一遍，拿到单子再按准数算。"
        }
        guard let value = slots[base],
            Quantities.scan(Normalizer.normalize(value.text)).contains(where: \.isApproximate)
        else { return "" }
        return "您说的是“\(value.text)”，先按\(value.value)元算，拿到单子再按准数算一遍。"
    }

    /// What tells a rule from the others that hold as well.
    private func name(of rule: CalculationRule, among rules: [CalculationRule]) -> String {
        var parts: [String] = []
        for dimension in CalculationRule.Dimension.allCases {
            let isTelling = rules.contains {
                $0.holdsFor[dimension] != rule.holdsFor[dimension]
                    || dimension == .age && $0.ages != rule.ages
            }
            guard isTelling else { continue }
            if dimension == .age, let ages = rule.ages {
                parts.append(
                    ages.upperBound >= 150
                        ? "\(ages.lowerBound)岁及以上"
                        : ages.lowerBound == 0
                            ? "不到\(ages.upperBound + 1)岁" : "\(ages.lowerBound)到\(ages.upperBound)岁")
            }
            guard let values = rule.holdsFor[dimension] else { continue }
            parts.append(
                values.joined(separator: "、") + (dimension == .level ? "医院" : dimension == .sex ? "的" : ""))
        }
        if !rule.label.isEmpty { parts.append(rule.label) }
        return parts.isEmpty ? "按规定" : parts.joined(separator: "，")
    }

    /// Which figures no source gives.
    private func lacking(_ choice: RuleChoice) -> String {
        var names = choice.main.flatMap(\.missing)
        if names.isEmpty, let scenario = slots["scenario"]?.value, let city = slots["city"]?.value {
            names = ["起付线", "报销比例"].filter { attribute in
                var query = FactQuery(topics: [scenario], place: city, asOf: date)
                query.attributes = [attribute]
                query.insurance = slots["insurance"]?.value
                query.populations = slots["population"].map { [$0.value] } ?? []
                let found = knowledge.answer(query)
                return found.isWider
                    || !narrowed(found.facts, by: ["hospital_level"]).contains { Figure($0) != nil }
            }
        }
        return names.isEmpty ? "" : "缺的是：\(names.unique.joined(separator: "、"))。"
    }
}

extension Sequence where Element: Hashable {
    /// Each element where it comes first.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
