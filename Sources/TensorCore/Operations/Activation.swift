import TensorKernels

/// The larger of each element and 0; NaN stays NaN.
///
/// - Parameters:
///   - x: any shape, f32.
///   - context: kernels and memory.
/// - Returns: the shape of `x`.
public func relu(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  try unary(x, op: "relu", context: context, kernel: context.kernels.pointee.elementwise.relu_f32)
}

/// The gradient of `relu(_:context:)`.
///
/// - Parameters:
///   - y: what `relu` returned.
///   - dy: the gradient of that.
///   - context: kernels and memory.
/// - Returns: the gradient of the operand: `dy` where `y > 0`, else 0.
public func reluGradient(output y: Tensor, _ dy: Tensor, context: ComputeContext) throws -> Tensor {
  try pairwise(
    y, dy, op: "relu gradient", context: context,
    kernel: context.kernels.pointee.elementwise.relu_backward_f32)
}

/// The hyperbolic tangent of each element, within 4 ULP.
///
/// - Parameters:
///   - x: any shape, f32.
///   - context: kernels and memory.
/// - Returns: the shape of `x`.
public func tanh(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  try unary(x, op: "tanh", context: context, kernel: context.kernels.pointee.elementwise.tanh_f32)
}

/// The gradient of `tanh(_:context:)`.
///
/// - Parameters:
///   - y: what `tanh` returned.
///   - dy: the gradient of that.
///   - context: kernels and memory.
/// - Returns: the gradient of the operand: `dy · (1 − y²)`.
public func tanhGradient(output y: Tensor, _ dy: Tensor, context: ComputeContext) throws -> Tensor {
  try pairwise(
    y, dy, op: "tanh gradient", context: context,
    kernel: context.kernels.pointee.elementwise.tanh_backward_f32)
}

private func unary(
  _ x: Tensor, op: String, context: ComputeContext,
  kernel: @convention(c) (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) throws -> Tensor {
  let spec = try ShapeInference.elementwise(x.spec, op: op)
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime(x) { kernel(spec.shape.elementCount, x.floats, y.floats) }
  return y
}
