import AgentKit

/// What a search says next.
public struct Suggestion: Sendable, Hashable {
  /// The settings to try.
  public let settings: JSONValue
  /// All points were tried: the settings are the best of them.
  public let isExhausted: Bool
}
