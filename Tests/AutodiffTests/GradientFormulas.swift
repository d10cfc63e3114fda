import Glibc

/// The operations' formulas in f64, each on flat row-major arrays: a second implementation.
enum GradientFormulas {
  static func matmul(
    _ a: [Double], _ b: [Double], m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool
  ) -> [Double] {
    var y = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        for p in 0..<k {
          let left = transposeA ? a[p * m + i] : a[i * k + p]
          let right = transposeB ? b[j * k + p] : b[p * n + j]
          y[i * n + j] += left * right
        }
      }
    }
    return y
  }

  static func exponential(_ x: Double) -> Double { exp(x) }

  static func logSum(_ x: ArraySlice<Double>) -> Double { log(x.reduce(0) { $0 + exp($1) }) }

  static func logSoftmax(_ x: [Double], columns: Int) -> [Double] {
    var y: [Double] = []
    for start in stride(from: 0, to: x.count, by: columns) {
      let row = x[start..<start + columns]
      let total = logSum(row)
      y += row.map { $0 - total }
    }
    return y
  }

  static func logPool(_ x: [Double], weights: [Double], columns: Int) -> [Double] {
    let count = x.count / weights.count
    let sums = (0..<count).map { position in
      weights.indices.reduce(0) { $0 + weights[$1] * x[$1 * count + position] }
    }
    return logSoftmax(sums, columns: columns)
  }

  static func normalized(
    _ x: [Double], columns: Int, centred: Bool, epsilon: Double
  ) -> [Double] {
    var y: [Double] = []
    for start in stride(from: 0, to: x.count, by: columns) {
      let row = x[start..<start + columns]
      let mean = centred ? row.reduce(0, +) / Double(columns) : 0
      let square = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      y += row.map { ($0 - mean) / (square + epsilon).squareRoot() }
    }
    return y
  }

  static func crossEntropy(
    _ x: [Double], columns: Int, targets: [Int64], weights: [Double]?
  ) -> [Double] {
    let y = logSoftmax(x, columns: columns)
    var (loss, total) = (0.0, 0.0)
    for (row, target) in targets.enumerated() {
      let weight = weights?[Int(target)] ?? 1
      loss -= weight * y[row * columns + Int(target)]
      total += weight
    }
    return [loss / total]
  }

  static func embeddingBag(
    _ table: [Double], width: Int, indices: [Int32], offsets: [Int32], weights: [Double]
  ) -> [Double] {
    var y = [Double](repeating: 0, count: (offsets.count - 1) * width)
    for row in 0..<offsets.count - 1 {
      for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
        for c in 0..<width {
          y[row * width + c] += weights[entry] * table[Int(indices[entry]) * width + c]
        }
      }
    }
    return y
  }
}
