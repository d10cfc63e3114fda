import Autodiff
import TensorCore
import Testing

/// One operation at some shapes, whose gradient is checked against central differences of the
/// operation itself, run in f64.
struct GradientCase: Sendable, CustomTestStringConvertible {
  enum Input: Sendable {
    /// Gets a gradient: shape and elements, which f32 can hold.
    case variable([Int], [Double])
    /// Gets none, but has the element type that is checked.
    case fixed([Int], [Double])
    /// Gets none: any tensor.
    case constant(Tensor)
  }

  /// The first output's elements from the variables' elements.
  typealias Formula = @Sendable ([[Double]]) -> [Double]

  let op: String
  var note = ""
  var attributes = OpAttributes.none
  let inputs: [Input]
  /// A second implementation.
  var formula: Formula?

  var testDescription: String { note.isEmpty ? op : "\(op) \(note)" }

  /// One way of running the case.
  struct Run {
    let outputs: [Tensor]
    let gradients: [Tensor]
  }

  private static let seed: UInt64 = 11

  func check() throws {
    let context = try ComputeContext()
    let exact = try run(.f64, context)
    let definition = try OpRegistry.standard.find(op)
    let specs = try tensors(.f64, variables).map(\.spec)
    let inferred = try definition.inferOutputs(specs, attributes: attributes)
    #expect(inferred == exact.outputs.map(\.spec), "inference and result of \(testDescription)")
    #expect(definition.outputCount(for: attributes) == exact.outputs.count)
    if let formula {
      expectClose(
        try exact.outputs[0].reals(), formula(variables), tolerance: 1e-12,
        "\(testDescription) value and formula")
    }
    try checkDifferences(exact, context)

    // Single precision rounds, strided operands take other ways through memory: same numbers.
    for (name, other, tolerance) in [
      ("f32", try run(.f32, context), 3e-5),
      ("strided", try run(.f64, strided: true, context), 1e-12),
    ] {
      for (index, output) in other.outputs.enumerated() {
        expectClose(
          try output.reals(), try exact.outputs[index].reals(), tolerance: tolerance,
          "\(testDescription) \(name) output \(index)")
      }
      for (index, gradient) in other.gradients.enumerated() {
        expectClose(
          try gradient.reals(), try exact.gradients[index].reals(), tolerance: tolerance,
          "\(testDescription) \(name) gradient of variable \(index)")
      }
    }
  }

  private func checkDifferences(_ exact: Run, _ context: ComputeContext) throws {
    let step = 1e-6
    for (index, gradient) in exact.gradients.enumerated() {
      let numeric = try variables[index].indices.map { position in
        var (low, high) = (variables, variables)
        low[index][position] -= step
        high[index][position] += step
        return (try loss(high, context) - loss(low, context)) / (2 * step)
      }
      expectClose(
        try gradient.reals(), numeric, tolerance: 1e-6,
        "\(testDescription) gradient of variable \(index)")
    }
  }

  private var variables: [[Double]] {
    inputs.compactMap { if case .variable(_, let values) = $0 { values } else { nil } }
  }

  private func run(
    _ dtype: DType, strided: Bool = false, _ context: ComputeContext
  ) throws -> Run {
    let tape = Tape()
    let registry = OpRegistry.standard
    let operands = try tensors(dtype, variables, strided: strided)
    let watched = zip(inputs, operands).compactMap { input, tensor in
      if case .variable = input { tensor } else { nil }
    }
    for tensor in watched { try tape.watch(tensor) }
    context.generator = PhiloxGenerator(seed: Self.seed)
    let outputs = try registry.run(
      op, operands, attributes: attributes, context: context, tape: tape)
    // Any weights will do, if they are not all alike: softmax would have no gradient then.
    var total: Tensor?
    for (output, values) in zip(outputs, weights(outputs)) where output.dtype.isFloatingPoint {
      let outer = try Tensor.of(values, output.shape.dimensions, output.dtype)
      let product = try registry.run("mul/1", [output, outer], context: context, tape: tape)
      let part = try registry.run("sum/1", product, context: context, tape: tape)[0]
      total =
        try total.map {
          try registry.run("add/1", [$0, part], context: context, tape: tape)[0]
        } ?? part
    }
    let loss = try #require(total)
    let gradients = try tape.gradient(of: loss, withRespectTo: watched, context: context)
    #expect(gradients.map(\.spec) == watched.map(\.spec))
    return Run(outputs: outputs, gradients: gradients)
  }

  /// The loss of `run`, without a tape.
  private func loss(_ variables: [[Double]], _ context: ComputeContext) throws -> Double {
    context.generator = PhiloxGenerator(seed: Self.seed)
    let outputs = try OpRegistry.standard.run(
      op, tensors(.f64, variables), attributes: attributes, context: context)
    var total = 0.0
    for (output, values) in zip(outputs, weights(outputs)) where output.dtype.isFloatingPoint {
      for (y, weight) in zip(try output.reals(), values) { total += y * weight }
    }
    return total
  }

  private func weights(_ outputs: [Tensor]) -> [[Double]] {
    var source = NumberSource(seed: Self.seed)
    return outputs.map { source.numbers($0.shape.elementCount) }
  }

  private func tensors(
    _ dtype: DType, _ variables: [[Double]], strided: Bool = false
  ) throws -> [Tensor] {
    var next = variables.makeIterator()
    return try inputs.map { input in
      switch input {
      case .constant(let tensor): tensor
      case .fixed(let shape, let values): try .of(values, shape, dtype)
      case .variable(let shape, _):
        strided
          ? try .strided(next.next() ?? [], shape, dtype) : try .of(next.next() ?? [], shape, dtype)
      }
    }
  }
}

extension Tensor {
  /// Numbers as a tensor of f32 or f64.
  static func of(_ values: [Double], _ shape: [Int], _ dtype: DType) throws -> Tensor {
    dtype == .f64 ? try Tensor(values, shape) : try Tensor(values.map { Float($0) }, shape)
  }

  /// The same tensor as a view that steps through its memory in another order.
  static func strided(_ values: [Double], _ shape: [Int], _ dtype: DType) throws -> Tensor {
    let dense = try of(values, shape, dtype)
    if shape.count == 1 {
      let spread = values.flatMap { [$0, .nan] }
      return try of(spread, [spread.count], dtype).sliced([SliceRange(step: 2)])
    }
    return try transpose(dense, context: ComputeContext()).transposed()
  }

  /// The elements of an f32, f64, i64 or bool tensor.
  func reals() throws -> [Double] {
    switch dtype {
    case .f64: try elements(as: Double.self)
    case .i64: try elements(as: Int64.self).map { Double($0) }
    case .bool: try elements(as: UInt8.self).map { Double($0) }
    default: try elements(as: Float.self).map { Double($0) }
    }
  }
}

/// Records an issue at the first position where numbers differ.
func expectClose<Number: BinaryFloatingPoint>(
  _ actual: [Number], _ expected: [Double], tolerance: Double = 2e-5, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(what): \(actual.count) numbers for \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, (a, e)) in zip(actual, expected).enumerated()
  where !(abs(Double(a) - e) <= tolerance * max(1, abs(e))) {
    Issue.record("\(what)[\(index)] is \(a), expected \(e)", sourceLocation: sourceLocation)
    return
  }
}
