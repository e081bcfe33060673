package import Dialogue
package import Knowledge

/// Wording in `Dialogs/responses/`: what is said, with gaps for slots and room for facts.
package struct Response: Equatable, Sendable {
    package let name: String
    package let blocks: [Block]
    /// After so many turns its wordings come round.
    let phases: Int

    package init(name: String, blocks: [Block]) {
        self.name = name
        self.blocks = blocks
        phases = blocks.reduce(1) { phases, block in
            guard case .text(let templates) = block.content, !templates.isEmpty else { return phases }
            return leastCommonMultiple(phases, templates.count)
        }
    }

    /// One bubble, or several when facts call for it; said when the condition holds.
    package struct Block: Equatable, Sendable {
        package enum Content: Equatable, Sendable {
            /// Several wordings of one thing; which is used follows from the turn's number, never from chance.
            case text([Template])
            case facts(FactBlock)
            case calculation(CalculationBlock)
        }

        package var condition: Condition?
        package var content: Content
        /// What of a look-up an answer keeps for later, so that it stays short.
        package var later: Later?

        package init(_ content: Content, if condition: Condition? = nil, later: Later? = nil) {
            self.content = content
            self.condition = condition
            self.later = later
        }
    }

    /// What is not told at once but offered. It is told at once all the same to somebody whose words ask for it.
    package struct Later: Equatable, Sendable {
        /// What it is offered as; blocks with one offer are told together.
        package var offer: String
        /// Lines, or procedures, that are told at once.
        package var shown: Int
        /// Words that ask for it, besides those of its kind of detail.
        package var words: [String]

        package init(offer: String, shown: Int = 0, words: [String] = []) {
            self.offer = offer
            self.shown = shown
            self.words = words
        }
    }
}

/// A look-up in the knowledge base and how its facts are laid out.
package struct FactBlock: Equatable, Sendable {
    package enum Layout: String, Sendable, CaseIterable {
        /// A bubble of lines.
        case list
        /// Ordered steps, one bubble a procedure.
        case steps
        /// A table of case and value.
        case table
    }

    package enum Breadth: String, Sendable, CaseIterable {
        /// The most specific place that has facts.
        case nearest
        /// The place itself, or for a county its city; nothing is said when these have none.
        case local
        /// All places from the person's own to the country.
        case all
    }

    package var topics: [Template]
    package var attributes: [String]
    /// Slots whose values narrow the look-up; an empty slot does not.
    package var place: String?
    /// The slot with the other end of a journey, when the place has one.
    package var otherEnd: String?
    /// The slot with the months that the case has lasted.
    package var months: String?
    package var insurance: String?
    package var population: String?
    /// Fixed values, instead of a slot's.
    package var fixedInsurance: String?
    package var fixedPopulations: [String]
    /// Choice slots whose value narrows the facts by the words of its option; facts that name no option stay.
    package var narrowing: [String]
    /// Words of which the condition must hold one.
    package var about: [String]
    package var notAbout: [String]
    package var identifiers: [String]
    package var layout: Layout
    package var breadth: Breadth
    package var title: Template?
    /// Said instead when nothing is found.
    package var missing: Template?
    /// Whether what has ended is told too, marked as past by the words around it.
    package var includesPast: Bool
    /// Whether a place that has nothing of its own now tells what it had last, marked as past.
    package var tellsLast = false
    /// Leaves out what holds whatever the insurance.
    package var ownInsuranceOnly = false
    /// Facts at most, or procedures at most for steps.
    package var limit: Int

    package init(
        topics: [Template] = [], attributes: [String] = [], place: String? = nil, insurance: String? = nil,
        population: String? = nil, fixedInsurance: String? = nil, fixedPopulations: [String] = [],
        narrowing: [String] = [], about: [String] = [], notAbout: [String] = [], identifiers: [String] = [],
        layout: Layout = .list, breadth: Breadth = .nearest, title: Template? = nil,
        missing: Template? = nil, includesPast: Bool = false, limit: Int = 12
    ) {
        self.topics = topics
        self.attributes = attributes
        self.place = place
        self.insurance = insurance
        self.population = population
        self.fixedInsurance = fixedInsurance
        self.fixedPopulations = fixedPopulations
        self.narrowing = narrowing
        self.about = about
        self.notAbout = notAbout
        self.identifiers = identifiers
        self.layout = layout
        self.breadth = breadth
        self.title = title
        self.missing = missing
        self.includesPast = includesPast
        self.limit = limit
    }
}

extension FactBlock {
    /// The look-up kept to these attributes; nil when it is for none of them. With none it stays as it is.
    func kept(to wanted: [String]) -> FactBlock? {
        if wanted.isEmpty { return self }
        let kept = attributes.filter(wanted.contains)
        guard !kept.isEmpty else { return nil }
        var block = self
        block.attributes = kept
        return block
    }
}

/// A kind of detail that people ask of an answer without naming the task again (要啥材料): the words for it, and what facts
/// have it.
package struct Detail: Sendable {
    package var attributes: [String]
    /// One of these stands in the question.
    package var words: Phrases
    /// These may stand beside them.
    package var beside: Phrases
    /// Whether the words ask for it only behind an answer; a task begins with them, too (咋办手续), and asks for all of it.
    package var isOnlyBehind: Bool
    /// Whether people may be named in the question (能让我儿子替我办吗).
    package var namesPeople: Bool
    /// Words by which a line of the answer tells of it, where no fact is of its kind (等待期).
    package var lines: [String]
    /// The flows behind whose answers it may be asked; empty where it may be behind any.
    package var behind: [String]
    /// What it is called where nothing of it is written: the kind of its facts.
    var name: String? { attributes.first }

    package init(
        attributes: [String], words: [String], beside: [String], lines: [String] = [],
        isOnlyBehind: Bool = false, namesPeople: Bool = false, behind: [String] = []
    ) {
        self.behind = behind
        self.attributes = attributes
        self.namesPeople = namesPeople
        self.lines = lines
        self.isOnlyBehind = isOnlyBehind
        self.words = Phrases(words)
        self.beside = Phrases(beside)
    }
}

/// Of two positive numbers, by Euclid's algorithm.
func leastCommonMultiple(_ first: Int, _ second: Int) -> Int {
    var (divisor, rest) = (first, second)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    return first / divisor * second
}

/// A sum that is worked out from the slots by the rules of `Data/calculations`, and what is told beside it.
package struct CalculationBlock: Equatable, Sendable {
    package var sum: CalculationRule.Sum
    /// Choice slots of which the other values are worked out as well (退休后怎样).
    package var variations: [String]
    /// What the sum leaves out.
    package var notCounted: [String]
    /// Said instead when there is no rule.
    package var missing: Template?

    package init(
        sum: CalculationRule.Sum, variations: [String] = [], notCounted: [String] = [],
        missing: Template? = nil
    ) {
        self.sum = sum
        self.variations = variations
        self.notCounted = notCounted
        self.missing = missing
    }
}
