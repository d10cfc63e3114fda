/// Element types and shapes of results, from those of the operands: one function an operation.
///
/// Each operation calls its own rule before it computes, so inferring and running cannot disagree.
public enum ShapeInference {
  static func require(
    _ condition: Bool, _ code: TensorError.Code = .shapeMismatch, op: String, _ shapes: [Shape],
    _ rule: @autoclosure () -> String
  ) throws(TensorError) {
    guard condition else { throw TensorError(code, op: op, shapes: shapes, rule: rule()) }
  }

  /// One floating-point operand with an innermost axis: what works on rows.
  static func rowwise(_ x: TensorSpec, op: String) throws(TensorError) {
    try x.requireReal(op: op, operand: "the operand")
    try require(x.shape.rank >= 1, op: op, [x.shape], "takes at least one axis")
  }
}

extension TensorSpec {
  /// Throws unless the element type is the one that an operation takes.
  func require(_ wanted: DType, op: String, operand: String) throws(TensorError) {
    guard dtype == wanted else {
      throw TensorError(
        .dtypeMismatch, op: op, shapes: [shape],
        rule: "\(operand) must be \(wanted), got \(dtype)")
    }
  }

  /// Throws unless the elements are f32 or f64.
  func requireReal(op: String, operand: String) throws(TensorError) {
    guard dtype == .f32 || dtype == .f64 else {
      throw TensorError(
        .dtypeMismatch, op: op, shapes: [shape],
        rule: "\(operand) must be f32 or f64, got \(dtype); cast it first")
    }
  }

  /// Throws unless the elements have the type of another operand.
  func requireSame(_ other: TensorSpec, op: String) throws(TensorError) {
    guard dtype == other.dtype else {
      throw TensorError(
        .dtypeMismatch, op: op, shapes: [other.shape, shape],
        rule: "all operands must have one element type, got \(other.dtype) and \(dtype); "
          + "cast one of them")
    }
  }

  /// Throws unless the elements are positions: i32 or i64.
  func requireIndices(op: String) throws(TensorError) {
    guard dtype == .i64 || dtype == .i32 else {
      throw TensorError(
        .dtypeMismatch, op: op, shapes: [shape],
        rule: "indices must be i64 or i32, got \(dtype)")
    }
  }
}
