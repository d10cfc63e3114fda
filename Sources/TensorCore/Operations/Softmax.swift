import TensorKernels

/// Softmax along the innermost axis.
///
/// - Parameters:
///   - x: `[..., columns]`, f32. A row with NaN or +∞, or of −∞ alone, becomes NaN.
///   - context: kernels and memory.
/// - Returns: the shape of `x`; each row sums to 1.
public func softmax(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  let spec = try ShapeInference.rowwise(x.spec, op: "softmax")
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime(x) {
    context.kernels.pointee.softmax.softmax_f32(
      spec.shape.rows, spec.shape.columns, x.floats, y.floats)
  }
  return y
}

/// The logarithm of softmax along the innermost axis, without the underflow of taking both in turn.
///
/// - Parameters:
///   - x: `[..., columns]`, f32. A row with NaN or +∞, or of −∞ alone, becomes NaN.
///   - context: kernels and memory.
/// - Returns: the shape of `x`.
public func logSoftmax(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  let spec = try ShapeInference.rowwise(x.spec, op: "log_softmax")
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime(x) {
    context.kernels.pointee.softmax.log_softmax_f32(
      spec.shape.rows, spec.shape.columns, x.floats, y.floats)
  }
  return y
}

/// The gradient of `softmax(_:context:)`.
///
/// - Parameters:
///   - y: what `softmax` returned.
///   - dy: the gradient of that.
///   - context: kernels and memory.
/// - Returns: the gradient of the operand: `y · (dy − Σ y·dy)` a row.
public func softmaxGradient(
  output y: Tensor, _ dy: Tensor, context: ComputeContext
) throws -> Tensor {
  let kernel = context.kernels.pointee.softmax.softmax_backward_f32
  let rows = try (ShapeInference.rowwise(y.spec, op: "softmax gradient")).shape.rows
  return try rowPairs(y, dy, rows, op: "softmax gradient", context: context, kernel: kernel)
}

/// The gradient of `logSoftmax(_:context:)`.
///
/// - Parameters:
///   - y: what `logSoftmax` returned.
///   - dy: the gradient of that.
///   - context: kernels and memory.
/// - Returns: the gradient of the operand: `dy − exp(y) · Σ dy` a row.
public func logSoftmaxGradient(
  output y: Tensor, _ dy: Tensor, context: ComputeContext
) throws -> Tensor {
  let kernel = context.kernels.pointee.softmax.log_softmax_backward_f32
  let rows = try (ShapeInference.rowwise(y.spec, op: "log_softmax gradient")).shape.rows
  return try rowPairs(y, dy, rows, op: "log_softmax gradient", context: context, kernel: kernel)
}

private func rowPairs(
  _ y: Tensor, _ dy: Tensor, _ rows: Int, op: String, context: ComputeContext, kernel: RowKernel
) throws -> Tensor {
  try ShapeInference.require(
    y.spec == dy.spec, op: op, [y.shape, dy.shape], "both must have one shape and be f32")
  let dense = try (
    y: y.contiguous(account: context.memory), dy: dy.contiguous(account: context.memory)
  )
  let dx = try Tensor.uninitialized(y.spec, account: context.memory)
  withExtendedLifetime(dense) {
    kernel(rows, y.shape.columns, dense.y.floats, dense.dy.floats, dx.floats)
  }
  return dx
}
