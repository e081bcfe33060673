/// Linear support vector machines with squared hinge loss, one against the rest, by dual coordinate descent
/// (Hsieh, Chang, Lin, Keerthi and Sundararajan, 2008). Instead of their shrinking of variables that stay at zero, a row that needs no push
/// rests until the others have settled: of sixteen variables one is seldom at zero, but few rows are still pushed after some sweeps.
///
/// Sixteen machines are trained side by side, one in each lane: they ask for the same rows, and the weights that a feature has in
/// all of them fill one line of a processor's cache, so that one look brings sixteen. The machines know nothing of each other but the order in which rows
/// are visited, and a row rests when none of them pushes it.
///
/// A feature of one row only has the weight which that row's own push gives it, so that it need not be looked up: it counts as part of
/// the row's resistance.
///
/// The visiting order comes from a fixed seed, sums run in a fixed order: the same rows give the same bits.
struct LinearTrainer {
    typealias Lanes = SIMD16<Float>

    let matrix: TrainingMatrix
    /// Cost of an error.
    let cost: Float
    let tolerance: Float
    private let sweeps = 60

    init(matrix: TrainingMatrix, cost: Float, tolerance: Float = 0.05) {
        self.matrix = matrix
        self.cost = cost
        self.tolerance = tolerance
    }

    /// What tells rows of one class from the others, for the class of each lane.
    struct Solution {
        /// One for each shared group; the last one is the bias.
        var weights: [Lanes]
        /// How much each row had to be pushed.
        var duals: [Lanes]
    }

