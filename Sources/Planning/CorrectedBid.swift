import Contracts

/// A bid after the agent's measured record has been heard.
public struct CorrectedBid: Hashable, Sendable {
  /// Expected quality in 0...1.
  public var quality: Double
  /// Expected time of the whole assignment, in seconds.
  public var seconds: Double
  /// Bytes at the peak.
  public var memory: UInt64
  /// Probability in 0...1 that a job succeeds.
  public var reliability: Double
  /// What the correction changed, one line; empty when nothing.
  public var note: String

  /// How many measured jobs weigh as much as the agent's own claim.
  ///
  /// Three: one lucky or unlucky run does not overturn a claim, ten do.
  static let priorCount = 3.0
  /// Expected quality when neither claim nor record says anything.
  static let unknownQuality = 0.5

  /// Corrects a bid.
  ///
  /// Quality: claim + bias·n/(n+3), clamped to 0...1; without a claim the measured mean shrunk to
  /// 0.5 in the same way. Latency: claim · (3 + n·ratio)/(3 + n). Reliability: (successes +
  /// 3)/(jobs + 3), the mean of a Beta posterior with a prior of three successes, so that a new
  /// agent is not held for unreliable.
  ///
  /// - Complexity: O(1).
  public init(_ bid: Bid, items: Int64, record: MeasuredRecord) {
    let prior = Self.priorCount
    var notes: [String] = []
    let jobs = Double(record.jobs)

    if let claim = bid.quality {
      let count = Double(record.qualityCount)
      let shift = (record.qualityBias ?? 0) * count / (count + prior)
      quality = min(1, max(0, claim + shift))
      if abs(shift) >= 0.005 {
        notes.append(
          "quality \(decimals(claim, places: 2)) → \(decimals(quality, places: 2)) by \(record.qualityCount) measured"
        )
      }
    } else if let mean = record.meanQuality {
      let count = Double(record.meanQualityCount)
      quality = (mean * count + Self.unknownQuality * prior) / (count + prior)
      notes.append("quality \(decimals(quality, places: 2)) from its record")
    } else {
      quality = Self.unknownQuality
    }

    let claimed = (bid.warmUp + bid.latency(items: items)).seconds
    let ratio = record.latencyRatio.map { (prior + jobs * $0) / (prior + jobs) } ?? 1
    seconds = claimed * ratio
    if abs(ratio - 1) >= 0.05 {
      notes.append("time × \(decimals(ratio, places: 2)) by its record")
    }

    reliability = (jobs - Double(record.failures) + prior) / (jobs + prior)
    if record.failures > 0 { notes.append("\(record.failures) of \(record.jobs) jobs failed") }
    memory = bid.memory
    note = notes.joined(separator: ", ")
  }
}

extension Duration {
  /// The duration in seconds.
  public var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
