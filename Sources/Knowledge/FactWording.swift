package import Conversation

/// How a fact of a kind is told: `[{condition}：]报{value}{unit}`. A part in square brackets falls away when
/// one of its columns is empty.
package struct FactWording: Equatable, Sendable {
    package enum Field: String, CaseIterable, Sendable {
        case topic, attribute, insurance, population, condition, value, unit, note
    }

    package enum Piece: Equatable, Sendable {
        case text(String)
        case field(Field)
        case optional([Piece])
    }

    /// What is wrong with a wording, at which Unicode scalar of it.
    package struct Mistake: Error, Equatable, Sendable {
        package var message: String
        package var offset: Int
        /// The name in braces, when that is what is wrong.
        package var unknownField: String?

        package init(_ message: String, at offset: Int, unknownField: String? = nil) {
            self.message = message
            self.offset = offset
            self.unknownField = unknownField
        }
    }

    package let pieces: [Piece]
    /// Instead, when the fact has no unit: its value is words then.
    package let wordPieces: [Piece]?

    package init(parsing text: String, forWords words: String? = nil) throws(Mistake) {
        pieces = try Self.parse(text)
        if let words { wordPieces = try Self.parse(words) } else { wordPieces = nil }
    }

    private init(pieces: [Piece]) {
        self.pieces = pieces
        wordPieces = nil
    }

    /// For an attribute that has none: condition and value.
    package static let plain = FactWording(
        pieces: [.optional([.field(.condition), .text("：")]), .field(.value), .field(.unit)])

    /// Whether a column is told where the fact has it.
    package func tells(_ field: Field, of fact: Fact) -> Bool {
        Self.holds(field, in: chosen(for: fact))
    }

    package func filled(with fact: Fact) -> String {
        var text = ""
        Self.fill(chosen(for: fact), with: fact, into: &text)
        return text
    }

    private func chosen(for fact: Fact) -> [Piece] {
        if fact.unit.isEmpty, let wordPieces { wordPieces } else { pieces }
    }

    private static func holds(_ field: Field, in pieces: [Piece]) -> Bool {
        pieces.contains { piece in
            switch piece {
            case .text: false
            case .field(let other): other == field
            case .optional(let inner): holds(field, in: inner)
            }
        }
    }

    private static func fill(_ pieces: [Piece], with fact: Fact, into text: inout String) {
        for piece in pieces {
            switch piece {
            case .text(let words): text += words
            case .field(let field): text += field.value(of: fact)
            case .optional(let inner):
                let isComplete = inner.allSatisfy { piece in
                    if case .field(let field) = piece { !field.value(of: fact).isEmpty } else { true }
                }
                if isComplete { fill(inner, with: fact, into: &text) }
            }
        }
    }
}

extension FactWording.Field {
    func value(of fact: Fact) -> String {
        switch self {
        case .topic: fact.topic
        case .attribute: fact.attribute
        case .insurance: fact.insurance
        case .population: fact.population
        case .condition: fact.condition
        case .value: fact.value
        case .unit: fact.unit
        case .note: fact.note
        }
    }
}

// MARK: Parsing

extension FactWording {
    private static func parse(_ text: String) throws(Mistake) -> [Piece] {
        let scalars = Array(text.unicodeScalars)
        var outer: [Piece] = []
        var inner: [Piece]?
        var opening = 0
        var words = String.UnicodeScalarView()
        var index = 0
        func add(_ piece: Piece) { if inner == nil { outer.append(piece) } else { inner?.append(piece) } }
        func endWords() {
            if !words.isEmpty { add(.text(String(words))) }
            words.removeAll()
        }
        while index < scalars.count {
            switch scalars[index] {
            case "{":
                endWords()
                let (field, end) = try parseField(scalars, from: index)
                add(.field(field))
                index = end
            case "}": throw Mistake("`}` closes nothing", at: index)
            case "[":
                guard inner == nil else { throw Mistake("a part in brackets cannot hold another", at: index) }
                endWords()
                inner = []
                opening = index
            case "]":
                endWords()
                guard let part = inner else { throw Mistake("`]` closes nothing", at: index) }
                inner = nil
                outer.append(.optional(part))
            case let scalar: words.append(scalar)
            }
            index += 1
        }
        endWords()
        guard inner == nil else { throw Mistake("`[` is not closed", at: opening) }
        return outer
    }

    /// The field that is named from `start`, and where its closing brace stands.
    private static func parseField(_ scalars: [Unicode.Scalar], from start: Int) throws(Mistake) -> (
        Field, Int
    ) {
        guard let end = scalars[start...].firstIndex(of: "}") else {
            throw Mistake("`{` is not closed", at: start)
        }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: scalars[start + 1..<end])
        guard let field = Field(rawValue: String(name)) else {
            throw Mistake("`{\(String(name))}` is no column of a fact", at: start, unknownField: String(name))
        }
        return (field, end)
    }
}