    /// - Parameters:
    ///   - classes: the classes to tell from the rest, as many as there are lanes at most.
    ///   - truths: the class of each row of the matrix.
    ///   - rows: the rows to learn from.
    ///   - start: a solution of more rows to begin at. What the rows left out put into it is taken out first, so that
    ///     it only saves time.
    func solve(classes: Range<Int>, truths: [Int32], rows: [Int32], from start: Solution? = nil) -> Solution {
        var solution =
            start
            ?? Solution(
                weights: [Lanes](repeating: .zero, count: matrix.sharedCount + 1),
                duals: [Lanes](repeating: .zero, count: matrix.rowCount))
        if start != nil { remove(rowsOutside: rows, from: &solution, classes, truths) }
        var order = rows
        solution.weights.withUnsafeMutableBufferPointer { weights in
            solution.duals.withUnsafeMutableBufferPointer { duals in
                order.withUnsafeMutableBufferPointer { order in
                    matrix.starts.withUnsafeBufferPointer { starts in
                        matrix.ends.withUnsafeBufferPointer { ends in
                            matrix.columns.withUnsafeBufferPointer { columns in
                                matrix.values.withUnsafeBufferPointer { values in
                                    truths.withUnsafeBufferPointer { truths in
                                        var solver = Solver(
                                            weights: weights, duals: duals, order: order, starts: starts,
                                            ends: ends,
                                            columns: columns, values: values, truths: truths,
                                            classes: classes,
                                            bias: matrix.sharedCount)
                                        solver.run(self)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return solution
    }

    /// The margin in each lane of a row that was not learnt from.
    func margins(_ row: Int, _ weights: [Lanes]) -> Lanes {
        var sum = weights[matrix.sharedCount]
        for index in matrix.shared(row) {
            sum += weights[Int(matrix.columns[index])] * matrix.values[index]
        }
        return sum
    }

    private func remove(
        rowsOutside rows: [Int32], from solution: inout Solution, _ classes: Range<Int>, _ truths: [Int32]
    ) {
        var isKept = [Bool](repeating: false, count: matrix.rowCount)
        for row in rows { isKept[Int(row)] = true }
        for row in isKept.indices where !isKept[row] && solution.duals[row] != .zero {
            let step = -LinearTrainer.signs(of: truths[row], classes) * solution.duals[row]
            solution.duals[row] = .zero
            solution.weights[matrix.sharedCount] += step
            for index in matrix.shared(row) {
                solution.weights[Int(matrix.columns[index])] += step * matrix.values[index]
            }
        }
    }

    /// 1 in the lane of the row's own class, -1 in the others.
    @inline(__always)
    static func signs(of truth: Int32, _ classes: Range<Int>) -> Lanes {
        var signs = Lanes(repeating: -1)
        if classes.contains(Int(truth)) { signs[Int(truth) - classes.lowerBound] = 1 }
        return signs
    }

    private struct Solver {
        let weights: UnsafeMutableBufferPointer<Lanes>
        let duals: UnsafeMutableBufferPointer<Lanes>
        let order: UnsafeMutableBufferPointer<Int32>
        let starts: UnsafeBufferPointer<Int32>
        let ends: UnsafeBufferPointer<Int32>
        let columns: UnsafeBufferPointer<Int32>
        let values: UnsafeBufferPointer<Float>
        let truths: UnsafeBufferPointer<Int32>
        let classes: Range<Int>
        let bias: Int
        var random: UInt64 = 0x2545_F491_4F6C_DD1D

        mutating func next(below bound: Int) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(truncatingIfNeeded: (random >> 33) % UInt64(bound))
        }

        mutating func run(_ trainer: LinearTrainer) {
            var active = order.count
            let ridge = 0.5 / trainer.cost
            // Pushes that would move the margin by less than this are not worth their while.
            let least = trainer.tolerance / 5
            // Lanes without a class of their own stay at nothing.
            var used = Lanes.zero
            for lane in classes.indices { used[lane - classes.lowerBound] = 1 }
            for _ in 0..<trainer.sweeps {
                let isWhole = active == order.count
                for index in 0..<active {
                    order.swapAt(index, index + next(below: active - index))
                }
                var uppermost = -Lanes(repeating: .infinity)
                var lowest = Lanes(repeating: .infinity)
                var index = 0
                while index < active {
                    let row = Int(order[index])
                    let signs = LinearTrainer.signs(of: truths[row], classes)
                    let old = duals[row]
                    let gradient =
                        (signs * dot(row) - 1 + old * (ridge + trainer.matrix.loneSquares[row])) * used
                    let projected = gradient.replacing(
                        with: Lanes.zero, where: old .== 0 .& gradient .> 0)
                    uppermost.replace(with: projected, where: projected .> uppermost)
                    lowest.replace(with: projected, where: projected .< lowest)
                    guard any(projected .> least .| projected .< -least) else {
                        // It rests until the others have settled.
                        active -= 1
                        order.swapAt(index, active)
                        continue
                    }
                    var new = old - gradient / (trainer.matrix.squares[row] + 1 + ridge)
                    new.replace(with: Lanes.zero, where: new .< 0)
                    duals[row] = new
                    add((new - old) * signs, row)
                    index += 1
                }
                let spread = (uppermost - lowest).max()
                // What a sweep over all rows finds it puts right as well.
                if isWhole, spread <= 2 * trainer.tolerance { return }
                if spread <= trainer.tolerance { active = order.count }
            }
        }

        /// Two running sums, so that additions need not wait for one another.
        @inline(__always)
        private func dot(_ row: Int) -> Lanes {
            var index = Int(starts[row])
            let end = Int(ends[row])
            var even = weights[bias]
            var odd = Lanes.zero
            while index + 2 <= end {
                even += weights[Int(columns[index])] * values[index]
                odd += weights[Int(columns[index + 1])] * values[index + 1]
                index += 2
            }
            if index < end { even += weights[Int(columns[index])] * values[index] }
            return even + odd
        }

        @inline(__always)
        private func add(_ step: Lanes, _ row: Int) {
            weights[bias] += step
            for index in Int(starts[row])..<Int(ends[row]) {
                weights[Int(columns[index])] += step * values[index]
            }
        }
    }
}
