/// A bill split at its bounds: what lies under the deductible is one's own, each band above is paid by its share, and
/// all of it up to a cap.
///
/// Amounts are whole fen and shares whole millionths, so nothing is lost in between. Each band is rounded to the fen,
/// half a fen upwards, and the whole is the sum of the rounded bands: the working that is shown adds up to what is told.
package struct Brackets: Equatable, Sendable {
    package struct Band: Equatable, Sendable {
        /// Where it ends; nil when it goes on for ever.
        package var upTo: Money?
        package var share: Share

        package init(upTo: Money?, share: Share) {
            self.upTo = upTo
            self.share = share
        }
    }

    package var deductible: Money
    /// In ascending order; the first begins at the deductible.
    package var bands: [Band]
    /// What is paid at most in the year.
    package var cap: Money?

    package init(deductible: Money = .zero, bands: [Band], cap: Money? = nil) {
        self.deductible = deductible
        self.bands = bands
        self.cap = cap
    }

    /// One band of a bill.
    package struct Line: Equatable, Sendable {
        /// Which of the bands.
        package var band: Int
        package var from: Money
        package var to: Money
        package var pays: Money

        package var part: Money { to - from }
    }

    /// What becomes of a bill. `below`, the lines' parts and `beyond` together are the bill.
    package struct Outcome: Equatable, Sendable {
        package var amount: Money
        /// What lies under the deductible.
        package var below: Money
        package var lines: [Line]
        /// What lies past the last band.
        package var beyond: Money
        /// What the lines come to.
        package var sum: Money
        /// What may still be paid this year; nil without a cap.
        package var room: Money?

        package var pays: Money { room.map { min($0, sum) } ?? sum }
        package var own: Money { amount - pays }
        package var isCapped: Bool { pays < sum }
    }

    /// What is paid of a bill when `used` was paid this year already. Where deductible and bands are those of the whole year, `earlier` is
    /// what was spent in it before: the bill goes on from there.
    package func outcome(for amount: Money, after earlier: Money = .zero, used: Money = .zero) -> Outcome {
        precondition(
            amount >= .zero && earlier >= .zero && used >= .zero, "bills and payments are not below nothing")
        let total = earlier + amount
        var start = max(deductible, earlier)
        var outcome = Outcome(
            amount: amount, below: max(.zero, min(total, deductible) - earlier), lines: [], beyond: .zero,
            sum: .zero, room: cap.map { max(.zero, $0 - used) })
        for (index, band) in bands.enumerated() where start < total {
            let end = min(total, band.upTo ?? total)
            guard end > start else { continue }
            let pays = band.share.of(end - start)
            outcome.lines.append(Line(band: index, from: start, to: end, pays: pays))
            outcome.sum = outcome.sum + pays
            start = end
        }
        outcome.beyond = max(.zero, total - start)
        return outcome
    }
}
