import TensorKernels

extension ShapeInference {
  /// The rule of operations on one number: any shape, f32 or f64; `negate` and `abs` also i32 and
  /// i64.
  ///
  /// - Parameters:
  ///   - op: the operation.
  ///   - x: the operand.
  public static func elementwise(_ op: UnaryOp, _ x: TensorSpec) throws(TensorError) -> TensorSpec {
    if (op == .negate || op == .abs) && (x.dtype == .i32 || x.dtype == .i64) { return x }
    try x.requireReal(op: op.name, operand: "the operand")
    return x
  }
}

/// Applies an operation to every element.
///
/// - Parameters:
///   - op: the operation.
///   - x: any shape, f32 or f64; for `negate` and `abs` also i32 and i64.
///   - alpha: the parameter of `scale`, `leakyRelu` and `elu`.
///   - context: kernels, memory, threads.
/// - Returns: the shape and element type of `x`.
/// - Complexity: O(elements).
public func elementwise(
  _ op: UnaryOp, _ x: Tensor, alpha: Double = 1, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.elementwise(op, x.spec)
  let table = try context.table(x.dtype, op: op.name, shapes: [x.shape])
  let kernel = tk_unary_of(table, op.rawValue)
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let width = x.dtype.byteSize
  withExtendedLifetime(x) {
    let (from, to) = (x.start, y.start)
    context.parallel(spec.shape.elementCount, grain: grain(op, spec)) { range in
      let offset = range.lowerBound * width
      kernel?(range.count, alpha, from + offset, to + offset)
    }
  }
  return y
}

/// The gradient of `elementwise(_:_:alpha:context:)`.
///
/// - Parameters:
///   - op: the operation.
///   - saved: what `op.gradientReads` names.
///   - dy: the gradient of the result.
///   - alpha: as given there.
///   - context: kernels, memory, threads.
/// - Returns: the gradient of the operand.
public func elementwiseGradient(
  _ op: UnaryOp, saved: Tensor?, _ dy: Tensor, alpha: Double = 1, context: ComputeContext
) throws(TensorError) -> Tensor {
  try dy.spec.requireReal(op: op.name, operand: "the gradient")
  if op.gradientReads != .nothing {
    try ShapeInference.require(
      saved?.spec == dy.spec, op: op.name, [saved?.shape ?? .scalar, dy.shape],
      "gradient: the saved tensor and that of the result must have one shape and element type")
  }
  let kernel = tk_unary_gradient_of(context.real(dy.dtype), op.rawValue)
  let saved = try saved?.contiguous(account: context.memory)
  let dy = try dy.contiguous(account: context.memory)
  let dx = try Tensor.uninitialized(dy.spec, account: context.memory)
  let width = dy.dtype.byteSize
  withExtendedLifetime((saved, dy)) {
    let (values, from, to) = (saved?.start, dy.start, dx.start)
    context.parallel(dy.shape.elementCount, grain: grain(op, dy.spec)) { range in
      let offset = range.lowerBound * width
      kernel?(range.count, alpha, values.map { $0 + offset }, from + offset, to + offset)
    }
  }
  return dx
}

private func grain(_ op: UnaryOp, _ spec: TensorSpec) -> Int {
  Grain.of(
    spec.shape.elementCount, width: spec.dtype.byteSize,
    op.isTranscendental ? Grain.transcendental : Grain.elements)
}
