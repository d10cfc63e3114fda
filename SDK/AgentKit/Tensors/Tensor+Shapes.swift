// Results have memory of their own where the order of elements changes. All of it has gradients.
extension Tensor {
  /// The same elements in another shape; one length may be -1: as long as it has to be.
  public func reshaped(_ shape: [Int]) throws(AgentFailure) -> Tensor {
    try table.run(.reshape, [self], .shape(shape))
  }

  /// Values repeated along new axes and those of length 1, as in NumPy.
  public func broadcast(to shape: [Int]) throws(AgentFailure) -> Tensor {
    try table.run(.broadcast, [self], .shape(shape))
  }

  /// The axes in another order.
  ///
  /// - Parameter axes: where each axis of the result comes from; nil: all in reverse.
  public func transposed(_ axes: [Int]? = nil) throws(AgentFailure) -> Tensor {
    try table.run(.transpose, [self], .axes(axes))
  }

  /// The axes in reverse: a matrix's transpose.
  public var T: Tensor { get throws(AgentFailure) { try transposed() } }

  /// The elements in reverse along axes; nil: along all.
  public func flipped(_ axes: [Int]? = nil) throws(AgentFailure) -> Tensor {
    try table.run(.flip, [self], .axes(axes))
  }

  /// Positions added before and after each axis.
  ///
  /// - Parameters:
  ///   - before: one number an axis.
  ///   - after: one number an axis.
  ///   - value: fills them.
  public func padded(
    before: [Int], after: [Int], value: Double = 0
  ) throws(AgentFailure) -> Tensor {
    guard before.count == after.count else {
      throw AgentFailure(
        .invalidArgument, "\(before.count) numbers before and \(after.count) after", where: "pad")
    }
    return try table.run(.pad, [self], .pad(before: before, after: after, value: value))
  }

  /// Cuts the tensor into parts along an axis.
  ///
  /// - Parameters:
  ///   - lengths: of the parts; together the axis's length.
  ///   - axis: along which.
  public func split(_ lengths: [Int], axis: Int = 0) throws(AgentFailure) -> [Tensor] {
    try table.run(
      .split, [self], .split(lengths: lengths, axis: axis), outputs: lengths.count)
  }

  /// Joins tensors along an axis; all other lengths agree.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for no tensors.
  public static func concat(_ tensors: [Tensor], axis: Int = -1) throws(AgentFailure) -> Tensor {
    try table(of: tensors, .concat).run(.concat, tensors, .axis(axis, keepAxis: false))
  }

  /// Joins tensors of one shape along a new axis.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for no tensors.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws(AgentFailure) -> Tensor {
    try table(of: tensors, .stack).run(.stack, tensors, .axis(axis, keepAxis: false))
  }

  static func table(of tensors: [Tensor], _ op: OpName) throws(AgentFailure) -> OpTable {
    guard let table = tensors.first?.table else {
      throw AgentFailure(.invalidArgument, "needs at least one tensor", where: op.rawValue)
    }
    return table
  }
}
