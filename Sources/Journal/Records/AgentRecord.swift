/// What one job teaches about an agent, or a measurement of an earlier job.
public struct AgentOutcome: Hashable, Sendable {
  /// The agent.
  public var agentID: String
  /// The task, as `text.classify/1`.
  public var task: String
  /// Whether the job succeeded.
  public var succeeded: Bool
  /// How long it took.
  public var seconds: Double
  /// How many items it worked on.
  public var items: Int64
  /// How long the bid said that it would take, or nil.
  public var promisedSeconds: Double?
  /// The quality that the host measured, or nil.
  public var quality: Double?
  /// The quality that the bid claimed, or nil.
  public var promisedQuality: Double?
  /// False for a quality that was measured later, of a job that is counted already.
  public var isJob: Bool

  /// Makes an outcome.
  public init(
    agentID: String, task: String, succeeded: Bool, seconds: Double, items: Int64,
    promisedSeconds: Double? = nil, quality: Double? = nil, promisedQuality: Double? = nil,
    isJob: Bool = true
  ) {
    self.agentID = agentID
    self.task = task
    self.succeeded = succeeded
    self.seconds = seconds
    self.items = items
    self.promisedSeconds = promisedSeconds
    self.quality = quality
    self.promisedQuality = promisedQuality
    self.isJob = isJob
  }
}

/// The sums over all jobs of an agent at a task: its measured record, which corrects its next bids.
///
/// All fields are sums, so that two records merge by addition.
public struct AgentRecord: Hashable, Sendable {
  /// The agent.
  public var agentID: String
  /// The task.
  public var task: String
  /// Jobs, failures included.
  public var jobs: Int64 = 0
  /// Jobs that failed.
  public var failures: Int64 = 0
  /// Seconds of the jobs that succeeded.
  public var totalSeconds: Double = 0
  /// Items of the jobs that succeeded.
  public var totalItems: Int64 = 0
  /// Seconds of the succeeded jobs whose bid promised a time: the pair of `promisedSeconds`.
  public var timedSeconds: Double = 0
  /// Seconds that the bids of those jobs promised.
  public var promisedSeconds: Double = 0
  /// Sum of the measured qualities.
  public var qualitySum: Double = 0
  /// How many jobs had their quality measured.
  public var qualityCount: Int64 = 0
  /// Sum of the measured qualities of jobs whose bid claimed one: the pair of `promisedQualitySum`.
  public var comparedQualitySum: Double = 0
  /// Sum of the claimed qualities of those jobs.
  public var promisedQualitySum: Double = 0
  /// How many such jobs there are.
  public var comparedQualityCount: Int64 = 0

  /// A record without jobs.
  public init(agentID: String, task: String) {
    self.agentID = agentID
    self.task = task
  }

  /// Measured over promised seconds: above 1, the agent is slower than it says.
  ///
  /// Nil without data.
  public var latencyRatio: Double? {
    promisedSeconds > 0 ? timedSeconds / promisedSeconds : nil
  }

  /// Mean of the measured qualities, or nil without data.
  public var meanQuality: Double? {
    qualityCount > 0 ? qualitySum / Double(qualityCount) : nil
  }

  /// Mean of measured less claimed quality: below 0, the agent boasts.
  ///
  /// Nil without data.
  public var qualityBias: Double? {
    comparedQualityCount > 0
      ? (comparedQualitySum - promisedQualitySum) / Double(comparedQualityCount) : nil
  }
}
