/// What was wrong with the input of a score.
///
/// Every function of this module either returns a finite number or throws one of these.
public struct ScoringError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of fault, for callers that react to it.
  public enum Code: String, Sendable, CaseIterable {
    /// Two arrays that describe the same rows differ in length.
    case lengthMismatch
    /// There is nothing to score.
    case noRows
    /// A label is below 0 or not below the class count.
    case labelOutOfRange
    /// A probability, log-probability or statistic is NaN or infinite.
    case notFinite
    /// A row's probabilities do not add up to one: often logits passed as log-probabilities.
    case notNormalized
    /// A setting (level, count of resamples, bins or classes) lies outside its range.
    case invalidSetting
  }

  /// The kind of fault.
  public let code: Code
  /// What happened, at which row or class, and what to do.
  public let message: String

  /// Makes an error from its kind and a message that names place and remedy.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message in one line.
  public var description: String { "\(code.rawValue): \(message)" }
}
