import Autodiff
import TensorCore

/// Cases of operations that make few numbers of many, and of those that keep rows in proportion.
enum ReductionCases {
  static func all(seed: UInt64) -> [GradientCase] {
    var source = NumberSource(seed: seed)
    return reductions(&source) + norms(&source) + softmaxes(&source) + normalizations(&source)
  }

  private static let choices: [ReductionAxes] = [
    .init(), .init(keepAxes: true), .init([0]), .init([-1]), .init([0, 2], keepAxes: true),
    .init([1]), .init([-2, -1]), .init([]), .init([2], keepAxes: true),
  ]

  private static func reductions(_ source: inout NumberSource) -> [GradientCase] {
    var cases: [GradientCase] = []
    for op in ["sum/1", "mean/1", "variance/1", "logsumexp/1", "max/1", "min/1"] {
      for axes in choices {
        for shape in [source.lengths(3, 2...4), [source.length(), 1, source.length()]] {
          let formula: GradientCase.Formula = { [total(op, $0[0])] }
          cases.append(
            GradientCase(
              op: op, note: "\(shape) \(axes)", attributes: .reduce(axes, correction: 0),
              inputs: [source.variable(shape)], formula: axes == .init() ? formula : nil))
        }
      }
    }
    let shape = source.lengths(2, 2...4)
    cases.append(
      GradientCase(
        op: "variance/1", note: "corrected \(shape)",
        attributes: .reduce(.init([0]), correction: 1), inputs: [source.variable(shape)]))
    return cases
  }

  private static func total(_ op: String, _ x: [Double]) -> Double {
    let mean = x.reduce(0, +) / Double(x.count)
    return switch op {
    case "sum/1": x.reduce(0, +)
    case "mean/1": mean
    case "variance/1": x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    case "logsumexp/1": GradientFormulas.logSum(x[...])
    case "max/1": x.max() ?? .nan
    default: x.min() ?? .nan
    }
  }

  private static func norms(_ source: inout NumberSource) -> [GradientCase] {
    let overAxes = choices.map { axes in
      GradientCase(
        op: "norm/1", note: "\(axes)", attributes: .reduce(axes, correction: 0),
        inputs: [source.variable(source.lengths(3))])
    }
    let parts = (0..<3).map { source.variable(source.lengths($0)) }
    let together = GradientCase(op: "norm/1", note: "of three", inputs: parts) {
      [$0.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()]
    }
    return overAxes + [together]
  }

  private static func softmaxes(_ source: inout NumberSource) -> [GradientCase] {
    var cases: [GradientCase] = []
    for op in ["softmax/1", "log_softmax/1"] {
      for axis in [-1, 0, 1, -3] {
        cases.append(
          GradientCase(
            op: op, note: "axis \(axis)", attributes: .axis(axis, keeps: false),
            inputs: [source.variable(source.lengths(3))]))
      }
      let (rows, columns) = (source.length(), source.length(5...40))
      cases.append(
        GradientCase(
          op: op, note: "\(rows)x\(columns)", inputs: [source.variable([rows, columns])]
        ) {
          let y = GradientFormulas.logSoftmax($0[0], columns: columns)
          return op == "softmax/1" ? y.map { GradientFormulas.exponential($0) } : y
        })
    }
    let (members, rows, columns) = (source.length(), source.length(), source.length(2...5))
    cases.append(
      GradientCase(
        op: "log_pool/1", note: "\(members)x\(rows)x\(columns)",
        inputs: [source.variable([members, rows, columns]), source.variable([members])],
        formula: { GradientFormulas.logPool($0[0], weights: $0[1], columns: columns) }))
    return cases + crossEntropies(&source)
  }

  private static func crossEntropies(_ source: inout NumberSource) -> [GradientCase] {
    let (rows, columns) = (source.length(), source.length(2...5))
    let x = source.variable([rows, columns])
    let targets = source.indices([rows], below: columns)
    guard let tensor = try? Tensor(targets) else { return [] }
    let weights = (0..<columns).map { Double($0) + 0.5 }
    let plain = GradientCase(op: "cross_entropy/1", inputs: [x, .constant(tensor)]) {
      GradientFormulas.crossEntropy($0[0], columns: columns, targets: targets, weights: nil)
    }
    let weighted = GradientCase(
      op: "cross_entropy/1", note: "weighted",
      inputs: [x, .constant(tensor), .fixed([columns], weights)],
      formula: {
        GradientFormulas.crossEntropy($0[0], columns: columns, targets: targets, weights: weights)
      })
    return [plain, weighted]
  }

  private static func normalizations(_ source: inout NumberSource) -> [GradientCase] {
    var cases: [GradientCase] = []
    for (op, counts) in [("layer_norm/1", 0...2), ("rms_norm/1", 0...1)] {
      for count in counts {
        for leading in [[], source.lengths(1), source.lengths(2)] {
          let columns = source.length(2...6)
          let formula: GradientCase.Formula = {
            GradientFormulas.normalized(
              $0[0], columns: columns, centred: op == "layer_norm/1", epsilon: 1e-5)
          }
          let more = (0..<count).map { _ in source.variable([columns]) }
          cases.append(
            GradientCase(
              op: op, note: "\(leading + [columns]) and \(count) more",
              attributes: count == 0 ? .none : .norm(epsilon: 1e-3),
              inputs: [source.variable(leading + [columns])] + more,
              formula: count == 0 ? formula : nil))
        }
      }
    }
    return cases
  }
}
