import Knowledge

/// A sum that was worked out by one rule, in words: what it comes to, and how.
struct Worked {
    var rule: CalculationRule
    /// The conclusion (大约能报16620元，自己掏3380元).
    var head: String
    /// The working, a step a line.
    var lines: [String] = []
    /// What to mind about this rule.
    var remarks: [String] = []
    /// Numbers of the sources behind it.
    var cites: [Int] = []
    /// What it comes to, for comparing rules.
    var total = Money.zero
}
