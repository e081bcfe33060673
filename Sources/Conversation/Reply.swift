/// One bubble of an answer. `text` says everything in plain words, whatever the kind.
package struct Reply: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case text
        case choices([Choice])
        case steps(title: String, steps: [String])
        case table(columns: [String], rows: [[String]])
        case sources([Citation])
    }

    package var kind: Kind
    package var text: String
    /// Numbers of the citations, in the turn's sources, that carry what is said here.
    package var cites: [Int]

    package init(kind: Kind = .text, text: String, cites: [Int] = []) {
        self.kind = kind
        self.text = text
        self.cites = cites
    }
}

/// Something the person may pick instead of typing.
package struct Choice: Hashable, Sendable {
    /// What picking it means: `slot=value`, `flow=name`, `act=name`, `again=slot` or `read=…` (a source, read on).
    package var id: String
    package var label: String

    package init(id: String, label: String) {
        self.id = id
        self.label = label
    }
}

/// A numbered source of what a turn says.
package struct Citation: Equatable, Sendable {
    package var number: Int
    package var title: String
    /// The source's date as `yyyy-mm-dd`, `yyyy-mm` or `yyyy`; nil when the source bears none.
    package var date: String?
    /// The place that the facts hold for.
    package var region: String
    /// Identifiers of the facts taken from it in this turn.
    package var facts: [String]
    package var publisher: String?
    package var documentNumber: String?
    package var url: String?

    package init(
        number: Int, title: String, date: String?, region: String, facts: [String],
        publisher: String? = nil, documentNumber: String? = nil, url: String? = nil
    ) {
        self.number = number
        self.title = title
        self.date = date
        self.region = region
        self.facts = facts
        self.publisher = publisher
        self.documentNumber = documentNumber
        self.url = url
    }
}
