/// What matters in an assignment: weights of quality, latency and memory.
public struct Priorities: Hashable, Sendable {
  /// Weight of the expected quality.
  public var quality: Double
  /// Weight of the expected time, relative to the fastest bid.
  public var latency: Double
  /// Weight of the memory, relative to the smallest bid.
  public var memory: Double
  /// Agents that are preferred whatever the rest says: id → points.
  public var preferences: [String: Double]

  /// Quality first: an agent that is better by 0.05 wins against one that is twice as fast.
  public static let standard = Priorities(quality: 1, latency: 0.08, memory: 0.02)

  /// Priorities.
  public init(
    quality: Double, latency: Double, memory: Double, preferences: [String: Double] = [:]
  ) {
    self.quality = quality
    self.latency = latency
    self.memory = memory
    self.preferences = preferences
  }
}
