import Contracts

/// Why a step, a run or a prediction could not go on.
public struct ExecutionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What `retry.on_errors` and the exit code look at.
  public var code: ErrorCode
  /// What happened.
  public var message: String
  /// What to do about it; empty when the message says it.
  public var remedy: String

  /// An error.
  public init(_ code: ErrorCode, _ message: String, remedy: String = "") {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  /// Message and remedy in one line.
  public var description: String { remedy.isEmpty ? message : "\(message); \(remedy)" }
}
