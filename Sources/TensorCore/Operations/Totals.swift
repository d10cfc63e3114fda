import TensorKernels

extension ShapeInference {
  /// The rule of `norm` over several tensors: any shapes of one floating-point type → one number.
  ///
  /// - Parameter tensors: at least one.
  public static func norm(_ tensors: [TensorSpec]) throws(TensorError) -> TensorSpec {
    guard let first = tensors.first else {
      throw TensorError(.shapeMismatch, op: "norm", rule: "takes at least one tensor")
    }
    try first.requireReal(op: "norm", operand: "each operand")
    for x in tensors { try x.requireSame(first, op: "norm") }
    return TensorSpec(first.dtype, .scalar)
  }
}

/// The Euclidean norm of all elements of all tensors together, as clipping by global norm takes it.
///
/// - Parameters:
///   - tensors: at least one; any shapes, of one floating-point type.
///   - context: kernels and memory.
/// - Returns: a scalar.
public func norm(_ tensors: [Tensor], context: ComputeContext) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.norm(tensors.map(\.spec))
  var squares = 0.0
  for x in tensors { squares += try sumOfSquares(x, context) }
  return try scalar(squares.squareRoot(), spec.dtype, context)
}

func sumOfSquares(_ x: Tensor, _ context: ComputeContext) throws(TensorError) -> Double {
  let x = try x.contiguous(account: context.memory)
  let kernel = context.real(x.dtype).pointee.reduce.sum_squares
  return withExtendedLifetime(x) { kernel?(x.shape.elementCount, x.start) ?? 0 }
}

/// One number as a tensor of a floating-point type.
func scalar(
  _ value: Double, _ dtype: DType, _ context: ComputeContext
) throws(TensorError) -> Tensor {
  dtype == .f64
    ? try .scalar(value, account: context.memory)
    : try .scalar(Float(value), account: context.memory)
}

/// Sums a tensor to a shape that broadcasts to its own: the gradient of a broadcast operand.
///
/// - Parameters:
///   - x: f32 or f64.
///   - shape: of the operand.
///   - context: kernels, memory, threads.
/// - Returns: `x` itself where the shapes agree.
/// - Throws: `TensorError.Code.shapeMismatch` when the shape does not broadcast to that of `x`.
public func sum(
  _ x: Tensor, toShape shape: Shape, context: ComputeContext
) throws(TensorError) -> Tensor {
  if x.shape == shape { return x }
  let added = x.shape.rank - shape.rank
  var axes: [Int] = []
  for axis in 0..<x.shape.rank {
    let length = axis < added ? 1 : shape[axis - added]
    try ShapeInference.require(
      added >= 0 && (length == 1 || length == x.shape[axis]), op: "sum", [x.shape, shape],
      "the second does not broadcast to the first")
    if axis < added || (length == 1 && x.shape[axis] != 1) { axes.append(axis) }
  }
  try ShapeInference.require(
    added >= 0, op: "sum", [x.shape, shape], "the second has more axes")
  let total = try reduce(.sum, x, over: ReductionAxes(axes), context: context)
  return try Tensor(
    storage: total.storage, dtype: total.dtype, shape: shape, byteOffset: total.byteOffset)
}

extension ShapeInference {
  /// The rule of `broadcast`: the shape asked for, where the operand broadcasts to it.
  ///
  /// - Parameters:
  ///   - x: the operand.
  ///   - shape: the shape of the result.
  public static func broadcast(_ x: TensorSpec, to shape: Shape) throws(TensorError) -> TensorSpec {
    try require(
      try x.shape.broadcast(with: shape, op: "broadcast") == shape, op: "broadcast",
      [x.shape, shape], "the first does not broadcast to the second")
    return TensorSpec(x.dtype, shape)
  }
}

/// Repeats a tensor along axes of length 1 and new outer axes.
///
/// - Parameters:
///   - x: any element type.
///   - shape: to which it broadcasts.
///   - context: memory.
/// - Returns: dense; `x` itself where the shapes agree.
public func broadcast(
  _ x: Tensor, to shape: Shape, context: ComputeContext
) throws(TensorError) -> Tensor {
  _ = try ShapeInference.broadcast(x.spec, to: shape)
  return try x.broadcast(to: shape).contiguous(account: context.memory)
}
