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

  static func logSoftmax(_ x: [Double], columns: Int) -> [Double] {
    var y: [Double] = []
    for start in stride(from: 0, to: x.count, by: columns) {
      let row = x[start..<start + columns]
      let logSum = log(row.reduce(0) { $0 + exp($1) })
      y += row.map { $0 - logSum }
    }
    return y
  }

  static func crossEntropy(
    _ x: [Double], columns: Int, targets: [Int], weights: [Double]?
  ) -> [Double] {
    let y = logSoftmax(x, columns: columns)
    var (loss, total) = (0.0, 0.0)
    for (row, target) in targets.enumerated() {
      let weight = weights?[target] ?? 1
      loss -= weight * y[row * columns + target]
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
