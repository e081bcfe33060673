/// What normalising makes of one scalar outside ASCII and the main Han block.
enum ScalarFolding: Equatable {
    case keep(UInt32)
    /// Two or three scalars (`third` is 0 for two).
    case expand(UInt32, UInt32, UInt32)
    /// A mark that goes with the letter before it.
    case mark
    case space
    case drop

    static func fold(_ value: UInt32) -> ScalarFolding {
        switch value {
        case 0x80..<0x250: foldLatin(value)
        case 0x250..<0x2000: foldAlphabetic(value)
        case 0x2000..<0x2E80: foldSymbol(value)
        case 0x2E80..<0xA000: foldEastAsian(value)
        case 0xF900...0xFAFF: .keep(HanFolding.fold(value))
        case 0xFF00...0xFFEF: foldWidth(value)
        case 0x20000...0x323AF: .keep(value)
        case 0xE000...0xF8FF, 0xFE00...0xFE0F, 0xFEFF, 0xFFF0...0xFFFF, 0xE0000...0x10FFFF: .drop
        case 0x1F000...0x1FAFF: .space
        default: foldByCategory(value)
        }
    }

    private static func foldLatin(_ value: UInt32) -> ScalarFolding {
        switch value {
        case 0xA0: return .space
        case 0xA5: return .keep(0xA5)
        case 0xAD, 0x80...0x9F: return .drop
        case 0xA9, 0xAE: return .space
        case 0xB7: return .keep(0xB7)
        case 0xAB, 0xBB: return .keep(0x22)
        default: break
        }
        let base = latinBase(value)
        return .keep(base == 0 ? lowered(value) : base)
    }

    private static func lowered(_ value: UInt32) -> UInt32 {
        (0xC0...0xDE).contains(value) && value != 0xD7 ? value + 0x20 : value
    }

    /// The plain letter of an accented one, so that `jǐnán` reads as `jinan`; 0 when there is none.
    private static func latinBase(_ value: UInt32) -> UInt32 {
        let index = Int(value) - 0xC0
        guard index >= 0, index < latinBases.count else { return caronBase(value) }
        let base = latinBases[index]
        return base == 0x2D ? 0 : UInt32(base)
    }

    private static func caronBase(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x1CD, 0x1CE: 0x61
        case 0x1CF, 0x1D0: 0x69
        case 0x1D1, 0x1D2: 0x6F
        case 0x1D3...0x1DC: 0x75
        case 0x1E6, 0x1E7: 0x67
        case 0x1F8, 0x1F9: 0x6E
        default: 0
        }
    }

    /// U+00C0–U+017F; `-` where a letter stays.
    private static let latinBases = Array(
        ("aaaaaa-ceeeeiiii-nooooo-ouuuuy--aaaaaa-ceeeeiiii-nooooo-ouuuuy-y"
            + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiii-"
            + "--jjkk-llllll--llnnnnnn---oooooo--rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzz-").utf8)

    private static func foldAlphabetic(_ value: UInt32) -> ScalarFolding {
        switch value {
        case 0x300...0x36F: .drop
        case 0x391...0x3A9: .keep(value + 0x20)
        case 0x400...0x40F: .keep(value + 0x50)
        case 0x410...0x42F: .keep(value + 0x20)
        default: foldByCategory(value)
        }
    }

    private static func foldSymbol(_ value: UInt32) -> ScalarFolding {
        switch value {
        case 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F: .space
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F: .drop
        case 0x2010...0x2015, 0x2212: .keep(0x2D)
        case 0x2018...0x201B, 0x2032: .keep(0x27)
        case 0x201C...0x201F, 0x2033: .keep(0x22)
        case 0x2022, 0x2027: .keep(0xB7)
        case 0x2026: .keep(0x3002)
        case 0x20D0...0x20FF: .drop
        case 0x2103: .expand(0xB0, 0x63, 0)
        case 0x2116: .expand(0x6E, 0x6F, 0)
        // Circled numbers and the like stay what they are: they are no digits, but may point into a list.
        case 0x2460...0x24FF, 0x2776...0x2793: .keep(value)
        case 0x2190...0x245F, 0x2500...0x2775, 0x2794...0x2BFF: foldPicture(value)
        default: foldByCategory(value)
        }
    }

    /// Arrows and mathematical signs stay; pictures are dropped.
    private static func foldPicture(_ value: UInt32) -> ScalarFolding {
        switch value {
        case 0x2190...0x22FF: .keep(value)
        default: .space
        }
    }

    private static func foldEastAsian(_ value: UInt32) -> ScalarFolding {
        switch value {
        case 0x3000: .space
        case 0x3001: .keep(0x2C)
        case 0x3008, 0x300A: .keep(0x3C)
        case 0x3009, 0x300B: .keep(0x3E)
        case 0x300C...0x300F, 0x301D...0x301F: .keep(0x22)
        case 0x3010, 0x3014, 0x3016: .keep(0x5B)
        case 0x3011, 0x3015, 0x3017: .keep(0x5D)
        case 0x301C, 0x3030: .keep(0x7E)
        case 0x302A...0x302F, 0x3099, 0x309A: .mark
        case 0x338E: .expand(0x6D, 0x67, 0)
        case 0x338F: .expand(0x6B, 0x67, 0)
        case 0x339C: .expand(0x6D, 0x6D, 0)
        case 0x339D: .expand(0x63, 0x6D, 0)
        case 0x339E: .expand(0x6B, 0x6D, 0)
        case 0x33A1: .expand(0x6D, 0x32, 0)
        case 0x33C4: .expand(0x63, 0x63, 0)
        default: .keep(HanFolding.fold(value))
        }
    }

    /// Full-width ASCII and half-width punctuation.
    private static func foldWidth(_ value: UInt32) -> ScalarFolding {
        switch value {
        case 0xFF01...0xFF5E: .keep(value - 0xFEE0)
        case 0xFF61: .keep(0x3002)
        case 0xFF62, 0xFF63: .keep(0x22)
        case 0xFF64: .keep(0x2C)
        case 0xFF65: .keep(0xB7)
        case 0xFFE5: .keep(0xA5)
        case 0xFFA0: .drop
        default: .keep(value)
        }
    }

    private static func foldByCategory(_ value: UInt32) -> ScalarFolding {
        guard let scalar = Unicode.Scalar(value) else { return .drop }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: return .drop
        case .nonspacingMark, .enclosingMark: return .mark
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
        case .otherSymbol, .modifierSymbol: return value > 0xFFFF ? .space : .keep(value)
        case .uppercaseLetter, .titlecaseLetter: return foldCase(scalar)
        default: return .keep(value)
        }
    }

    private static func foldCase(_ scalar: Unicode.Scalar) -> ScalarFolding {
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        guard mapping.count == 1, let first = mapping.first, first != scalar else {
            return .keep(scalar.value)
        }
        // The small letter may fold further: Å (the unit) to å to a.
        return fold(first.value)
    }
}
