import Autodiff
import TensorCore
import Testing

/// One operation at one shape, with its formula in f64 to differentiate numerically.
struct GradientCase: Sendable, CustomTestStringConvertible {
  enum Input: Sendable {
    /// Gets a gradient: shape and elements.
    case variable([Int], [Double])
    /// Gets none: any tensor.
    case constant(Tensor)
  }

  let op: String
  var note = ""
  var attributes = OpAttributes.none
  let inputs: [Input]
  /// The outputs' elements from the variables' elements, in f64.
  let formula: @Sendable ([[Double]]) -> [Double]

  var testDescription: String { note.isEmpty ? op : "\(op) \(note)" }

  var variables: [[Double]] {
    inputs.compactMap { if case .variable(_, let values) = $0 { values } else { nil } }
  }

  /// Compares values and gradients of the operation with its formula, by central differences.
  func check() throws {
    let context = try ComputeContext(seed: 11)
    let registry = OpRegistry.standard
    let tape = Tape()
    var tensors: [Tensor] = []
    var watched: [Tensor] = []
    for input in inputs {
      switch input {
      case .constant(let tensor): tensors.append(tensor)
      case .variable(let shape, let values):
        let tensor = try Tensor(values.map(Float.init), shape)
        try tape.watch(tensor)
        tensors.append(tensor)
        watched.append(tensor)
      }
    }
    let definition = try registry.find(op)
    let y = try definition.run(tensors, attributes: attributes, context: context, tape: tape)[0]
    let inferred = try definition.inferOutputs(tensors.map(\.spec), attributes: attributes)
    #expect(inferred == [y.spec], "inference and result of \(testDescription)")
    expectClose(try y.elements(), formula(variables), "\(testDescription) value")

    // Any weights will do, if they are not all alike: softmax would have no gradient then.
    let weights = try Tensor.uniform(y.shape.dimensions, in: -1..<1, context: context)
    let product = try registry.run("mul/1", [y, weights], context: context, tape: tape)
    let loss = try registry.run("sum/1", product, context: context, tape: tape)[0]
    let gradients = try tape.gradient(of: loss, withRespectTo: watched, context: context)

    let outer = try weights.elements(as: Float.self).map(Double.init)
    func lossOf(_ values: [[Double]]) -> Double {
      zip(formula(values), outer).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for (index, gradient) in gradients.enumerated() {
      #expect(gradient.spec == watched[index].spec)
      // f32 rounds the inputs, so the differences are taken around the rounded values.
      let base = try watched.map { try $0.elements(as: Float.self).map(Double.init) }
      let step = 1e-5
      let numeric = base[index].indices.map { position in
        var (low, high) = (base, base)
        low[index][position] -= step
        high[index][position] += step
        return (lossOf(high) - lossOf(low)) / (2 * step)
      }
      expectClose(
        try gradient.elements(), numeric, "\(testDescription) gradient of variable \(index)")
    }
  }
}

/// Records an issue at the first position where numbers differ by more than f32 explains.
func expectClose(
  _ actual: [Float], _ expected: [Double], tolerance: Double = 2e-5, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record("\(what): \(actual.count) numbers for \(expected.count)")
    return
  }
  for (index, (a, e)) in zip(actual, expected).enumerated()
  where !(abs(Double(a) - e) <= tolerance * max(1, abs(e))) {
    Issue.record("\(what)[\(index)] is \(a), expected \(e)", sourceLocation: sourceLocation)
    return
  }
}
