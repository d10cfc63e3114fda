/// What went wrong in tensor work: the operation, the shapes given, and the rule broken.
public struct TensorError: Error, Sendable, Hashable {
  /// The kind of failure, to catch on.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// A shape that cannot exist: negative, overflowing, too many axes.
    case invalidShape
    /// Shapes that do not fit each other.
    case shapeMismatch
    /// An element type that the operation does not take.
    case dtypeMismatch
    /// An argument or an element outside its range, such as a class target or a probability.
    case invalidValue
    /// Memory that overlaps, is misaligned, out of bounds or must not be written.
    case invalidMemory
    /// The account's limit would be passed, or the system has no memory.
    case outOfMemory
    /// The requested instruction set is unknown, or this machine does not have it.
    case unsupportedInstructionSet
  }

  /// The kind of failure.
  public let code: Code
  /// The operation that failed, such as `matmul`.
  public let op: String
  /// The shapes of the operands, in order; empty where none was involved.
  public let shapes: [Shape]
  /// The rule that was broken, with the values that broke it.
  public let rule: String

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: the kind of failure.
  ///   - op: the operation that failed.
  ///   - shapes: the shapes of the operands, in order.
  ///   - rule: the rule that was broken, with the values that broke it.
  public init(_ code: Code, op: String, shapes: [Shape] = [], rule: String) {
    self.code = code
    self.op = op
    self.shapes = shapes
    self.rule = rule
  }
}

extension TensorError: CustomStringConvertible {
  /// One line: `matmul of [2, 3] and [4, 5]: the inner lengths must agree (3 and 4)`.
  public var description: String {
    guard !shapes.isEmpty else { return "\(op): \(rule)" }
    return "\(op) of \(shapes.map(\.description).joined(separator: " and ")): \(rule)"
  }
}
