import TensorKernels

extension ShapeInference {
  /// The rule of `dropout`.
  ///
  /// - Parameters:
  ///   - x: any shape, f32.
  ///   - probability: in 0..<1.
  public static func dropout(
    _ x: TensorSpec, probability: Float
  ) throws(TensorError) -> TensorSpec {
    try x.require(.f32, op: "dropout", operand: "the operand")
    try require(
      probability >= 0 && probability < 1, .invalidValue, op: "dropout", [x.shape],
      "the probability must lie in 0..<1, got \(probability)")
    return x
  }
}

/// Zeroes elements at random and scales the others up, so that the expectation stays.
///
/// - Parameters:
///   - x: any shape, f32.
///   - probability: of an element becoming zero, in 0..<1.
///   - context: its generator decides, and is moved on by the element count whatever the
///     probability; kernels and memory.
/// - Returns: the result, and the mask (0 or `1/(1−p)`) that also multiplies the gradient.
public func dropout(
  _ x: Tensor, probability: Float, context: ComputeContext
) throws -> (output: Tensor, mask: Tensor) {
  let spec = try ShapeInference.dropout(x.spec, probability: probability)
  let mask = try Tensor.uninitialized(spec, account: context.memory)
  let count = spec.shape.elementCount
  let first = context.generator.takeBlocks(floatCount: count)
  tk_dropout_mask_f32(count, context.generator.key, first, probability, mask.floats)
  return (try multiply(x, mask, context: context), mask)
}
