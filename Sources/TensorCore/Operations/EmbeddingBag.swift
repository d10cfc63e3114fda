import TensorKernels

extension ShapeInference {
  /// The rule of `embeddingBag`: a table `[features, width]` and `rows` bags → `[rows, width]`.
  ///
  /// - Parameters:
  ///   - table: `[features, width]`, f32 or f64.
  ///   - indices: `[n]`, i32.
  ///   - offsets: `[rows + 1]`, i32.
  ///   - weights: `[n]`, the table's element type.
  public static func embeddingBag(
    table: TensorSpec, indices: TensorSpec, offsets: TensorSpec, weights: TensorSpec
  ) throws(TensorError) -> TensorSpec {
    let op = "embedding_bag"
    let shapes = [table.shape, indices.shape, offsets.shape, weights.shape]
    try table.requireReal(op: op, operand: "the table")
    try indices.require(.i32, op: op, operand: "indices")
    try offsets.require(.i32, op: op, operand: "offsets")
    try weights.require(table.dtype, op: op, operand: "weights")
    try require(table.shape.rank == 2, op: op, shapes, "the table must be [features, width]")
    try require(
      indices.shape.rank == 1 && indices.shape == weights.shape, op: op, shapes,
      "indices and weights must be vectors of one length")
    try require(
      offsets.shape.rank == 1 && offsets.shape[0] >= 1, op: op, shapes,
      "offsets must be [rows + 1]")
    return TensorSpec(table.dtype, try Shape([offsets.shape[0] - 1, table.shape[1]], op: op))
  }
}

/// Entries of a sparse matrix by rows (CSR): bag `r` holds entries `offsets[r] ..< offsets[r + 1]`.
public struct BagEntries: Sendable {
  /// Which row of the table an entry takes, `[n]`, i32.
  public let indices: Tensor
  /// Where each bag begins, and where the last one ends, `[rows + 1]`, i32.
  public let offsets: Tensor
  /// What an entry's row is multiplied with, `[n]`, the table's element type.
  public let weights: Tensor

  /// Groups the three tensors; they are checked where they are used.
  ///
  /// - Parameters:
  ///   - indices: `[n]`, i32, each in 0..<features.
  ///   - offsets: `[rows + 1]`, i32, ascending from 0 to n.
  ///   - weights: `[n]`, the table's element type.
  public init(indices: Tensor, offsets: Tensor, weights: Tensor) {
    self.indices = indices
    self.offsets = offsets
    self.weights = weights
  }

  func checked(
    table: TensorSpec, context: ComputeContext
  ) throws(TensorError) -> (entries: BagEntries, output: TensorSpec) {
    let output = try ShapeInference.embeddingBag(
      table: table, indices: indices.spec, offsets: offsets.spec, weights: weights.spec)
    let dense = try BagEntries(
      indices: indices.contiguous(account: context.memory),
      offsets: offsets.contiguous(account: context.memory),
      weights: weights.contiguous(account: context.memory))
    var position = 0
    let status = tk_embedding_bag_check(
      table.shape[0], output.shape[0], indices.shape[0], dense.indexValues, dense.offsetValues,
      &position)
    let shapes = [table.shape, indices.shape, offsets.shape, weights.shape]
    switch Int(status) {
    case TK_BAG_OK: return (dense, output)
    case TK_BAG_BAD_OFFSET:
      throw TensorError(
        .invalidValue, op: "embedding_bag", shapes: shapes,
        rule: "offsets must ascend from 0 to \(indices.shape[0]); "
          + "offset \(position) is \(dense.offsetValues[position])")
    default:
      throw TensorError(
        .invalidValue, op: "embedding_bag", shapes: shapes,
        rule: "index \(position) is \(dense.indexValues[position]); "
          + "the table has rows 0..<\(table.shape[0])")
    }
  }

  fileprivate var indexValues: UnsafePointer<Int32> {
    UnsafePointer(indices.start.assumingMemoryBound(to: Int32.self))
  }

  fileprivate var offsetValues: UnsafePointer<Int32> {
    UnsafePointer(offsets.start.assumingMemoryBound(to: Int32.self))
  }
}

/// Weighted sums of rows of a table: a sparse matrix times a dense one.
///
/// - Parameters:
///   - table: `[features, width]`, f32 or f64.
///   - entries: `rows` bags.
///   - context: kernels and memory.
/// - Returns: `[rows, width]`; zeros for an empty bag.
/// - Throws: `TensorError.Code.invalidValue` naming the first offset or index that is out of range.
/// - Complexity: O(n·width), whatever the number of features.
public func embeddingBag(
  _ table: Tensor, _ entries: BagEntries, context: ComputeContext
) throws(TensorError) -> Tensor {
  let (entries, spec) = try entries.checked(table: table.spec, context: context)
  let table = try table.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  withExtendedLifetime((table, entries)) {
    context.real(spec.dtype).pointee.embedding_bag.forward?(
      spec.shape[0], spec.shape[1], table.start, entries.indexValues, entries.offsetValues,
      entries.weights.start, y.start)
  }
  return y
}

/// The gradient of `embeddingBag(_:_:context:)` with respect to the table.
///
/// - Parameters:
///   - table: element type and shape of the table.
///   - entries: as given there.
///   - dy: the gradient of the result.
///   - context: kernels and memory.
/// - Returns: `[features, width]`, dense; zeros for rows that no entry takes.
/// - Complexity: O(features·width + n·width).
public func embeddingBagTableGradient(
  table: TensorSpec, _ entries: BagEntries, _ dy: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let (entries, spec) = try entries.checked(table: table, context: context)
  try ShapeInference.require(
    dy.spec == spec, op: "embedding_bag gradient", [dy.shape], "must be \(spec)")
  let dy = try dy.contiguous(account: context.memory)
  let gradient = try Tensor.zeros(table, account: context.memory)
  withExtendedLifetime((dy, entries)) {
    context.real(spec.dtype).pointee.embedding_bag.backward_table?(
      spec.shape[0], spec.shape[1], dy.start, entries.indexValues, entries.offsetValues,
      entries.weights.start, gradient.start)
  }
  return gradient
}

/// The gradient of `embeddingBag(_:_:context:)` with respect to the weights of the entries.
///
/// - Parameters:
///   - table: as given there.
///   - entries: as given there.
///   - dy: the gradient of the result.
///   - context: kernels and memory.
/// - Returns: `[n]`.
public func embeddingBagWeightGradient(
  table: Tensor, _ entries: BagEntries, _ dy: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let (entries, spec) = try entries.checked(table: table.spec, context: context)
  try ShapeInference.require(
    dy.spec == spec, op: "embedding_bag gradient", [dy.shape], "must be \(spec)")
  let dense = try (
    dy: dy.contiguous(account: context.memory), table: table.contiguous(account: context.memory)
  )
  let gradient = try Tensor.uninitialized(entries.weights.spec, account: context.memory)
  withExtendedLifetime((dense, entries)) {
    context.real(spec.dtype).pointee.embedding_bag.backward_weights?(
      spec.shape[0], spec.shape[1], dense.dy.start, dense.table.start, entries.indexValues,
      entries.offsetValues, gradient.start)
  }
  return gradient
}
