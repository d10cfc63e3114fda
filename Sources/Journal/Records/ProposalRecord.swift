/// An agent's answer to a call for proposals, and what the host made of it.
public struct ProposalRecord: Hashable, Sendable {
  /// What the agent answered.
  public enum Verdict: String, Hashable, Codable, Sendable {
    /// It offers to do the task.
    case bid
    /// It could, but will not; `reason` says why.
    case decline
    /// The host did not ask it, since its offer does not fit; `reason` says why.
    case ineligible
  }

  /// What the agent says the task costs.
  public struct Cost: Hashable, Sendable {
    /// Seconds that do not depend on the number of items, median.
    public var fixedSecondsP50: Double
    /// Seconds that do not depend on the number of items, 95th percentile.
    public var fixedSecondsP95: Double
    /// Seconds an item, median.
    public var itemSecondsP50: Double
    /// Seconds an item, 95th percentile.
    public var itemSecondsP95: Double
    /// Seconds before the first item, once.
    public var warmUpSeconds: Double
    /// Bytes of memory at the peak.
    public var memoryBytes: Int64
    /// Expected quality from 0 to 1, or nil if the agent makes no claim.
    public var quality: Double?

    /// Makes a cost.
    public init(
      fixedSecondsP50: Double, fixedSecondsP95: Double, itemSecondsP50: Double,
      itemSecondsP95: Double, warmUpSeconds: Double, memoryBytes: Int64, quality: Double?
    ) {
      self.fixedSecondsP50 = fixedSecondsP50
      self.fixedSecondsP95 = fixedSecondsP95
      self.itemSecondsP50 = itemSecondsP50
      self.itemSecondsP95 = itemSecondsP95
      self.warmUpSeconds = warmUpSeconds
      self.memoryBytes = memoryBytes
      self.quality = quality
    }
  }

  /// The agent.
  public var agentID: String
  /// The agent's version.
  public var agentVersion: String
  /// What it answered.
  public var verdict: Verdict
  /// What it says the task costs; nil unless it bids.
  public var cost: Cost?
  /// Its quality after correction by its record, or nil.
  public var correctedQuality: Double?
  /// Its total seconds for this call after correction by its record, or nil.
  public var correctedSeconds: Double?
  /// The score that the award went by, or nil; higher is better.
  public var score: Double?
  /// The agent's own words, or why it is not eligible.
  public var reason: String
  /// Whether it won.
  public var isAwarded: Bool
  /// Why it won or did not.
  public var decision: String
  /// Which commit of the step the proposal belongs to, from 1.
  ///
  /// The journal sets it.
  public internal(set) var commit: Int

  /// Makes the record of one answer.
  public init(
    agentID: String, agentVersion: String, verdict: Verdict, cost: Cost? = nil,
    correctedQuality: Double? = nil, correctedSeconds: Double? = nil, score: Double? = nil,
    reason: String = "", isAwarded: Bool = false, decision: String = ""
  ) {
    self.agentID = agentID
    self.agentVersion = agentVersion
    self.verdict = verdict
    self.cost = cost
    self.correctedQuality = correctedQuality
    self.correctedSeconds = correctedSeconds
    self.score = score
    self.reason = reason
    self.isAwarded = isAwarded
    self.decision = decision
    commit = 1
  }
}
