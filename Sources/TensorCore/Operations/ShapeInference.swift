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

  /// One f32 operand, a result of the same shape: `scale`, `relu`, `tanh`.
  ///
  /// - Parameters:
  ///   - x: the operand.
  ///   - op: the operation to name in an error.
  public static func elementwise(_ x: TensorSpec, op: String) throws(TensorError) -> TensorSpec {
    try x.require(.f32, op: op, operand: "the operand")
    return x
  }

  /// Two f32 operands: of one shape, or a tensor and a row that fits its innermost axis.
  ///
  /// - Parameters:
  ///   - a: the first operand, whose shape the result has.
  ///   - b: the second operand: the same shape, or `[columns]`.
  ///   - op: the operation to name in an error.
  public static func rowBroadcast(
    _ a: TensorSpec, _ b: TensorSpec, op: String
  ) throws(TensorError) -> TensorSpec {
    try a.require(.f32, op: op, operand: "the first operand")
    try b.require(.f32, op: op, operand: "the second operand")
    let isRow = b.shape.rank == 1 && a.shape.rank >= 1 && b.shape[0] == a.shape.columns
    try require(
      a.shape == b.shape || isRow, op: op, [a.shape, b.shape],
      "the second must have the shape of the first, or be a row of its innermost length")
    return a
  }

  /// One f32 operand with an innermost axis: `softmax`, `log_softmax`.
  ///
  /// - Parameters:
  ///   - x: the operand.
  ///   - op: the operation to name in an error.
  public static func rowwise(_ x: TensorSpec, op: String) throws(TensorError) -> TensorSpec {
    try x.require(.f32, op: op, operand: "the operand")
    try require(x.shape.rank >= 1, op: op, [x.shape], "takes at least one axis")
    return x
  }

  /// Any f32 operand, a single number as result: `sum`, `mean`.
  ///
  /// - Parameters:
  ///   - x: the operand.
  ///   - op: the operation to name in an error.
  public static func reduction(_ x: TensorSpec, op: String) throws(TensorError) -> TensorSpec {
    try x.require(.f32, op: op, operand: "the operand")
    return TensorSpec(.f32, .scalar)
  }
}
