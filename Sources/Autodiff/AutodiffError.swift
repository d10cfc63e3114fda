/// What went wrong in looking up, running or differentiating an operation.
///
/// Broken shapes, dtypes and values are `TensorError`s: they pass through unchanged.
public struct AutodiffError: Error, Sendable, Hashable {
  /// The kind of failure, to catch on.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// No operation of that name and version is registered.
    case unknownOp
    /// An operation of that name and version is registered already.
    case duplicateOp
    /// More or fewer inputs than the operation takes.
    case wrongInputCount
    /// The attributes belong to another operation.
    case wrongAttributes
    /// The tape gave its gradients already.
    case spentTape
    /// A tensor whose gradient is asked for was not watched before it was used.
    case notWatched
    /// The loss does not depend on anything that the tape watches.
    case notRecorded
    /// The loss is not a single floating-point number.
    case notScalar
    /// An operation on the way has no gradient.
    case notDifferentiable
    /// A segment of recomputation is begun inside another, ended without a beginning, or left open.
    case unbalancedRecompute
    /// A value that a gradient needs was overwritten in place after it was recorded.
    case modifiedInPlace
    /// A registered operation returned what its own description forbids.
    case brokenOp
  }

  /// The kind of failure.
  public let code: Code
  /// The operation, such as `matmul/1`, or `tape`.
  public let op: String
  /// What happened and what to do about it.
  public let message: String

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: the kind of failure.
  ///   - op: the operation, such as `matmul/1`.
  ///   - message: what happened and what to do about it.
  public init(_ code: Code, op: String, message: String) {
    self.code = code
    self.op = op
    self.message = message
  }
}

extension AutodiffError: CustomStringConvertible {
  /// One line: the operation and the message.
  public var description: String { "\(op): \(message)" }
}
