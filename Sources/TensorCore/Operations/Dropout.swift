import TensorKernels

extension ShapeInference {
  /// The rule of `dropout`.
  ///
  /// - Parameters:
  ///   - x: any shape, f32 or f64.
  ///   - probability: in 0..<1.
  public static func dropout(
    _ x: TensorSpec, probability: Double
  ) throws(TensorError) -> TensorSpec {
    try x.requireReal(op: "dropout", operand: "the operand")
    try require(
      probability >= 0 && Float(probability) < 1, .invalidValue, op: "dropout", [x.shape],
      "the probability must lie in 0..<1, got \(probability)")
    return x
  }
}

/// Zeroes elements at random and scales the others up, so that the expectation stays.
///
/// - Parameters:
///   - x: any shape, f32 or f64.
///   - probability: of an element becoming zero, in 0..<1.
///   - context: its generator decides, and is moved on by the element count whatever the
///     probability; kernels and memory.
/// - Returns: the result, and the mask (0 or `1/(1−p)`) that also multiplies the gradient.
public func dropout(
  _ x: Tensor, probability: Double, context: ComputeContext
) throws(TensorError) -> (output: Tensor, mask: Tensor) {
  let spec = try ShapeInference.dropout(x.spec, probability: probability)
  let bits = try Tensor.uninitialized(TensorSpec(.f32, spec.shape), account: context.memory)
  let count = spec.shape.elementCount
  let first = context.generator.takeBlocks(floatCount: count)
  tk_dropout_mask_f32(count, context.generator.key, first, Float(probability), bits.floats)
  let mask = try cast(bits, to: spec.dtype, context: context)
  return (try elementwise(.multiply, x, mask, context: context), mask)
}
