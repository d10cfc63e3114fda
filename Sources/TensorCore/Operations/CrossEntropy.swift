import TensorKernels

extension ShapeInference {
  /// The rule of `crossEntropy`: logits `[rows, classes]`, targets `[rows]` → a single number.
  ///
  /// - Parameters:
  ///   - logits: `[rows, classes]`, f32.
  ///   - targets: `[rows]`, i64.
  ///   - weights: `[classes]`, f32, or nil.
  public static func crossEntropy(
    _ logits: TensorSpec, targets: TensorSpec, weights: TensorSpec?
  ) throws(TensorError) -> TensorSpec {
    let shapes = [logits.shape, targets.shape] + (weights.map { [$0.shape] } ?? [])
    try logits.require(.f32, op: "cross_entropy", operand: "logits")
    try targets.require(.i64, op: "cross_entropy", operand: "targets")
    try weights?.require(.f32, op: "cross_entropy", operand: "class weights")
    try require(
      logits.shape.rank == 2, op: "cross_entropy", shapes, "logits must be [rows, classes]")
    try require(
      logits.shape.elementCount > 0, op: "cross_entropy", shapes,
      "a mean needs at least one row and one class")
    try require(
      targets.shape.rank == 1 && targets.shape[0] == logits.shape[0], op: "cross_entropy", shapes,
      "targets must be [rows], one class a row of the logits")
    if let weights {
      try require(
        weights.shape.rank == 1 && weights.shape[0] == logits.shape[1], op: "cross_entropy",
        shapes, "class weights must be [classes]")
    }
    return TensorSpec(.f32, .scalar)
  }
}

/// The result of `crossEntropy(_:targets:weights:context:)`, with what its gradient needs.
public struct CrossEntropyResult: Sendable {
  /// The mean loss, a scalar.
  public let loss: Tensor
  /// Softmax of the logits, `[rows, classes]`.
  public let probabilities: Tensor
  /// The sum of the weights of all rows, by which the loss was divided.
  public let weightSum: Double
}

/// The mean negative log-likelihood of the targets under softmax of the logits.
///
/// With class weights it is the weighted mean, `Σ w[t]·loss / Σ w[t]`, as PyTorch takes it.
///
/// - Parameters:
///   - logits: `[rows, classes]`, f32, at least one row.
///   - targets: `[rows]`, i64, each in 0..<classes.
///   - weights: `[classes]`, f32, finite and not negative; nil weighs all alike.
///   - context: kernels and memory.
/// - Throws: `TensorError.Code.invalidValue` for a target that is no class, naming row and value,
///   and for weights that are negative, not finite, or all zero on the targets.
public func crossEntropy(
  _ logits: Tensor, targets: Tensor, weights: Tensor? = nil, context: ComputeContext
) throws -> CrossEntropyResult {
  let spec = try ShapeInference.crossEntropy(
    logits.spec, targets: targets.spec, weights: weights?.spec)
  let dense = try CrossEntropyOperands(logits, targets, weights, context)
  try dense.requireClasses(logits.shape)
  let probabilities = try Tensor.uninitialized(logits.spec, account: context.memory)
  let loss = try Tensor.uninitialized(spec, account: context.memory)
  var weightSum = 0.0
  let badRow = withExtendedLifetime(dense) {
    context.kernels.pointee.cross_entropy.forward_f32(
      logits.shape[0], logits.shape[1], dense.values.floats, dense.targetValues,
      dense.weightValues, probabilities.floats, &weightSum, loss.floats)
  }
  precondition(badRow < 0, "row \(badRow) was checked before")
  guard weightSum > 0 else {
    throw TensorError(
      .invalidValue, op: "cross_entropy", shapes: [logits.shape, targets.shape],
      rule: "the class weights of all targets are zero; a mean needs a positive sum")
  }
  return CrossEntropyResult(loss: loss, probabilities: probabilities, weightSum: weightSum)
}

/// The gradient of `crossEntropy(_:targets:weights:context:)` with respect to the logits.
///
/// - Parameters:
///   - probabilities: as `crossEntropy` returned them.
///   - weightSum: as `crossEntropy` returned it.
///   - targets: as given there.
///   - weights: as given there.
///   - lossGradient: the gradient of the loss, a scalar.
///   - context: kernels and memory.
/// - Returns: `[rows, classes]`: `(probabilities − one-hot targets) · w[t] / Σ w[t]`, scaled.
/// - Throws: `TensorError` for shapes or dtypes that do not fit each other.
public func crossEntropyGradient(
  probabilities: Tensor, weightSum: Double, targets: Tensor, weights: Tensor? = nil,
  lossGradient: Tensor, context: ComputeContext
) throws -> Tensor {
  _ = try ShapeInference.crossEntropy(
    probabilities.spec, targets: targets.spec, weights: weights?.spec)
  let shape = probabilities.shape
  let dense = try CrossEntropyOperands(probabilities, targets, weights, context)
  try dense.requireClasses(shape)
  let dx = try Tensor.uninitialized(probabilities.spec, account: context.memory)
  let scale: Float = try lossGradient.item()
  withExtendedLifetime(dense) {
    context.kernels.pointee.cross_entropy.backward_f32(
      shape[0], shape[1], dense.values.floats, dense.targetValues, dense.weightValues,
      weightSum, scale, dx.floats)
  }
  return dx
}

/// Dense operands with checked weights.
private struct CrossEntropyOperands {
  let values: Tensor
  let targets: Tensor
  let weights: Tensor?

  init(
    _ values: Tensor, _ targets: Tensor, _ weights: Tensor?, _ context: ComputeContext
  ) throws {
    self.values = try values.contiguous(account: context.memory)
    self.targets = try targets.contiguous(account: context.memory)
    self.weights = try weights?.contiguous(account: context.memory)
    try self.weights?.withElements(of: Float.self) { weights in
      for (index, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
        throw TensorError(
          .invalidValue, op: "cross_entropy", shapes: [values.shape],
          rule: "the weight of class \(index) is \(weight); it must be finite and not negative")
      }
    }
  }

  /// Foreign memory may change between forward and backward, so both check.
  func requireClasses(_ shape: Shape) throws {
    try targets.withElements(of: Int64.self) { targets in
      guard let row = targets.firstIndex(where: { $0 < 0 || $0 >= Int64(shape[1]) }) else { return }
      throw TensorError(
        .invalidValue, op: "cross_entropy", shapes: [shape, self.targets.shape],
        rule: "target \(targets[row]) in row \(row) is no class; classes are 0..<\(shape[1])")
    }
  }

  var targetValues: UnsafePointer<Int64> {
    UnsafePointer(targets.start.assumingMemoryBound(to: Int64.self))
  }

  var weightValues: UnsafePointer<Float>? { (weights?.floats).map { UnsafePointer($0) } }
}
