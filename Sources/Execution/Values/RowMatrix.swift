import TensorCore

/// The log-probabilities or representations of rows as plain numbers.
struct RowMatrix: Sendable {
  /// Rows.
  var rowCount: Int
  /// Values a row.
  var width: Int
  /// Row-major values.
  var values: [Float]

  /// Reads a float32 tensor `[rows, width]`.
  init(_ tensor: Tensor, what: String) throws {
    guard tensor.shape.rank == 2, tensor.dtype == .f32 else {
      throw ExecutionError(
        .invalidArgument, "\(what) is \(tensor.spec), not a float32 matrix [rows, width]")
    }
    rowCount = tensor.shape[0]
    width = tensor.shape[1]
    values = try tensor.elements(as: Float.self)
  }
}

/// Joins tensors along their first axis: the results of the batches of a `map`.
///
/// - Throws: ``ExecutionError`` when types or inner axes differ.
/// - Complexity: O(elements).
func joinRows(_ tensors: [Tensor], port: String) throws -> Tensor {
  guard let first = tensors.first else {
    throw ExecutionError(.failedPrecondition, "there is no batch to join on port '\(port)'")
  }
  if tensors.count == 1 { return first }
  let inner = Array(first.shape.dimensions.dropFirst())
  var rows = 0
  for tensor in tensors {
    guard tensor.shape.rank > 0, Array(tensor.shape.dimensions.dropFirst()) == inner,
      tensor.dtype == first.dtype
    else {
      throw ExecutionError(
        .invalidArgument,
        "the batches on port '\(port)' do not fit together: \(first.spec) and \(tensor.spec)")
    }
    rows += tensor.shape[0]
  }
  let joined = try Tensor.zeros([rows] + inner, dtype: first.dtype)
  try joined.withUnsafeMutableBytes { target in
    var offset = 0
    for tensor in tensors {
      try tensor.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: target[offset..<(offset + source.count)])
          .copyMemory(from: source)
        offset += source.count
      }
    }
  }
  return joined
}
