// Each gives a tensor of truth values (`bool`), of the joined shape of both operands.
extension Tensor {
  /// Where elements are equal.
  public func equals(_ other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.equal, [self, other.tensor(beside: self)])
  }

  /// Where elements are not equal; NaN differs from everything.
  public func differs(from other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.notEqual, [self, other.tensor(beside: self)])
  }

  /// Where this tensor's elements are below the other's.
  public func less(than other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.less, [self, other.tensor(beside: self)])
  }

  /// Where this tensor's elements are at most the other's.
  public func lessOrEqual(to other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.lessEqual, [self, other.tensor(beside: self)])
  }

  /// Where this tensor's elements are above the other's.
  public func greater(than other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.greater, [self, other.tensor(beside: self)])
  }

  /// Where this tensor's elements are at least the other's.
  public func greaterOrEqual(to other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.greaterEqual, [self, other.tensor(beside: self)])
  }

  /// Elements of `yes` where the mask is true, of `no` elsewhere; all three are joined in shape.
  ///
  ///     let clipped = try Tensor.where(x.less(than: 0), x.scaled(by: 0), x)
  ///
  /// - Parameters:
  ///   - mask: `bool`.
  ///   - yes: any element type.
  ///   - no: a tensor of the same type, or a number.
  public static func `where`(
    _ mask: Tensor, _ yes: Tensor, _ no: some TensorOperand
  ) throws(AgentFailure) -> Tensor {
    try mask.table.run(.choose, [mask, yes, no.tensor(beside: yes)])
  }
}
