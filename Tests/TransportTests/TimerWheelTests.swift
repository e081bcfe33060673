import Testing

import Transport

@Suite("What is to be looked at later") struct TimerWheelTests {
    private func taken(_ wheel: inout TimerWheel<String>, at now: Int) -> [String] {
        var items: [String] = []
        while let item = wheel.next(now: now) { items.append(item) }
        return items
    }

    @Test func isTakenInItsStepAndNeverBefore() {
        for start in [0, 50, 99, 100, 12_345] {
            for wait in [0, 1, 99, 100, 101, 250, 60_000] {
                var wheel = TimerWheel<String>(now: start)
                wheel.insert("item", due: start + wait)
                for now in stride(from: start, to: start + wait, by: 7) {
                    #expect(taken(&wheel, at: now) == [], "\(start) \(wait) \(now)")
                }
                #expect(taken(&wheel, at: start + max(wait, 100) + 100) == ["item"], "\(start) \(wait)")
                #expect(wheel.isEmpty)
            }
        }
    }

    @Test func comesInTheOrderOfTheSteps() {
        var wheel = TimerWheel<String>(now: 0)
        wheel.insert("late", due: 900)
        wheel.insert("first", due: 200)
        wheel.insert("second", due: 150)
        wheel.insert("soon", due: 10)
        #expect(taken(&wheel, at: 1000) == ["soon", "first", "second", "late"])
    }

    @Test func whatWasPutInWhileOthersAreTakenWaitsForItsOwnTime() {
        var wheel = TimerWheel<String>(now: 0)
        wheel.insert("a", due: 100)
        wheel.insert("b", due: 100)
        #expect(wheel.next(now: 100) == "a")
        wheel.insert("c", due: 100)
        #expect(taken(&wheel, at: 100) == ["b"])
        #expect(taken(&wheel, at: 200) == ["c"])
    }

    @Test func aLongStopIsPassedOverAtOnce() {
        var wheel = TimerWheel<String>(now: 0)
        wheel.insert("a", due: 1000)
        wheel.insert("b", due: 5_000_000_000_000)
        #expect(taken(&wheel, at: 4_000_000_000_000) == ["a"])
        #expect(taken(&wheel, at: 6_000_000_000_000) == ["b"])
        #expect(wheel.isEmpty)
    }
}
