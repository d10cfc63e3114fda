import TensorKernels

extension ShapeInference {
  /// The rule of `logPool`: `[members, rows, columns]` and `[members]` → `[rows, columns]`.
  ///
  /// - Parameters:
  ///   - x: log-probabilities of the members, f32 or f64.
  ///   - weights: one a member, the same element type.
  public static func logPool(
    _ x: TensorSpec, weights: TensorSpec
  ) throws(TensorError) -> TensorSpec {
    let shapes = [x.shape, weights.shape]
    try x.requireReal(op: "log_pool", operand: "the members")
    try weights.requireSame(x, op: "log_pool")
    try require(
      x.shape.rank == 3 && x.shape[0] > 0, op: "log_pool", shapes,
      "members must be [members, rows, columns], at least one of them")
    try require(
      weights.shape.rank == 1 && weights.shape[0] == x.shape[0], op: "log_pool", shapes,
      "weights must be [members]")
    return TensorSpec(x.dtype, try Shape([x.shape[1], x.shape[2]], op: "log_pool"))
  }
}

/// Weighted log-linear pooling: `log softmax Σ w_m · x_m`, along the innermost axis.
///
/// - Parameters:
///   - x: `[members, rows, columns]`, log-probabilities, f32 or f64.
///   - weights: `[members]`; a weight of 0 leaves its member out, also where it says -∞.
///   - context: kernels, memory.
/// - Returns: `[rows, columns]`, log-probabilities.
///
/// Source: Genest and Zidek, "Combining probability distributions", 1986.
public func logPool(
  _ x: Tensor, weights: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.logPool(x.spec, weights: weights.spec)
  let x = try x.contiguous(account: context.memory)
  let weights = try weights.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  if spec.shape.elementCount == 0 { return y }
  withExtendedLifetime((x, weights)) {
    context.real(spec.dtype).pointee.softmax.log_pool?(
      x.shape[0], x.shape[1], x.shape[2], x.start, weights.start, y.start)
  }
  return y
}
