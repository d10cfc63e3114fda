/// What the host has measured of one agent on one task, over all runs.
///
/// The record corrects what the agent claims the next time it bids.
public struct MeasuredRecord: Hashable, Sendable {
  /// Jobs that ended, failures included.
  public var jobs: Int64
  /// Jobs that failed.
  public var failures: Int64
  /// Measured time over promised time, where both are known.
  public var latencyRatio: Double?
  /// Mean of (measured − promised) quality, where both are known.
  public var qualityBias: Double?
  /// Comparisons behind ``qualityBias``.
  public var qualityCount: Int64
  /// Mean measured quality, or nil.
  public var meanQuality: Double?
  /// Measurements behind ``meanQuality``.
  public var meanQualityCount: Int64

  /// A record; the empty one by default.
  public init(
    jobs: Int64 = 0, failures: Int64 = 0, latencyRatio: Double? = nil, qualityBias: Double? = nil,
    qualityCount: Int64 = 0, meanQuality: Double? = nil, meanQualityCount: Int64 = 0
  ) {
    self.jobs = jobs
    self.failures = failures
    self.latencyRatio = latencyRatio
    self.qualityBias = qualityBias
    self.qualityCount = qualityCount
    self.meanQuality = meanQuality
    self.meanQualityCount = meanQualityCount
  }
}
