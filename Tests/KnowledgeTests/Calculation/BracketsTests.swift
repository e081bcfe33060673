import Knowledge
import Testing

struct BracketsTests {
    /// The bands of a large hospital: 800 is one's own, then 85, 88 and 90 percent up to 600000.
    private let hospital = Brackets(
        deductible: Money(yuan: 800),
        bands: [
            .init(upTo: Money(yuan: 10_000), share: Share(millionths: 850_000)),
            .init(upTo: Money(yuan: 400_000), share: Share(millionths: 880_000)),
            .init(upTo: Money(yuan: 600_000), share: Share(millionths: 900_000)),
        ])
    private let capped = Brackets(
        bands: [.init(upTo: nil, share: Share(millionths: 650_000))], cap: Money(yuan: 500))

    /// Fen below, at and above each bound, with what is paid of it in fen.
    @Test(arguments: [
        (0, 0), (1, 0), (79_999, 0), (80_000, 0), (80_001, 1), (80_100, 85), (999_999, 781_999),
        (1_000_000, 782_000), (1_000_001, 782_001), (1_000_100, 782_088), (39_999_999, 35_101_999),
        (40_000_000, 35_102_000), (40_000_001, 35_102_001), (59_999_999, 53_101_999),
        (60_000_000, 53_102_000), (60_000_001, 53_102_000), (70_000_000, 53_102_000),
        (1_000_000_000_000, 53_102_000),
    ])
    func `what is paid at each bound`(fen: Int64, pays: Int64) {
        #expect(hospital.outcome(for: Money(fen: fen)).pays == Money(fen: pays))
    }

    @Test(arguments: [
        (300, 0, 195), (769, 0, 499), (770, 0, 500), (1_000, 0, 500), (300, 305, 195), (300, 306, 194),
        (300, 400, 100), (300, 500, 0), (300, 9_999, 0), (0, 0, 0),
    ])
    func `a cap leaves what was not paid yet`(amount: Int, used: Int, pays: Int) {
        let outcome = capped.outcome(for: Money(yuan: amount), used: Money(yuan: used))
        #expect(outcome.pays.fen / 100 == Int64(pays))
        #expect(outcome.isCapped == (outcome.sum > outcome.pays))
    }

    @Test func `each band is a line of the working`() {
        let outcome = hospital.outcome(for: Money(yuan: 700_000))
        #expect(outcome.below == Money(yuan: 800))
        #expect(
            outcome.lines.map(\.part) == [Money(yuan: 9_200), Money(yuan: 390_000), Money(yuan: 200_000)])
        #expect(
            outcome.lines.map(\.pays) == [Money(yuan: 7_820), Money(yuan: 343_200), Money(yuan: 180_000)])
        #expect(outcome.beyond == Money(yuan: 100_000))
        #expect(outcome.own == Money(yuan: 168_980))
    }

    /// A small generator of whole numbers that gives the same ones on every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private func anyBrackets(_ numbers: inout Numbers) -> Brackets {
        var edge = Int64.random(in: 0...300_000, using: &numbers)
        let deductible = Money(fen: edge)
        let count = Int.random(in: 1...5, using: &numbers)
        let isOpen = Bool.random(using: &numbers)
        let bands = (0..<count).map { index -> Brackets.Band in
            edge += Int64.random(in: 1...20_000_000, using: &numbers)
            let share = Share(millionths: Int64.random(in: 0...1_000_000, using: &numbers))
            return .init(upTo: isOpen && index == count - 1 ? nil : Money(fen: edge), share: share)
        }
        let cap =
            Bool.random(using: &numbers) ? Money(fen: Int64.random(in: 0...9_000_000, using: &numbers)) : nil
        return Brackets(deductible: deductible, bands: bands, cap: cap)
    }

    @Test(arguments: 1...40)
    func `parts add up to the bill, and more spent is never less paid`(seed: Int) {
        var numbers = Numbers(state: UInt64(seed))
        for _ in 0..<50 {
            let brackets = anyBrackets(&numbers)
            let used = Money(fen: Int64.random(in: 0...9_000_000, using: &numbers))
            var last = Money.zero
            var amount: Int64 = 0
            for _ in 0..<40 {
                let outcome = brackets.outcome(for: Money(fen: amount), used: used)
                let parts = outcome.lines.reduce(outcome.below + outcome.beyond) { $0 + $1.part }
                #expect(parts == outcome.amount, "seed \(seed), \(brackets), \(amount) fen")
                #expect(outcome.lines.reduce(Money.zero) { $0 + $1.pays } == outcome.sum)
                #expect(outcome.pays + outcome.own == outcome.amount)
                #expect(outcome.pays >= last && outcome.pays >= .zero && outcome.own >= .zero)
                #expect(outcome.pays <= (brackets.cap ?? outcome.pays))
                last = outcome.pays
                amount += Int64.random(in: 0...5_000_000, using: &numbers)
            }
        }
    }

    @Test(arguments: 1...20)
    func `what was paid already never makes more of it`(seed: Int) {
        var numbers = Numbers(state: UInt64(seed) &+ 900)
        for _ in 0..<100 {
            let brackets = anyBrackets(&numbers)
            let amount = Money(fen: Int64.random(in: 0...30_000_000, using: &numbers))
            let first = Money(fen: Int64.random(in: 0...9_000_000, using: &numbers))
            let more = first + Money(fen: Int64.random(in: 0...9_000_000, using: &numbers))
            #expect(
                brackets.outcome(for: amount, used: more).pays
                    <= brackets.outcome(for: amount, used: first).pays,
                "seed \(seed)")
        }
    }

    @Test func `what was spent before takes the deductible and the lower bands`() {
        let rest = hospital.outcome(for: Money(yuan: 1_000), after: Money(yuan: 500))
        #expect(rest.below == Money(yuan: 300) && rest.pays == Money(yuan: 595))
        #expect(
            hospital.outcome(for: Money(yuan: 1_000), after: Money(yuan: 10_000)).pays == Money(yuan: 880))
        #expect(hospital.outcome(for: Money(yuan: 100), after: Money(yuan: 600)).pays == .zero)
    }

    @Test(arguments: 1...20)
    func `a bill in two parts is paid like the whole, but for rounding`(seed: Int) {
        var numbers = Numbers(state: UInt64(seed) &+ 1_700)
        for _ in 0..<100 {
            let brackets = anyBrackets(&numbers)
            let first = Money(fen: Int64.random(in: 0...20_000_000, using: &numbers))
            let second = Money(fen: Int64.random(in: 0...20_000_000, using: &numbers))
            let after = brackets.outcome(for: second, after: first)
            let parts = after.lines.reduce(after.below + after.beyond) { $0 + $1.part }
            #expect(parts == second, "seed \(seed)")
            let (apart, whole) = (
                brackets.outcome(for: first).sum + after.sum, brackets.outcome(for: first + second).sum
            )
            #expect(abs(apart.fen - whole.fen) <= 1, "seed \(seed)")
        }
    }
}
