import Conversation
import Dialogue

extension Worked {
    /// What comes out between two ends: a conclusion from one figure to the other, and the working of both.
    /// - Parameters:
    ///   - low, high: what was worked out for either end.
    ///   - lowName, highName: what the ends are called (10000元).
    init(_ low: Worked, to high: Worked, _ lowName: String, _ highName: String) {
        self = low
        head =
            Worked.merged(low.head, high.head) ?? "按\(lowName)算，\(low.head)；按\(highName)算，\(high.head)"
        let common = zip(low.lines, high.lines).prefix { $0 == $1 }.count
        if common < max(low.lines.count, high.lines.count) {
            lines = Array(low.lines.prefix(common))
            for (name, own) in [(lowName, low.lines), (highName, high.lines)] where own.count > common {
                lines += ["按\(name)算："] + own.dropFirst(common)
            }
        }
        remarks += high.remarks.filter { !low.remarks.contains($0) }
        cites += high.cites.filter { !low.cites.contains($0) }
    }

    /// Two sentences that differ in figures alone as one, from the smaller figure to the greater (能报7820到16620元); nil when they
    /// differ in words.
    static func merged(_ first: String, _ second: String) -> String? {
        let (pieces, others) = (pieces(of: first), pieces(of: second))
        guard pieces.count == others.count else { return nil }
        var result = ""
        for (piece, other) in zip(pieces, others) {
            if piece == other {
                result += piece
                continue
            }
            guard let one = Double(piece), let two = Double(other) else { return nil }
            result += one < two ? "\(piece)到\(other)" : "\(other)到\(piece)"
        }
        return result
    }

    /// A sentence cut into figures and what stands between them, by turns.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var wasFigure: Bool?
        for character in text {
            let isFigure = character.isASCII && (character.isNumber || wasFigure == true && character == ".")
            if isFigure == wasFigure {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append(String(character))
                wasFigure = isFigure
            }
        }
        return pieces
    }
}

extension Slots {
    /// The slots with each value that lies between two figures at one end of it, 0 or 1.
    func atEnd(_ index: Int) -> Slots {
        var slots = self
        for entry in entries where entry.value.ends.count == 2 {
            slots[entry.name]?.value = entry.value.ends[index]
            slots[entry.name]?.text = entry.value.ends[index]
        }
        return slots
    }
}

extension Assistant {
    /// A figure with its unit (10000元, 3个月, 17年).
    func shown(_ slots: Slots, _ name: String) -> String {
        let value = slots[name]?.value ?? ""
        guard let slot = program.slot(name) else { return value }
        switch slot.entity {
        case "duration": return value + "个月"
        case "years": return value + "年"
        default: return slot.kind == .amount ? value + "元" : value
        }
    }
}
