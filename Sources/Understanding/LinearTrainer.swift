/// Linear support vector machines with squared hinge loss, one against the rest, by dual coordinate descent
/// (Hsieh, Chang, Lin, Keerthi and Sundararajan, 2008), with their shrinking of variables that stay at zero.
///
/// The visiting order comes from a fixed seed, sums run in a fixed order: the same rows give the same bits.
struct LinearTrainer {
    let matrix: TrainingMatrix
    let groupCount: Int
    /// Cost of an error.
    let cost: Float
    let tolerance: Float
    private let sweeps = 60

    init(matrix: TrainingMatrix, groupCount: Int, cost: Float, tolerance: Float = 0.2) {
        self.matrix = matrix
        self.groupCount = groupCount
        self.cost = cost
        self.tolerance = tolerance
    }

    /// What tells rows of one class from the others.
    struct Solution {
        /// One for each group; the last one is the bias.
        var weights: [Float]
        /// How much each row had to be pushed.
        var duals: [Float]
    }

    /// - Parameters:
    ///   - rows: the rows to learn from.
    ///   - positive: for each row of the matrix, whether it is of the class.
    ///   - start: a solution of more rows to begin at. What the rows left out put into it is taken out first, so that
    ///     it only saves time.
    func solve(positive: [Bool], rows: [Int32], from start: Solution? = nil) -> Solution {
        var solution =
            start
            ?? Solution(
                weights: [Float](repeating: 0, count: groupCount + 1),
                duals: [Float](repeating: 0, count: matrix.rowCount))
        if start != nil { remove(rowsOutside: rows, from: &solution, positive) }
        var order = rows
        solution.weights.withUnsafeMutableBufferPointer { weights in
            solution.duals.withUnsafeMutableBufferPointer { duals in
                order.withUnsafeMutableBufferPointer { order in
                    matrix.starts.withUnsafeBufferPointer { starts in
                        matrix.columns.withUnsafeBufferPointer { columns in
                            matrix.values.withUnsafeBufferPointer { values in
                                var solver = Solver(
                                    weights: weights, duals: duals, order: order, starts: starts,
                                    columns: columns, values: values, bias: groupCount)
                                solver.run(self, positive)
                            }
                        }
                    }
                }
            }
        }
        return solution
    }

    private func remove(rowsOutside rows: [Int32], from solution: inout Solution, _ positive: [Bool]) {
        var isKept = [Bool](repeating: false, count: matrix.rowCount)
        for row in rows { isKept[Int(row)] = true }
        for row in isKept.indices where !isKept[row] && solution.duals[row] > 0 {
            let step = positive[row] ? -solution.duals[row] : solution.duals[row]
            solution.duals[row] = 0
            solution.weights[groupCount] += step
            for index in Int(matrix.starts[row])..<Int(matrix.starts[row + 1]) {
                solution.weights[Int(matrix.columns[index])] += step * matrix.values[index]
            }
        }
    }

    private struct Solver {
        let weights: UnsafeMutableBufferPointer<Float>
        let duals: UnsafeMutableBufferPointer<Float>
        let order: UnsafeMutableBufferPointer<Int32>
        let starts: UnsafeBufferPointer<Int32>
        let columns: UnsafeBufferPointer<Int32>
        let values: UnsafeBufferPointer<Float>
        let bias: Int
        var random: UInt64 = 0x2545_F491_4F6C_DD1D

        mutating func next(below bound: Int) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(truncatingIfNeeded: (random >> 33) % UInt64(bound))
        }

        mutating func run(_ trainer: LinearTrainer, _ positive: [Bool]) {
            var active = order.count
            var highest = Float.infinity
            let ridge = 0.5 / trainer.cost
            for _ in 0..<trainer.sweeps {
                for index in 0..<active {
                    order.swapAt(index, index + next(below: active - index))
                }
                var most = -Float.infinity
                var least = Float.infinity
                var index = 0
                while index < active {
                    let row = Int(order[index])
                    let sign: Float = positive[row] ? 1 : -1
                    let gradient = sign * dot(row) - 1 + duals[row] * ridge
                    var projected = gradient
                    if duals[row] == 0 {
                        if gradient > highest {
                            active -= 1
                            order.swapAt(index, active)
                            continue
                        }
                        projected = min(gradient, 0)
                    }
                    most = max(most, projected)
                    least = min(least, projected)
                    if abs(projected) > 1e-9 {
                        let old = duals[row]
                        duals[row] = max(old - gradient / (trainer.matrix.squares[row] + 1 + ridge), 0)
                        add((duals[row] - old) * sign, row)
                    }
                    index += 1
                }
                if most - least <= trainer.tolerance {
                    guard active < order.count else { return }
                    active = order.count
                    highest = .infinity
                    continue
                }
                highest = most > 0 ? most : .infinity
            }
        }

        /// Four running sums, so that additions need not wait for one another.
        @inline(__always)
        private func dot(_ row: Int) -> Float {
            var index = Int(starts[row])
            let end = Int(starts[row + 1])
            var sums = SIMD4<Float>(weights[bias], 0, 0, 0)
            while index + 4 <= end {
                let factors = SIMD4(
                    weights[Int(columns[index])], weights[Int(columns[index + 1])],
                    weights[Int(columns[index + 2])], weights[Int(columns[index + 3])])
                sums +=
                    factors * SIMD4(values[index], values[index + 1], values[index + 2], values[index + 3])
                index += 4
            }
            var rest: Float = 0
            while index < end {
                rest += weights[Int(columns[index])] * values[index]
                index += 1
            }
            return (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
        }

        @inline(__always)
        private func add(_ step: Float, _ row: Int) {
            weights[bias] += step
            for index in Int(starts[row])..<Int(starts[row + 1]) {
                weights[Int(columns[index])] += step * values[index]
            }
        }
    }
}
