/// A wording with gaps: `{home_city}` is filled with a slot's or an argument's text, `{fact:c-lcyd-21}` with what a fact
/// says and the number of its source. A part in square brackets is left out when one of its gaps stays empty.
package struct Template: Equatable, Sendable {
    package enum Piece: Equatable, Sendable {
        case text(String)
        case gap(String)
        case fact(String)
        case optional([Piece])
    }

    package let pieces: [Piece]

    package init(pieces: [Piece]) { self.pieces = pieces }

    /// What is wrong with a template's text, and where: an offset in Unicode scalars.
    package struct Mistake: Error, Equatable, Sendable {
        package var message: String
        package var offset: Int
    }

    package init(parsing text: String) throws(Mistake) {
        var pieces: [Piece] = []
        var inner: [Piece]?
        var plain = String.UnicodeScalarView()
        var gap: String.UnicodeScalarView?
        var opening = 0
        func append(_ piece: Piece) { if inner == nil { pieces.append(piece) } else { inner?.append(piece) } }
        func flush() {
            if !plain.isEmpty { append(.text(String(plain))) }
            plain.removeAll()
        }
        for (offset, scalar) in text.unicodeScalars.enumerated() {
            switch (scalar, gap) {
            case ("}", let name?):
                append(Template.gapPiece(String(name)))
                gap = nil
            case ("{", nil):
                flush()
                gap = String.UnicodeScalarView()
                opening = offset
            case (_, .some): gap?.append(scalar)
            case ("}", nil): throw Mistake(message: "`}` without `{`", offset: offset)
            case ("[", nil):
                guard inner == nil else {
                    throw Mistake(message: "optional parts cannot be nested", offset: offset)
                }
                flush()
                inner = []
                opening = offset
            case ("]", nil):
                guard inner != nil else { throw Mistake(message: "`]` without `[`", offset: offset) }
                flush()
                let part = inner ?? []
                inner = nil
                pieces.append(.optional(part))
            default: plain.append(scalar)
            }
        }
        guard gap == nil, inner == nil else {
            throw Mistake(message: "this part has no end", offset: opening)
        }
        flush()
        self.pieces = pieces
    }

    private static func gapPiece(_ name: String) -> Piece {
        name.hasPrefix("fact:") ? .fact(String(name.dropFirst(5))) : .gap(name)
    }

    /// Names of the gaps, in order.
    package var gaps: [String] { names { if case .gap(let name) = $0 { name } else { nil } } }
    /// Identifiers of the facts that it quotes.
    package var facts: [String] { names { if case .fact(let id) = $0 { id } else { nil } } }
    /// The text that stands as it is written.
    package var literals: [String] { names { if case .text(let text) = $0 { text } else { nil } } }

    private func names(_ pick: (Piece) -> String?) -> [String] {
        pieces.flatMap { piece -> [String] in
            if case .optional(let inner) = piece { return inner.compactMap(pick) }
            return pick(piece).map { [$0] } ?? []
        }
    }

    /// The words; nil when a gap outside of an optional part stays empty.
    package func filled(gap: (String) -> String?, fact: (String) -> String?) -> String? {
        var text = ""
        for piece in pieces {
            if case .optional(let inner) = piece {
                text += Template(pieces: inner).filled(gap: gap, fact: fact) ?? ""
                continue
            }
            guard let words = Template.words(of: piece, gap: gap, fact: fact) else { return nil }
            text += words
        }
        return text
    }

    private static func words(of piece: Piece, gap: (String) -> String?, fact: (String) -> String?) -> String?
    {
        switch piece {
        case .text(let text): text
        case .gap(let name): gap(name)
        case .fact(let id): fact(id)
        case .optional: ""
        }
    }
}
