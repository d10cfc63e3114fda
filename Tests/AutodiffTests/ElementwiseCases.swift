import Autodiff
import Glibc
import TensorCore

/// Cases of operations on single numbers and pairs.
enum ElementwiseCases {
  static func all(seed: UInt64) throws -> [GradientCase] {
    var source = NumberSource(seed: seed)
    return try unary(&source) + binary(&source) + chosen(&source)
  }

  private typealias Formula = @Sendable (Double) -> Double

  private static func unary(_ source: inout NumberSource) -> [GradientCase] {
    let positive: Set = ["log/1", "sqrt/1", "rsqrt/1"]
    let rows: [(String, OpAttributes, Formula)] = [
      ("neg/1", .none, { -$0 }),
      ("abs/1", .none, { Swift.abs($0) }),
      ("exp/1", .none, { Glibc.exp($0) }),
      ("log/1", .none, { Glibc.log($0) }),
      ("sqrt/1", .none, { $0.squareRoot() }),
      ("rsqrt/1", .none, { 1 / $0.squareRoot() }),
      ("sin/1", .none, { Glibc.sin($0) }),
      ("cos/1", .none, { Glibc.cos($0) }),
      ("tanh/1", .none, { Glibc.tanh($0) }),
      ("erf/1", .none, { Glibc.erf($0) }),
      ("sigmoid/1", .none, { 1 / (1 + Glibc.exp(-$0)) }),
      ("relu/1", .none, { max($0, 0) }),
      ("silu/1", .none, { $0 / (1 + Glibc.exp(-$0)) }),
      ("scale/1", .scale(-2.5), { -2.5 * $0 }),
      ("scale/1", .none, { $0 }),
      ("leaky_relu/1", .none, { $0 > 0 ? $0 : 0.01 * $0 }),
      ("leaky_relu/1", .slope(alpha: 0.25), { $0 > 0 ? $0 : 0.25 * $0 }),
      ("elu/1", .none, { $0 > 0 ? $0 : Glibc.exp($0) - 1 }),
      ("elu/1", .slope(alpha: 0.75), { $0 > 0 ? $0 : 0.75 * (Glibc.exp($0) - 1) }),
      ("gelu/1", .none, { $0 * (1 + Glibc.erf($0 / 2.0.squareRoot())) / 2 }),
      (
        "gelu/1", .gelu(approximate: true),
        { x in
          let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
          return x * (1 + Glibc.tanh(inner)) / 2
        }
      ),
    ]
    return rows.flatMap { op, attributes, formula in
      [source.lengths(2), source.lengths(3), []].map { shape in
        GradientCase(
          op: op, note: "\(attributes.kind) \(shape)", attributes: attributes,
          inputs: [source.variable(shape, positive: positive.contains(op))],
          formula: { $0[0].map(formula) })
      }
    }
  }

  /// Shapes that broadcast to each other, in every way.
  static func pairs(_ source: inout NumberSource) -> [([Int], [Int])] {
    let (a, b, c) = (source.length(2...4), source.length(2...4), source.length(2...4))
    return [
      ([a, b], [a, b]), ([a, b], [b]), ([b], [a, b]), ([a, 1], [1, b]), ([a, 1, c], [b, 1]),
      ([a, b, c], [a, 1, c]), ([], [a, b]), ([a, b], [1]), ([1, 1], [b]),
    ]
  }

  private static func binary(_ source: inout NumberSource) -> [GradientCase] {
    let rows: [(String, @Sendable (Double, Double) -> Double)] = [
      ("add/1", { $0 + $1 }), ("sub/1", { $0 - $1 }), ("mul/1", { $0 * $1 }),
      ("div/1", { $0 / $1 }), ("pow/1", { Glibc.pow($0, $1) }),
      ("maximum/1", { max($0, $1) }), ("minimum/1", { min($0, $1) }),
    ]
    return rows.flatMap { op, element in
      let formula: GradientCase.Formula = { x in zip(x[0], x[1]).map { element($0, $1) } }
      return pairs(&source).map { first, second in
        GradientCase(
          op: op, note: "\(first) \(second)",
          inputs: [
            source.variable(first, positive: op == "pow/1"), source.variable(second),
          ],
          formula: first == second ? formula : nil)
      }
    }
  }

  private static func chosen(_ source: inout NumberSource) throws -> [GradientCase] {
    var cases: [GradientCase] = []
    for (first, second) in pairs(&source) {
      let shape = try Shape(first).broadcast(with: Shape(second), op: "test").dimensions
      let flags = source.indices(shape, below: 2).map { UInt8($0) }
      let mask = try cast(
        Tensor(flags, shape), to: .bool, context: ComputeContext())
      cases.append(
        GradientCase(
          op: "where/1", note: "\(first) \(second)",
          inputs: [.constant(mask), source.variable(first), source.variable(second)]))
    }
    let x = source.variable(source.lengths(2))
    cases.append(
      GradientCase(op: "cast/1", attributes: .cast(.f64), inputs: [x], formula: { $0[0] }))
    cases.append(
      GradientCase(
        op: "dropout/1", attributes: .dropout(0.4), inputs: [source.variable(source.lengths(3))]))
    return cases
  }
}
