import AgentKit

/// The rounds so far, oldest first.
public struct TrialHistory: Sendable, Hashable {
  /// One round: what was set, and how well it went.
  public struct Trial: Sendable, Hashable {
    /// What was set; empty when all was left to defaults.
    public var settings: JSONValue
    /// Higher is better; nil when the round gave no number.
    public var score: Double?

    /// One round.
    ///
    /// - Parameters:
    ///   - settings: an object.
    ///   - score: higher is better; nil when the round gave no number.
    public init(settings: JSONValue, score: Double?) {
      self.settings = settings
      self.score = score
    }
  }

  /// The rounds.
  public let trials: [Trial]

  /// Rounds, oldest first.
  public init(_ trials: [Trial]) { self.trials = trials }

  /// Reads `[{"settings": {...}, "score": 0.81}, ...]`.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` naming the entry.
  public init(_ json: JSONValue) throws(AgentFailure) {
    guard let entries = json.arrayValue else {
      throw AgentFailure(
        .invalidArgument, "should be an array of rounds, not \(json.kindName)", where: "history")
    }
    var trials: [Trial] = []
    for (index, entry) in entries.enumerated() {
      let settings = entry["settings"] ?? .object([])
      guard entry.members != nil, settings.members != nil || settings == .null else {
        throw AgentFailure(
          .invalidArgument, "should be {\"settings\": {...}, \"score\": ...}",
          where: "history[\(index)]")
      }
      let score = entry["score"]?.doubleValue.flatMap { $0.isNaN ? nil : $0 }
      trials.append(Trial(settings: settings == .null ? .object([]) : settings, score: score))
    }
    self.init(trials)
  }

  /// The round with the highest score, the first one of equals; nil when no round has a score.
  public var best: Trial? {
    var best: Trial?
    for trial in trials {
      guard let score = trial.score else { continue }
      if best?.score.map({ score > $0 }) ?? true { best = trial }
    }
    return best
  }

  /// Whether a point of a space was tried.
  ///
  /// - Complexity: O(rounds · dimensions).
  func contains(_ point: JSONValue, in space: SearchSpace) -> Bool {
    trials.contains { space.same($0.settings, point) }
  }
}
