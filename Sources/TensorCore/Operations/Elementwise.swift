import TensorKernels

/// Adds two tensors, or a row to every row of a tensor.
///
/// - Parameters:
///   - a: any shape, f32.
///   - b: the same shape, or `[columns]` for the innermost axis of `a`, such as a bias.
///   - context: kernels and memory.
/// - Returns: the shape of `a`.
/// - Throws: `TensorError.Code.shapeMismatch` naming both shapes.
public func add(_ a: Tensor, _ b: Tensor, context: ComputeContext) throws -> Tensor {
  let spec = try ShapeInference.rowBroadcast(a.spec, b.spec, op: "add")
  let kernels = context.kernels.pointee.elementwise
  return try binary(
    a, b, spec, context, whole: kernels.add_f32, row: kernels.add_row_f32)
}

/// Multiplies two tensors element by element, or every row of a tensor by a row.
///
/// - Parameters:
///   - a: any shape, f32.
///   - b: the same shape, or `[columns]` for the innermost axis of `a`.
///   - context: kernels and memory.
/// - Returns: the shape of `a`.
/// - Throws: `TensorError.Code.shapeMismatch` naming both shapes.
public func multiply(_ a: Tensor, _ b: Tensor, context: ComputeContext) throws -> Tensor {
  let spec = try ShapeInference.rowBroadcast(a.spec, b.spec, op: "mul")
  let kernels = context.kernels.pointee.elementwise
  return try binary(
    a, b, spec, context, whole: kernels.mul_f32, row: kernels.mul_row_f32)
}

/// Multiplies every element with a factor.
///
/// - Parameters:
///   - x: any shape, f32.
///   - factor: any number.
///   - context: kernels and memory.
/// - Returns: the shape of `x`.
public func scale(_ x: Tensor, by factor: Float, context: ComputeContext) throws -> Tensor {
  let spec = try ShapeInference.elementwise(x.spec, op: "scale")
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime(x) {
    context.kernels.pointee.elementwise.scale_f32(
      spec.shape.elementCount, factor, x.floats, y.floats)
  }
  return y
}

typealias WholeKernel =
  @convention(c) (
    Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Void

typealias RowKernel =
  @convention(c) (
    Int, Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Void

private func binary(
  _ a: Tensor, _ b: Tensor, _ spec: TensorSpec, _ context: ComputeContext, whole: WholeKernel,
  row: RowKernel
) throws -> Tensor {
  let dense = try (
    a: a.contiguous(account: context.memory), b: b.contiguous(account: context.memory)
  )
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime(dense) {
    if a.shape == b.shape {
      whole(spec.shape.elementCount, dense.a.floats, dense.b.floats, y.floats)
    } else {
      row(spec.shape.rows, spec.shape.columns, dense.a.floats, dense.b.floats, y.floats)
    }
  }
  return y
}

/// Runs a kernel of two operands of one shape: what gradients of activations are.
func pairwise(
  _ a: Tensor, _ b: Tensor, op: String, context: ComputeContext, kernel: WholeKernel
) throws -> Tensor {
  let spec = try ShapeInference.elementwise(a.spec, op: op)
  try ShapeInference.require(
    a.spec == b.spec, op: op, [a.shape, b.shape], "both must have one shape and be f32")
  return try binary(a, b, spec, context, whole: kernel, row: { _, _, _, _, _ in })
}
