/// Masks numbers that identify a person, before a text is stored or logged: identity cards (GB 11643, with its check
/// character), mobile phones, bank cards (Luhn, or in groups of four), insurance numbers and secrets named as such. Full-width and
/// formal digits, spaces, hyphens and characters without width between the digits do not hide a number. Public hotlines stay
/// as they are.
///
/// The idea: digits are gathered into runs whose gaps hold only such separators; a number is a stretch of a run that begins
/// and ends where a group of digits does. A second time gaps may hold more, and only a mobile phone in its usual groups counts:
/// amounts and dates have brackets, strokes and commas between them, too. Time is linear in the length of the text.
package enum Redactor {
    package enum Kind: String, Sendable, CaseIterable {
        case identityCard = "identity_card"
        case mobilePhone = "mobile_phone"
        case bankCard = "bank_card"
        case insuranceNumber = "insurance_number"
        /// A password or a code that was sent to somebody.
        case secret
    }

    package struct Result: Equatable, Sendable {
        /// The text with the numbers masked; the same string when there were none.
        package var text: String
        /// What was masked, in the order of the text.
        package var kinds: [Kind]
    }

    package static func redact(_ text: String) -> Result {
        let scalars = Array(text.unicodeScalars)
        var masked = scalars
        var kinds: [Kind] = []
        // A shorter number identifies nobody.
        if scalars.reduce(0, { $0 + (digit($1) == nil ? 0 : 1) }) >= 6 {
            for run in runs(in: scalars) { mask(run, in: &masked, scalars, kinds: &kinds) }
            for run in runs(in: scalars, isLoose: true) where run.isLoose {
                maskPhones(run, in: &masked, kinds: &kinds)
            }
        }
        for range in secrets(in: scalars) {
            for index in range where !isInvisible(scalars[index]) { masked[index] = "*" }
            kinds.append(.secret)
        }
        guard !kinds.isEmpty else { return Result(text: text, kinds: []) }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: masked)
        return Result(text: String(view), kinds: kinds)
    }

    // MARK: Runs

    /// Digits that may belong together.
    private struct Run {
        /// Value of each digit; 10 for the X that ends an identity number.
        var digits: [UInt8] = []
        /// Where each digit stands in the text.
        var positions: [Int] = []
        /// Whether a group begins at the digit: nothing, or a visible separator, stands before it.
        var startsGroup: [Bool] = []
        /// Whether a gap holds what is between numbers as often as within one.
        var isLoose = false

        /// How many digits the groups have from one on.
        func groups(from start: Int) -> [Int] {
            var lengths: [Int] = []
            for index in start..<digits.count {
                if index == start || startsGroup[index] { lengths.append(0) }
                lengths[lengths.count - 1] += 1
            }
            return lengths
        }
    }

    private static func runs(in scalars: [Unicode.Scalar], isLoose: Bool = false) -> [Run] {
        var runs: [Run] = []
        var run = Run()
        var gap = 0
        var sawVisibleGap = true
        func isLetter(_ index: Int) -> Bool {
            scalars.indices.contains(index) && scalars[index].isASCII
                && scalars[index].properties.isAlphabetic
        }
        for (index, scalar) in scalars.enumerated() {
            if let value = digit(scalar) {
                run.digits.append(value)
                run.positions.append(index)
                run.startsGroup.append(run.digits.count == 1 || sawVisibleGap)
                gap = 0
                sawVisibleGap = false
            } else if isInvisible(scalar), !run.digits.isEmpty {
                continue
            } else if isSeparator(scalar), !run.digits.isEmpty, gap < 3 {
                gap += 1
                sawVisibleGap = true
            } else if isLoose, isLooseSeparator(at: index, in: scalars), !run.digits.isEmpty, gap < 3 {
                gap += 1
                sawVisibleGap = true
                run.isLoose = true
            } else {
                if looksLikeX(scalar), run.digits.count >= 17, !isLetter(index + 1) {
                    run.digits.append(10)
                    run.positions.append(index)
                    run.startsGroup.append(sawVisibleGap)
                }
                if run.digits.count >= 6 { runs.append(run) }
                run = Run()
                gap = 0
                sawVisibleGap = true
            }
        }
        if run.digits.count >= 6 { runs.append(run) }
        return runs
    }

    private static func mask(
        _ run: Run, in masked: inout [Unicode.Scalar], _ scalars: [Unicode.Scalar],
        kinds: inout [Kind]
    ) {
        var start = 0
        while start < run.digits.count {
            guard run.startsGroup[start], let (kind, length) = number(in: run, from: start, scalars) else {
                start += 1
                continue
            }
            let (head, tail) = shown(kind, length)
            for offset in head..<(length - tail) { masked[run.positions[start + offset]] = "*" }
            kinds.append(kind)
            start += length
        }
    }

    /// Masks mobile phones in groups of 3 and 8, or of 3, 4 and 4 digits.
    private static func maskPhones(_ run: Run, in masked: inout [Unicode.Scalar], kinds: inout [Kind]) {
        for start in run.digits.indices where run.startsGroup[start] {
            let groups = run.groups(from: start)
            guard groups.starts(with: [3, 8]) || groups.starts(with: [3, 4, 4]),
                isMobile(run.digits[start..<start + 11]), masked[run.positions[start + 3]] != "*"
            else { continue }
            for offset in 3..<7 { masked[run.positions[start + offset]] = "*" }
            kinds.append(.mobilePhone)
        }
    }

    /// How many digits stay readable in front and at the end.
    private static func shown(_ kind: Kind, _ length: Int) -> (Int, Int) {
        switch kind {
        case .identityCard: (6, length == 18 ? 4 : 3)
        case .mobilePhone: (length - 8, 4)
        case .bankCard: (0, 4)
        case .insuranceNumber: (0, 2)
        case .secret: (0, 0)
        }
    }

    /// The longest personal number that begins there and ends with a group.
    private static func number(in run: Run, from start: Int, _ scalars: [Unicode.Scalar]) -> (Kind, Int)? {
        let left = run.digits.count - start
        func ends(_ length: Int) -> Bool {
            length <= left
                && (length == left || run.startsGroup[start + length] || run.digits[start + length - 1] == 10)
        }
        let digits = run.digits[start...]
        if ends(18), isIdentityNumber(digits.prefix(18)) { return (.identityCard, 18) }
        for length in [19, 18, 17, 16] where ends(length) && isBankCard(digits.prefix(length)) {
            return (.bankCard, length)
        }
        if ends(15), isOldIdentityNumber(digits.prefix(15)) { return (.identityCard, 15) }
        for prefix in [[], [8, 6], [0, 0, 8, 6]] as [[UInt8]] where digits.starts(with: prefix) {
            let length = prefix.count + 11
            if ends(length), isMobile(digits.dropFirst(prefix.count).prefix(11)) {
                return (.mobilePhone, length)
            }
        }
        if let length = groupedCard(run, from: start) { return (.bankCard, length) }
        if left >= 6, isNamedInsuranceNumber(before: run.positions[start], scalars) {
            let length = (6...min(left, 20)).last(where: ends) ?? left
            return (.insuranceNumber, length)
        }
        // No public number is that long without a gap.
        let unbroken = (1..<left).first { run.startsGroup[start + $0] } ?? left
        return unbroken >= 15 ? (.bankCard, unbroken) : nil
    }

    // MARK: Numbers

    /// GB 11643-1999: region, birth date, order, and a check character by ISO 7064 MOD 11-2. A wrong check character is
    /// still masked when the birth date is one: people mistype their own number.
    private static func isIdentityNumber(_ digits: ArraySlice<UInt8>) -> Bool {
        let number = Array(digits)
        guard number[0] > 0, number[..<17].allSatisfy({ $0 < 10 }) else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(number, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
        let check = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2][sum % 11]
        if check == Int(number[17]) { return true }
        let year = number[6..<10].reduce(0) { $0 * 10 + Int($1) }
        return (1880...2100).contains(year) && isMonthDay(number[10..<14])
    }

    private static func isOldIdentityNumber(_ digits: ArraySlice<UInt8>) -> Bool {
        let number = Array(digits)
        return number[0] > 0 && number.allSatisfy { $0 < 10 } && isMonthDay(number[8..<12])
    }

    private static func isMonthDay(_ digits: ArraySlice<UInt8>) -> Bool {
        let value = digits.reduce(0) { $0 * 10 + Int($1) }
        return (1...12).contains(value / 100) && (1...31).contains(value % 100)
    }

    private static func isMobile(_ digits: ArraySlice<UInt8>) -> Bool {
        let number = Array(digits)
        return number.count == 11 && number[0] == 1 && number[1] >= 3 && number.allSatisfy { $0 < 10 }
    }

    private static func isBankCard(_ digits: ArraySlice<UInt8>) -> Bool {
        guard digits.allSatisfy({ $0 < 10 }), let first = digits.first, (3...9).contains(first) else {
            return false
        }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = Int(digit) * (index % 2 == 1 ? 2 : 1)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    /// Sixteen digits and up to three more in groups of four, as cards have them, whether or not the check digit fits: people
    /// mistype their own number. A row of round amounts is none.
    private static func groupedCard(_ run: Run, from start: Int) -> Int? {
        let groups = run.groups(from: start)
        guard groups.starts(with: [4, 4, 4, 4]), (3...9).contains(run.digits[start]) else { return nil }
        let isRound = (0..<4).allSatisfy { group in
            run.digits[start + group * 4 + 2] == 0 && run.digits[start + group * 4 + 3] == 0
        }
        if isRound { return nil }
        return groups.count > 4 && groups[4] < 4 ? 16 + groups[4] : 16
    }

    private static let insuranceNames = [
        "医保卡号", "社保卡号", "保障卡号", "社保号", "医保号", "保险号", "医保编号", "社保编号", "保险编号", "个人编号", "参保编号", "参保号",
        "保障号", "医疗证号", "电脑号",
    ].map { Array($0.unicodeScalars) }

    private static func isNamedInsuranceNumber(before position: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        let window = scalars[max(0, position - 12)..<position].filter { !isInvisible($0) && $0 != " " }
        return insuranceNames.contains { name in
            guard window.count >= name.count else { return false }
            return (0...(window.count - name.count)).contains {
                window[$0..<$0 + name.count].elementsEqual(name)
            }
        }
    }

    // MARK: Characters

    static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x30...0x39: UInt8(scalar.value - 0x30)
        case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
        // Arabic-Indic, both series: a phone's keyboard may send them.
        case 0x660...0x669: UInt8(scalar.value - 0x660)
        case 0x6F0...0x6F9: UInt8(scalar.value - 0x6F0)
        // Mathematical digits, which some keyboards offer as ornaments.
        case 0x1D7CE...0x1D7FF: UInt8((scalar.value - 0x1D7CE) % 10)
        // As numbers are dictated, and as they stand in contracts (壹贰叁, also in traditional characters).
        case 0x3007, 0x96F6: 0
        case 0x4E00, 0x5E7A, 0x58F9: 1
        case 0x4E8C, 0x8D30, 0x8CB3: 2
        case 0x4E09, 0x53C1, 0x53C4: 3
        case 0x56DB, 0x8086: 4
        case 0x4E94, 0x4F0D: 5
        case 0x516D, 0x9646, 0x9678: 6
        case 0x4E03, 0x67D2: 7
        case 0x516B, 0x634C: 8
        case 0x4E5D, 0x7396: 9
        default: nil
        }
    }

    /// X and what is easily taken for it: full-width, Cyrillic and Greek.
    private static func looksLikeX(_ scalar: Unicode.Scalar) -> Bool {
        ["X", "x", "\u{FF38}", "\u{FF58}", "\u{425}", "\u{445}", "\u{3A7}", "\u{3C7}"].contains(scalar)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\u{3000}", "\u{A0}", "-", "\u{2013}", "\u{2014}", "\u{FF0D}", "\u{B7}", ".", "_", "\t":
            true
        default: false
        }
    }

    /// Brackets and strokes; commas only between numerals as they are dictated, since amounts have them between figures.
    private static func isLooseSeparator(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        switch scalars[index] {
        case "(", ")", "\u{FF08}", "\u{FF09}", "/", "\u{FF0F}": return true
        case ",", "\u{FF0C}", "\u{3001}":
            return [index - 1, index + 1].allSatisfy {
                scalars.indices.contains($0) && scalars[$0].properties.isIdeographic
                    && digit(scalars[$0]) != nil
            }
        default: return false
        }
    }

    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFE00...0xFE0F, 0xFEFF,
            0xE0000...0xE01EF:
            true
        default: false
        }
    }
}
