import TensorKernels

/// The sum of all elements.
///
/// - Parameters:
///   - x: any shape, f32.
///   - context: kernels and memory.
/// - Returns: a scalar; 0 without elements.
public func sum(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  _ = try ShapeInference.reduction(x.spec, op: "sum")
  return try .scalar(Float(total(x, context)), account: context.memory)
}

/// The arithmetic mean of all elements.
///
/// - Parameters:
///   - x: any shape, f32, at least one element.
///   - context: kernels and memory.
/// - Returns: a scalar.
/// - Throws: `TensorError.Code.shapeMismatch` without elements.
public func mean(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  _ = try ShapeInference.mean(x.spec)
  let mean = try total(x, context) / Double(x.shape.elementCount)
  return try .scalar(Float(mean), account: context.memory)
}

extension ShapeInference {
  /// The rule of `mean`: any shape with elements → a single number.
  ///
  /// - Parameter x: any shape with elements, f32.
  public static func mean(_ x: TensorSpec) throws(TensorError) -> TensorSpec {
    try require(
      x.shape.elementCount > 0, op: "mean", [x.shape], "a mean needs at least one element")
    return try reduction(x, op: "mean")
  }

  /// The rule of `norm`: tensors of any shapes → a single number.
  ///
  /// - Parameter tensors: at least one, f32.
  public static func norm(_ tensors: [TensorSpec]) throws(TensorError) -> TensorSpec {
    for x in tensors { try x.require(.f32, op: "norm", operand: "each operand") }
    return TensorSpec(.f32, .scalar)
  }

  /// The rule of `argmax`: `[..., columns]` → `[...]`, i64.
  ///
  /// - Parameter x: `[..., columns]`, f32, at least one column.
  public static func argmax(_ x: TensorSpec) throws(TensorError) -> TensorSpec {
    try x.require(.f32, op: "argmax", operand: "the operand")
    try require(
      x.shape.rank >= 1 && x.shape.columns > 0, op: "argmax", [x.shape],
      "takes an innermost axis with at least one position")
    return TensorSpec(.i64, try Shape(x.shape.dimensions.dropLast(), op: "argmax"))
  }
}

/// The sum over all axes but the innermost: the gradient of a row that was broadcast.
///
/// - Parameters:
///   - x: `[..., columns]`, f32.
///   - context: kernels and memory.
/// - Returns: `[columns]`; zeros without rows.
public func sumRows(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  let shape = try ShapeInference.rowwise(x.spec, op: "sum_rows").shape
  let x = try x.contiguous(account: context.memory)
  let spec = TensorSpec(.f32, try Shape([shape.columns], op: "sum_rows"))
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime(x) {
    context.kernels.pointee.reduce.sum_rows_f32(shape.rows, shape.columns, x.floats, y.floats)
  }
  return y
}

/// The Euclidean norm of all elements of all tensors together, as clipping by global norm takes it.
///
/// - Parameters:
///   - tensors: any shapes, f32.
///   - context: kernels and memory.
/// - Returns: a scalar.
public func norm(_ tensors: [Tensor], context: ComputeContext) throws -> Tensor {
  _ = try ShapeInference.norm(tensors.map(\.spec))
  var squares = 0.0
  for x in tensors {
    let x = try x.contiguous(account: context.memory)
    squares += withExtendedLifetime(x) {
      context.kernels.pointee.reduce.sum_squares_f32(x.shape.elementCount, x.floats)
    }
  }
  return try .scalar(Float(squares.squareRoot()), account: context.memory)
}

/// The position of the largest element along the innermost axis.
///
/// - Parameters:
///   - x: `[..., columns]`, f32, at least one column.
///   - context: kernels and memory.
/// - Returns: `[...]`, i64: the first of equals; the first NaN where a row has one.
public func argmax(_ x: Tensor, context: ComputeContext) throws -> Tensor {
  let spec = try ShapeInference.argmax(x.spec)
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime(x) {
    context.kernels.pointee.reduce.argmax_rows_f32(
      x.shape.rows, x.shape.columns, x.floats, y.start.assumingMemoryBound(to: Int64.self))
  }
  return y
}

private func total(_ x: Tensor, _ context: ComputeContext) throws -> Double {
  let x = try x.contiguous(account: context.memory)
  return withExtendedLifetime(x) {
    context.kernels.pointee.reduce.sum_f32(x.shape.elementCount, x.floats)
  }
}
