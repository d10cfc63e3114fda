import TensorKernels

extension ShapeInference {
  /// The rule of `embedding`: a table `[F, ...]` and indices `[...]` → the indices' axes, then those
  /// of a row.
  ///
  /// - Parameters:
  ///   - table: at least one axis; any element type.
  ///   - indices: i64 or i32.
  public static func embedding(
    _ table: TensorSpec, _ indices: TensorSpec
  ) throws(TensorError) -> TensorSpec {
    try indices.requireIndices(op: "embedding")
    try require(
      table.shape.rank >= 1, op: "embedding", [table.shape, indices.shape],
      "the table must have rows")
    let lengths = indices.shape.dimensions + table.shape.dimensions.dropFirst()
    return TensorSpec(table.dtype, try Shape(lengths, op: "embedding"))
  }
}

/// Rows of a table by their numbers.
///
/// - Parameters:
///   - table: `[F, ...]`, any element type.
///   - indices: `[...]`, i64 or i32, each in 0..<F.
///   - context: memory, threads.
/// - Returns: the axes of the indices, then those of a row.
/// - Throws: `TensorError.Code.invalidValue` naming the first index that is out of range.
public func embedding(
  _ table: Tensor, _ indices: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.embedding(table.spec, indices.spec)
  let indices = try CheckedIndices(
    indices, limit: table.shape[0], op: "embedding", shapes: [table.shape, indices.shape], context)
  let table = try table.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let rowBytes = table.shape.product(1..<table.shape.rank) * table.dtype.byteSize
  withExtendedLifetime((table, indices)) {
    let (from, to, positions) = (table.start, y.start, indices.values.longs)
    let grain = max(4 * Grain.elements / max(rowBytes, 1), 1)
    context.parallel(indices.values.shape.elementCount, grain: grain) { range in
      tk_gather_rows(
        range.count, rowBytes, positions + range.lowerBound, from,
        to + range.lowerBound * rowBytes)
    }
  }
  return y
}

/// The gradient of `embedding(_:_:context:)` with respect to the table.
///
/// - Parameters:
///   - table: element type and shape of the table; f32 or f64.
///   - indices: as given there.
///   - dy: the gradient of the result.
///   - context: kernels, memory.
/// - Returns: the table's shape, dense; rows that were taken several times have the sum.
public func embeddingGradient(
  table: TensorSpec, _ indices: Tensor, _ dy: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let op = "embedding gradient"
  let spec = try ShapeInference.embedding(table, indices.spec)
  try table.requireReal(op: op, operand: "the table")
  try ShapeInference.require(dy.spec == spec, op: op, [dy.shape, spec.shape], "must be \(spec)")
  let indices = try CheckedIndices(
    indices, limit: table.shape[0], op: op, shapes: [table.shape, indices.shape], context)
  let dy = try dy.contiguous(account: context.memory)
  let gradient = try Tensor.zeros(table, account: context.memory)
  withExtendedLifetime((dy, indices)) {
    context.real(table.dtype).pointee.index.scatter_add_rows?(
      indices.values.shape.elementCount, table.shape.product(1..<table.shape.rank),
      indices.values.longs, dy.start, gradient.start)
  }
  return gradient
}

/// Indices as kernels take them: dense, i64, all in range.
struct CheckedIndices {
  let values: Tensor

  init(
    _ indices: Tensor, limit: Int, op: String, shapes: [Shape], _ context: ComputeContext
  ) throws(TensorError) {
    let dense = try cast(indices, to: .i64, context: context).contiguous(account: context.memory)
    let position = withExtendedLifetime(dense) {
      Int(tk_check_indices(dense.shape.elementCount, dense.longs, Int64(limit)))
    }
    guard position < 0 else {
      throw TensorError(
        .invalidValue, op: op, shapes: shapes,
        rule: "index \(position) is \(dense.longs[position]); it must lie in 0..<\(limit)")
    }
    values = dense
  }
}
