import TensorKernels

extension ShapeInference {
  /// The rule of `sort`: values and positions, both of the operand's shape.
  ///
  /// - Parameters:
  ///   - x: f32, f64, i32, i64 or u8.
  ///   - axis: below 0 counts from the end.
  public static func sort(_ x: TensorSpec, axis: Int) throws(TensorError) -> [TensorSpec] {
    try requireOrder(x, axis: axis, op: "sort")
    return [x, TensorSpec(.i64, x.shape)]
  }

  /// The rule of `topK`: values and positions, the axis cut to `k`.
  ///
  /// - Parameters:
  ///   - x: f32, f64, i32, i64 or u8.
  ///   - k: from 0 up to the length of the axis.
  ///   - axis: below 0 counts from the end.
  public static func topK(_ x: TensorSpec, k: Int, axis: Int) throws(TensorError) -> [TensorSpec] {
    try requireOrder(x, axis: axis, op: "top_k")
    let number = try x.shape.axis(axis, op: "top_k")
    try require(
      k >= 0 && k <= x.shape[number], .invalidValue, op: "top_k", [x.shape],
      "k must lie in 0...\(x.shape[number]), the length of the axis; got \(k)")
    let shape = try x.shape.replacing(number, with: k, op: "top_k")
    return [TensorSpec(x.dtype, shape), TensorSpec(.i64, shape)]
  }

  private static func requireOrder(_ x: TensorSpec, axis: Int, op: String) throws(TensorError) {
    try require(
      x.dtype != .bool && x.dtype != .bf16 && x.dtype != .i8, .dtypeMismatch, op: op, [x.shape],
      "takes f32, f64, i32, i64 or u8, got \(x.dtype)")
    _ = try x.shape.axis(axis, op: op)
  }
}

/// Sorts along an axis; equal elements keep their order, NaN counts as the largest.
///
/// - Parameters:
///   - x: f32, f64, i32, i64 or u8.
///   - axis: below 0 counts from the end.
///   - descending: from the largest down.
///   - context: kernels, memory.
/// - Returns: the sorted values, and where each of them stood (i64).
/// - Complexity: O(n log n) a row.
public func sort(
  _ x: Tensor, axis: Int = -1, descending: Bool = false, context: ComputeContext
) throws(TensorError) -> (values: Tensor, positions: Tensor) {
  let specs = try ShapeInference.sort(x.spec, axis: axis)
  let kernel = try context.table(x.dtype, op: "sort", shapes: [x.shape]).pointee.sort.sort
  return try ordered(x, axis: axis, specs, context) {
    rows, columns, _, x, values, positions, work in
    kernel?(rows, columns, descending ? 1 : 0, x, values, positions, work)
  }
}

/// The largest or smallest elements along an axis: the first of the sorted axis.
///
/// - Parameters:
///   - x: f32, f64, i32, i64 or u8.
///   - k: how many.
///   - axis: below 0 counts from the end.
///   - smallest: the smallest, from the smallest up.
///   - context: kernels, memory.
/// - Returns: the values, and where each of them stood (i64); the lower position first of equals.
public func topK(
  _ x: Tensor, k: Int, axis: Int = -1, smallest: Bool = false, context: ComputeContext
) throws(TensorError) -> (values: Tensor, positions: Tensor) {
  let specs = try ShapeInference.topK(x.spec, k: k, axis: axis)
  let kernel = try context.table(x.dtype, op: "top_k", shapes: [x.shape]).pointee.sort.top_k
  return try ordered(x, axis: axis, specs, context) {
    rows, columns, k, x, values, positions, work in
    kernel?(rows, columns, k, smallest ? 0 : 1, x, values, positions, work)
  }
}

private func ordered(
  _ x: Tensor, axis: Int, _ specs: [TensorSpec], _ context: ComputeContext,
  _ kernel: (
    Int, Int, Int, UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutablePointer<Int64>,
    UnsafeMutablePointer<Int64>
  ) -> Void
) throws(TensorError) -> (values: Tensor, positions: Tensor) {
  let number = try x.shape.axis(axis, op: "sort")
  let order = AxisOrder(last: number, rank: x.shape.rank)
  let rows = try order.toLast(x).contiguous(account: context.memory)
  let (columns, count) = (rows.shape.columns, specs[0].shape[number])
  let shape = try rows.shape.replacing(rows.shape.rank - 1, with: count, op: "sort")
  let values = try Tensor.uninitialized(TensorSpec(x.dtype, shape), account: context.memory)
  let positions = try Tensor.uninitialized(TensorSpec(.i64, shape), account: context.memory)
  if shape.elementCount > 0 {
    try context.withScratch(byteCount: 2 * columns * MemoryLayout<Int64>.stride) { scratch in
      kernel(
        rows.shape.rows, columns, count, rows.start, values.start, positions.longs,
        scratch.assumingMemoryBound(to: Int64.self))
    }
  }
  withExtendedLifetime(rows) {}
  return (
    try order.back(values).contiguous(account: context.memory),
    try order.back(positions).contiguous(account: context.memory)
  )
}
