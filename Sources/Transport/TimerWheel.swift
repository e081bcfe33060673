/// What is to be looked at later, in steps of a tenth of a second: to put something in and to take out what is due costs the same
/// however much waits, as in the timing wheels of Varghese and Lauck (SOSP 1987). Nothing is taken out before its time: whoever
/// has changed his mind says so when his turn comes.
package struct TimerWheel<Item> {
    /// Milliseconds of a step.
    package static var step: Int { 100 }

    private var slots: [Int: [Item]] = [:]
    /// What is due and was not taken yet.
    private var waiting: ArraySlice<Item> = []
    /// The last step whose items are due.
    private var reached: Int

    package init(now: Int) { reached = now / Self.step }

    /// Puts an item in, to be taken at that time or up to a step later. Both times in milliseconds of one clock.
    package mutating func insert(_ item: Item, due: Int) {
        slots[max(reached + 1, (due + Self.step - 1) / Self.step), default: []].append(item)
    }

    /// Takes the next item that is due, in the order of the steps and then of coming.
    package mutating func next(now: Int) -> Item? {
        let step = now / Self.step
        while waiting.isEmpty, reached < step {
            // After a long stop only what there is is looked at, not every step that passed.
            if step - reached > slots.count {
                guard let first = slots.keys.min(), first <= step else {
                    reached = step
                    return nil
                }
                reached = first
            } else {
                reached += 1
            }
            waiting = slots.removeValue(forKey: reached)?[...] ?? []
        }
        return waiting.popFirst()
    }

    package var isEmpty: Bool { slots.isEmpty && waiting.isEmpty }
}
