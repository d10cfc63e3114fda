// Operands of one element type. Shapes are joined as in NumPy: from the innermost axis on, lengths agree,
// or one of them is 1 and its values are repeated.
extension Tensor {
  /// Adds by element.
  public static func + (left: Tensor, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.table.run(.add, [left, right])
  }

  /// Adds a number to every element.
  public static func + (left: Tensor, right: Double) throws(AgentFailure) -> Tensor {
    try left + right.tensor(beside: left)
  }

  /// Adds a number to every element.
  public static func + (left: Double, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.tensor(beside: right) + right
  }

  /// Subtracts by element.
  public static func - (left: Tensor, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.table.run(.sub, [left, right])
  }

  /// Subtracts a number from every element.
  public static func - (left: Tensor, right: Double) throws(AgentFailure) -> Tensor {
    try left - right.tensor(beside: left)
  }

  /// Subtracts every element from a number.
  public static func - (left: Double, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.tensor(beside: right) - right
  }

  /// Multiplies by element.
  public static func * (left: Tensor, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.table.run(.mul, [left, right])
  }

  /// Multiplies every element with a number.
  public static func * (left: Tensor, right: Double) throws(AgentFailure) -> Tensor {
    try left * right.tensor(beside: left)
  }

  /// Multiplies every element with a number.
  public static func * (left: Double, right: Tensor) throws(AgentFailure) -> Tensor {
    try right * left
  }

  /// Divides by element; not for whole numbers.
  public static func / (left: Tensor, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.table.run(.div, [left, right])
  }

  /// Divides every element by a number.
  public static func / (left: Tensor, right: Double) throws(AgentFailure) -> Tensor {
    try left / right.tensor(beside: left)
  }

  /// Divides a number by every element.
  public static func / (left: Double, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.tensor(beside: right) / right
  }

  /// The opposite of every element.
  public static prefix func - (tensor: Tensor) throws(AgentFailure) -> Tensor {
    try tensor.table.run(.neg, [tensor])
  }

  /// Every element to the power of a number, or of the other tensor's element; not for whole numbers.
  public func power(_ exponent: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.pow, [self, exponent.tensor(beside: self)])
  }

  /// The greater of each pair; NaN where one of them is.
  public func maximum(_ other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.maximum, [self, other.tensor(beside: self)])
  }

  /// The smaller of each pair; NaN where one of them is.
  public func minimum(_ other: some TensorOperand) throws(AgentFailure) -> Tensor {
    try table.run(.minimum, [self, other.tensor(beside: self)])
  }

  /// Multiplies every element of a floating-point tensor with a factor, without making a tensor of it.
  public func scaled(by factor: Double) throws(AgentFailure) -> Tensor {
    try table.run(.scale, [self], .scale(factor))
  }
}
