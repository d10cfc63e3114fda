import Autodiff
import TensorCore

/// Cases of products of matrices.
enum MatrixCases {
  static func all(seed: UInt64) -> [GradientCase] {
    var source = NumberSource(seed: seed)
    return products(&source) + layers(&source)
  }

  private static func products(_ source: inout NumberSource) -> [GradientCase] {
    var cases: [GradientCase] = []
    for flags in 0..<4 {
      let (tA, tB) = (flags % 2 == 1, flags / 2 == 1)
      let (m, n, k) = (source.length(1...6), source.length(1...6), source.length(1...6))
      let (p, q) = (source.length(2...3), source.length(2...3))
      let (a, b) = (tA ? [k, m] : [m, k], tB ? [n, k] : [k, n])
      let batches: [([Int], [Int])] = [
        ([], []), ([p], [p]), ([p, q], []), ([], [p]), ([p, 1], [q]), ([1, q], [p, 1]),
      ]
      let formula: GradientCase.Formula = {
        GradientFormulas.matmul($0[0], $0[1], m: m, n: n, k: k, transposeA: tA, transposeB: tB)
      }
      for (left, right) in batches {
        cases.append(
          GradientCase(
            op: "matmul/1", note: "\(left + a) \(tA), \(right + b) \(tB)",
            attributes: .matmul(transposeA: tA, transposeB: tB),
            inputs: [source.variable(left + a), source.variable(right + b)],
            formula: left.isEmpty && right.isEmpty ? formula : nil))
      }
    }
    return cases
  }

  private static func layers(_ source: inout NumberSource) -> [GradientCase] {
    var cases: [GradientCase] = []
    for activation in Activation.allCases {
      for transposeW in [false, true] {
        for (leading, hasBias) in [
          ([], true), (source.lengths(1), false), (source.lengths(2), true),
        ] {
          let (k, n) = (source.length(1...5), source.length(1...5))
          let operands = [
            source.variable(leading + [k]), source.variable(transposeW ? [n, k] : [k, n]),
          ]
          cases.append(
            GradientCase(
              op: "linear/1", note: "\(activation) \(leading + [k]) \(n) \(transposeW) \(hasBias)",
              attributes: .linear(activation: activation, transposeW: transposeW),
              inputs: operands + (hasBias ? [source.variable([n])] : [])))
        }
      }
    }
    return cases
  }
}
