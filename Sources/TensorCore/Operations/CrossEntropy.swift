import TensorKernels

extension ShapeInference {
  /// The rule of `crossEntropy`: logits `[rows, classes]`, targets `[rows]` → a single number.
  ///
  /// - Parameters:
  ///   - logits: `[rows, classes]`, f32 or f64.
  ///   - targets: `[rows]`, i64.
  ///   - weights: `[classes]`, the element type of the logits, or nil.
  public static func crossEntropy(
    _ logits: TensorSpec, targets: TensorSpec, weights: TensorSpec?
  ) throws(TensorError) -> TensorSpec {
    let shapes = [logits.shape, targets.shape] + (weights.map { [$0.shape] } ?? [])
    try logits.requireReal(op: "cross_entropy", operand: "logits")
    try targets.require(.i64, op: "cross_entropy", operand: "targets")
    try weights?.require(logits.dtype, op: "cross_entropy", operand: "class weights")
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
    return TensorSpec(logits.dtype, .scalar)
  }
}

/// The result of `crossEntropy`, with what its gradient needs.
public struct CrossEntropyResult: Sendable {
  /// The mean loss, a scalar.
  public let loss: Tensor
  /// Softmax of the logits, `[rows, classes]`; nil where it was not asked for.
  public let probabilities: Tensor?
  /// The sum of the weights of all rows, by which the loss was divided.
  public let weightSum: Double
}

/// The mean negative log-likelihood of the targets under softmax of the logits.
///
/// With class weights it is the weighted mean, `Σ w[t]·loss / Σ w[t]`, as PyTorch takes it.
///
/// - Parameters:
///   - logits: `[rows, classes]`, f32 or f64, at least one row.
///   - targets: `[rows]`, i64, each in 0..<classes.
///   - weights: `[classes]`, finite and not negative; nil weighs all alike.
///   - keepsProbabilities: whether the gradient will be asked for.
///   - context: kernels and memory.
/// - Throws: `TensorError.Code.invalidValue` for a target that is no class, naming row and value,
///   and for weights that are negative, not finite, or all zero on the targets.
public func crossEntropy(
  _ logits: Tensor, targets: Tensor, weights: Tensor? = nil, keepsProbabilities: Bool = true,
  context: ComputeContext
) throws(TensorError) -> CrossEntropyResult {
  let spec = try ShapeInference.crossEntropy(
    logits.spec, targets: targets.spec, weights: weights?.spec)
  let operands = try CrossEntropyOperands(logits, targets, weights, context)
  let probabilities =
    keepsProbabilities ? try Tensor.uninitialized(logits.spec, account: context.memory) : nil
  var (weightSum, loss) = (0.0, 0.0)
  let kernel = context.real(logits.dtype).pointee.cross_entropy.forward
  let badRow = withExtendedLifetime(operands) {
    kernel?(
      logits.shape[0], logits.shape[1], operands.values.start, operands.targets.longs,
      operands.weights?.start, probabilities?.start, &weightSum, &loss) ?? -1
  }
  try operands.requireClass(row: Int(badRow))
  guard weightSum > 0 else {
    throw TensorError(
      .invalidValue, op: "cross_entropy", shapes: [logits.shape, targets.shape],
      rule: "the class weights of all targets are zero; a mean needs a positive sum")
  }
  return CrossEntropyResult(
    loss: try scalar(loss, spec.dtype, context), probabilities: probabilities,
    weightSum: weightSum)
}

/// The gradient of `crossEntropy` with respect to the logits.
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
) throws(TensorError) -> Tensor {
  _ = try ShapeInference.crossEntropy(
    probabilities.spec, targets: targets.spec, weights: weights?.spec)
  let shape = probabilities.shape
  let operands = try CrossEntropyOperands(probabilities, targets, weights, context)
  // Foreign memory may change between forward and backward, so both check.
  try operands.requireClasses()
  let dx = try Tensor.uninitialized(probabilities.spec, account: context.memory)
  let scale = try lossGradient.realItem()
  let kernel = context.real(probabilities.dtype).pointee.cross_entropy.backward
  withExtendedLifetime(operands) {
    kernel?(
      shape[0], shape[1], operands.values.start, operands.targets.longs, operands.weights?.start,
      weightSum, scale, dx.start)
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
  ) throws(TensorError) {
    self.values = try values.contiguous(account: context.memory)
    self.targets = try targets.contiguous(account: context.memory)
    self.weights = try weights?.contiguous(account: context.memory)
    guard let weights = try weights.map({ x throws(TensorError) in try x.reals() }) else { return }
    for (index, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
      throw TensorError(
        .invalidValue, op: "cross_entropy", shapes: [values.shape],
        rule: "the weight of class \(index) is \(weight); it must be finite and not negative")
    }
  }

  func requireClasses() throws(TensorError) {
    let row = tk_check_indices(
      targets.shape.elementCount, targets.longs, Int64(values.shape[1]))
    try requireClass(row: Int(row))
  }

  /// Throws for a row that a kernel found; below 0 it found none.
  func requireClass(row: Int) throws(TensorError) {
    guard row >= 0 else { return }
    throw TensorError(
      .invalidValue, op: "cross_entropy", shapes: [values.shape, targets.shape],
      rule: "target \(targets.longs[row]) in row \(row) is no class; "
        + "classes are 0..<\(values.shape[1])")
  }
}

extension Tensor {
  /// The elements of an f32 or f64 tensor as f64.
  func reals() throws(TensorError) -> [Double] {
    let dense = try contiguous()
    let start = dense.start
    return withExtendedLifetime(dense) {
      (0..<shape.elementCount).map { index in
        dtype == .f64
          ? start.load(fromByteOffset: index * 8, as: Double.self)
          : Double(start.load(fromByteOffset: index * 4, as: Float.self))
      }
    }
  }

  /// The only element of an f32 or f64 tensor that has one.
  public func realItem() throws(TensorError) -> Double {
    try spec.requireReal(op: "item", operand: "the tensor")
    try ShapeInference.require(
      shape.elementCount == 1, op: "item", [shape],
      "has \(shape.elementCount) elements where one is needed")
    return dtype == .f64 ? start.load(as: Double.self) : Double(start.load(as: Float.self))
  }
}
