import TensorKernels

extension ShapeInference {
  /// The rule of `gather`: the shape of the indices, which agrees with that of the operand but along
  /// the axis.
  ///
  /// - Parameters:
  ///   - x: the operand; any element type.
  ///   - indices: i64 or i32, as many axes.
  ///   - axis: below 0 counts from the end.
  ///   - op: the operation to name in an error.
  public static func gather(
    _ x: TensorSpec, _ indices: TensorSpec, axis: Int, op: String = "gather"
  ) throws(TensorError) -> TensorSpec {
    try indices.requireIndices(op: op)
    let number = try x.shape.axis(axis, op: op)
    try require(
      indices.shape.rank == x.shape.rank, op: op, [x.shape, indices.shape],
      "the indices must have as many axes as the operand")
    for other in 0..<x.shape.rank where other != number {
      try require(
        indices.shape[other] == x.shape[other], op: op, [x.shape, indices.shape],
        "all lengths but that of axis \(number) must agree")
    }
    return TensorSpec(x.dtype, indices.shape)
  }

  /// The rule of `scatterAdd`: the shape of the operand.
  ///
  /// - Parameters:
  ///   - x: f32, f64, i32, i64 or u8.
  ///   - indices: i64 or i32, as for `gather`.
  ///   - updates: the shape of the indices, the element type of the operand.
  ///   - axis: below 0 counts from the end.
  public static func scatterAdd(
    _ x: TensorSpec, _ indices: TensorSpec, _ updates: TensorSpec, axis: Int
  ) throws(TensorError) -> TensorSpec {
    let picked = try gather(x, indices, axis: axis, op: "scatter_add")
    try require(
      x.dtype != .bool && x.dtype != .bf16 && x.dtype != .i8, .dtypeMismatch, op: "scatter_add",
      [x.shape], "takes f32, f64, i32, i64 or u8, got \(x.dtype)")
    try require(
      updates == picked, op: "scatter_add", [x.shape, indices.shape, updates.shape],
      "updates must be \(picked)")
    return x
  }
}

/// Picks one element for each index, along an axis: `y[i, j] = x[indices[i, j], j]` for axis 0.
///
/// - Parameters:
///   - x: any element type.
///   - indices: i64 or i32, as many axes as `x`, all lengths but that of the axis the same.
///   - axis: below 0 counts from the end.
///   - context: memory.
/// - Returns: the shape of the indices.
/// - Throws: `TensorError.Code.invalidValue` naming the first index that is out of range.
public func gather(
  _ x: Tensor, _ indices: Tensor, axis: Int = -1, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.gather(x.spec, indices.spec, axis: axis)
  let number = try x.shape.axis(axis, op: "gather")
  let indices = try CheckedIndices(
    indices, limit: x.shape[number], op: "gather", shapes: [x.shape, indices.shape], context)
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  // Nothing to pick, however long the other axes say they are.
  if spec.shape.elementCount == 0 { return y }
  withExtendedLifetime((x, indices)) {
    tk_gather_axis(
      x.shape.product(0..<number), x.shape[number], spec.shape[number],
      x.shape.product(number + 1..<x.shape.rank), x.dtype.byteSize, indices.values.longs, x.start,
      y.start)
  }
  return y
}

/// Adds one element for each index, along an axis: the counterpart of `gather`.
///
/// - Parameters:
///   - x: what is added to; f32, f64, i32, i64 or u8.
///   - indices: as for `gather`.
///   - updates: the shape of the indices.
///   - axis: below 0 counts from the end.
///   - context: kernels, memory.
/// - Returns: the shape of `x`; where several updates meet, their sum in the order of the indices.
public func scatterAdd(
  _ x: Tensor, _ indices: Tensor, _ updates: Tensor, axis: Int = -1, context: ComputeContext
) throws(TensorError) -> Tensor {
  _ = try ShapeInference.scatterAdd(x.spec, indices.spec, updates.spec, axis: axis)
  let number = try x.shape.axis(axis, op: "scatter_add")
  let table = try context.table(x.dtype, op: "scatter_add", shapes: [x.shape])
  let indices = try CheckedIndices(
    indices, limit: x.shape[number], op: "scatter_add", shapes: [x.shape, indices.shape], context)
  let updates = try updates.contiguous(account: context.memory)
  let y = try x.copied(account: context.memory)
  if updates.shape.elementCount == 0 { return y }
  withExtendedLifetime((updates, indices)) {
    table.pointee.index.scatter_add_axis?(
      x.shape.product(0..<number), x.shape[number], updates.shape[number],
      x.shape.product(number + 1..<x.shape.rank), indices.values.longs, updates.start, y.start)
  }
  return y
}
