/// A range that covers the true value with a stated probability.
public struct Interval: Equatable, Sendable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double
  /// The share of such intervals that cover the true value: 0.95 for "95 %".
  public let level: Double

  /// Makes an interval from its ends.
  public init(low: Double, high: Double, level: Double) {
    self.low = low
    self.high = high
    self.level = level
  }

  /// Whether the value lies between the ends, both included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// The distance between the ends.
  public var width: Double { high - low }
}

extension Interval {
  /// Wilson's score interval for a share, such as accuracy.
  ///
  /// Unlike the normal approximation it stays inside 0...1 and keeps a width at 0 % and 100 %.
  /// E. B. Wilson: *Probable Inference, the Law of Succession, and Statistical Inference* (1927).
  ///
  /// - Parameters:
  ///   - successes: in `0 ... trials`.
  ///   - trials: 1 or more.
  ///   - level: above 0 and below 1.
  /// - Throws: ``ScoringError``: `noRows`, `invalidSetting`.
  public static func wilson(
    successes: Int, trials: Int, level: Double = 0.95
  ) throws(ScoringError) -> Interval {
    guard trials > 0 else {
      throw ScoringError(.noRows, "an interval for a share needs at least one trial")
    }
    guard (0...trials).contains(successes) else {
      throw ScoringError(.invalidSetting, "\(successes) successes of \(trials) trials")
    }
    try checkLevel(level)
    let z = NormalDistribution.twoSidedQuantile(level: level)
    let count = Double(trials)
    let share = Double(successes) / count
    let scale = 1 + z * z / count
    let centre = share + z * z / (2 * count)
    let spread = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
    // Exact at the ends, where rounding would leave 1e-17 or 1 - 1e-16.
    return Interval(
      low: successes == 0 ? 0 : (centre - spread) / scale,
      high: successes == trials ? 1 : (centre + spread) / scale,
      level: level)
  }

  /// Throws unless the level lies strictly between 0 and 1.
  static func checkLevel(_ level: Double) throws(ScoringError) {
    guard level > 0, level < 1 else {
      throw ScoringError(
        .invalidSetting, "level \(level); it must lie between 0 and 1, as 0.95 does")
    }
  }
}
