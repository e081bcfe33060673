/// Finds the lowest point of a smooth convex function: limited-memory BFGS (Nocedal 1980) with a backtracking line search.
/// All sums run in a fixed order, so that the same function gives the same bits.
package struct QuasiNewton {
    var memory = 6
    var steps: Int
    /// Ends when ten steps gain less than this share of the value.
    var tolerance: Double

    package init(steps: Int, tolerance: Double) {
        self.steps = steps
        self.tolerance = tolerance
    }

    package struct Outcome {
        package var point: [Float]
        package var value: Double
        /// How many times the function was asked.
        package var evaluations: Int
    }

    private struct Pair {
        var step: [Float]
        var change: [Float]
        var inverse: Double
    }

    /// - Parameter function: the value and the gradient at a point.
    package func minimize(from start: [Float], _ function: ([Float]) -> (value: Double, gradient: [Float]))
        -> Outcome
    {
        var point = start
        var (value, gradient) = function(point)
        var evaluations = 1
        var pairs: [Pair] = []
        var history = [value]
        for _ in 0..<steps {
            let direction = self.direction(gradient, pairs)
            let slope = QuasiNewton.dot(direction, gradient)
            guard slope < 0 else { break }
            var rate = pairs.isEmpty ? 1 / max(QuasiNewton.dot(gradient, gradient).squareRoot(), 1e-12) : 1
            var next: (point: [Float], value: Double, gradient: [Float])?
            for _ in 0..<20 {
                let candidate = QuasiNewton.moved(point, direction, Float(rate))
                let result = function(candidate)
                evaluations += 1
                if result.value <= value + 1e-4 * rate * slope {
                    next = (candidate, result.value, result.gradient)
                    break
                }
                rate /= pairs.isEmpty ? 4 : 2
            }
            guard let next else { break }
            let step = QuasiNewton.moved(next.point, point, -1)
            let change = QuasiNewton.moved(next.gradient, gradient, -1)
            let curvature = QuasiNewton.dot(step, change)
            if curvature > 1e-10 {
                pairs.append(Pair(step: step, change: change, inverse: 1 / curvature))
                if pairs.count > memory { pairs.removeFirst() }
            }
            (point, value, gradient) = (next.point, next.value, next.gradient)
            history.append(value)
            if history.count > 10, history[history.count - 11] - value < tolerance * abs(value) { break }
        }
        return Outcome(point: point, value: value, evaluations: evaluations)
    }

    private func direction(_ gradient: [Float], _ pairs: [Pair]) -> [Float] {
        var result = gradient
        var shares = [Double](repeating: 0, count: pairs.count)
        for index in pairs.indices.reversed() {
            shares[index] = pairs[index].inverse * QuasiNewton.dot(pairs[index].step, result)
            QuasiNewton.add(pairs[index].change, Float(-shares[index]), to: &result)
        }
        var scale: Float = 1
        if let last = pairs.last {
            scale = Float(1 / (last.inverse * QuasiNewton.dot(last.change, last.change)))
        }
        for index in result.indices { result[index] *= scale }
        for index in pairs.indices {
            let share = pairs[index].inverse * QuasiNewton.dot(pairs[index].change, result)
            QuasiNewton.add(pairs[index].step, Float(shares[index] - share), to: &result)
        }
        for index in result.indices { result[index] = -result[index] }
        return result
    }

    package static func dot(_ left: [Float], _ right: [Float]) -> Double {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                var sums = SIMD4<Double>.zero
                var index = 0
                while index + 4 <= left.count {
                    sums += SIMD4(
                        Double(left[index]) * Double(right[index]),
                        Double(left[index + 1]) * Double(right[index + 1]),
                        Double(left[index + 2]) * Double(right[index + 2]),
                        Double(left[index + 3]) * Double(right[index + 3]))
                    index += 4
                }
                var rest = 0.0
                while index < left.count {
                    rest += Double(left[index]) * Double(right[index])
                    index += 1
                }
                return (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
            }
        }
    }

    private static func add(_ other: [Float], _ rate: Float, to result: inout [Float]) {
        result.withUnsafeMutableBufferPointer { result in
            other.withUnsafeBufferPointer { other in
                for index in result.indices { result[index] += rate * other[index] }
            }
        }
    }

    private static func moved(_ point: [Float], _ direction: [Float], _ rate: Float) -> [Float] {
        var result = point
        add(direction, rate, to: &result)
        return result
    }
}
