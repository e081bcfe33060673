import Knowledge
import Testing

struct MoneyTests {
    @Test func `money is written without idle zeros`() {
        #expect("\(Money(fen: 1_662_000))" == "16620")
        #expect("\(Money(fen: 10_364))" == "103.64")
        #expect("\(Money(fen: 50))" == "0.5")
        #expect("\(Money(fen: 5))" == "0.05")
        #expect("\(Money(fen: -1_250))" == "-12.5")
        #expect("\(Money.zero)" == "0")
    }

    @Test func `a share is exact, and half a fen goes up`() {
        #expect(Share(millionths: 650_000).of(Money(yuan: 300)) == Money(yuan: 195))
        #expect(Share(millionths: 25_000).of(Money(yuan: 3_500)) == Money(fen: 8_750))
        #expect(Share(millionths: 500_000).of(Money(fen: 1)) == Money(fen: 1))
        #expect(Share(millionths: 499_999).of(Money(fen: 1)) == Money.zero)
        #expect(Share(millionths: 105_000).of(Money(yuan: 4_812)) == Money(fen: 50_526))
    }

    @Test func `months are a share of more than the whole`() {
        #expect(Share(millionths: 3_500_000).of(Money(yuan: 6_000)) == Money(yuan: 21_000))
        #expect(Share(millionths: 3_500_000).times == "3.5" && Share(millionths: 3_000_000).times == "3")
    }

    @Test func `days are taken of a month and rounded at the end`() {
        #expect(Money(yuan: 6_000).share(of: 98, outOf: 30) == Money(yuan: 19_600))
        #expect(Money(yuan: 100).share(of: 1, outOf: 30) == Money(fen: 333))
        #expect(Money(yuan: 100).share(of: 2, outOf: 30) == Money(fen: 667))
    }

    @Test func `amounts beyond all bills do not overflow`() {
        let huge = Money(fen: Int64.max / 4)
        #expect(Share(millionths: 1_000_000).of(huge) == huge)
    }
}
