/// What stands beside a tensor in an operation by element: a tensor, or one number.
public protocol TensorOperand: Sendable {
  /// The operand as a tensor, a number becoming a scalar of the other operand's element type.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for a number that this type does not have.
  func tensor(beside other: Tensor) throws(AgentFailure) -> Tensor
}

extension Tensor: TensorOperand {
  /// Itself.
  public func tensor(beside other: Tensor) -> Tensor { self }
}

extension Double: TensorOperand {
  /// A scalar of the other operand's type; rounded for `f32`, whole for whole numbers.
  public func tensor(beside other: Tensor) throws(AgentFailure) -> Tensor {
    let type = try other.type
    let elements: TensorValue.Elements? =
      switch type {
      case .f32: .f32([Float(self)])
      case .f64: .f64([self])
      case .i64: Int64(exactly: self).map { .i64([$0]) }
      case .i32: Int32(exactly: self).map { .i32([$0]) }
      case .u8: UInt8(exactly: self).map { .u8([$0]) }
      case .i8, .bool, .bf16, .f16, .utf8: nil
      }
    guard let elements else {
      throw AgentFailure(.invalidArgument, "a tensor of \(type) cannot be joined with \(self)")
    }
    return try other.table.tensor(TensorValue(shape: [], elements: elements))
  }
}

extension Int: TensorOperand {
  /// A scalar of the other operand's type.
  public func tensor(beside other: Tensor) throws(AgentFailure) -> Tensor {
    guard try other.type == .i64 else { return try Double(self).tensor(beside: other) }
    return try other.table.tensor([], [Int64(self)])
  }
}
