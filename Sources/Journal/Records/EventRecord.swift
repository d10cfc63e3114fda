import Foundation

/// Something worth telling that happened in a run.
public struct EventRecord: Hashable, Sendable {
  /// How much it matters.
  public enum Level: String, Hashable, Codable, Sendable {
    /// For whoever looks into a problem.
    case debug
    /// The normal course.
    case info
    /// Something was worked around.
    case warning
    /// Something failed.
    case error
  }

  /// When it happened.
  public var time: Date
  /// The step's path, or nil for the run itself.
  public var step: String?
  /// How much it matters.
  public var level: Level
  /// What happened.
  public var text: String

  /// Makes an event.
  public init(time: Date, step: String? = nil, level: Level = .info, text: String) {
    self.time = time
    self.step = step
    self.level = level
    self.text = text
  }
}

/// One try to read sealed data, refused or not.
public struct SealAttempt: Hashable, Sendable {
  /// The sealed data's name.
  public var name: String
  /// The step that tried.
  public var step: String
  /// When.
  public var time: Date
  /// Whether it was refused, since a reading stood committed already.
  public var refused: Bool
}
