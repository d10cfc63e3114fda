/// What is known of a symbolic dimension when a call goes out: an inclusive range and an estimate.
public struct DimRange: Hashable, Sendable {
  /// The symbol, `rows`.
  public var symbol: String
  /// The least size.
  public var min: Int64
  /// The greatest size; nil when it is unbounded.
  public var max: Int64?
  /// The expected size, or nil.
  public var estimate: Int64?

  /// A range.
  public init(symbol: String, min: Int64 = 0, max: Int64? = nil, estimate: Int64? = nil) {
    self.symbol = symbol
    self.min = min
    self.max = max
    self.estimate = estimate
  }

  /// A size that is known.
  public static func fixed(_ symbol: String, _ size: Int64) -> DimRange {
    DimRange(symbol: symbol, min: size, max: size, estimate: size)
  }
}

/// A call for proposals for one task.
public struct CallForProposals: Hashable, Sendable {
  /// The task that is to be done.
  public var task: String
  /// The settings that the award would carry.
  public var settings: Setting
  /// What is known of the dimensions.
  public var dims: [DimRange]
  /// Items that are expected; nil when unknown.
  public var items: Int64?
  /// How many different agents will win.
  public var teamSize: Int
  /// Threads that the winner may use.
  public var threadLimit: Int
  /// Bytes that the winner may use; nil: no limit.
  public var memoryLimit: UInt64?
  /// Time that a job may take; nil: no limit.
  public var deadline: Duration?

  /// A call.
  public init(
    task: String, settings: Setting, dims: [DimRange] = [], items: Int64? = nil,
    teamSize: Int = 1, threadLimit: Int = 1, memoryLimit: UInt64? = nil, deadline: Duration? = nil
  ) {
    self.task = task
    self.settings = settings
    self.dims = dims
    self.items = items
    self.teamSize = teamSize
    self.threadLimit = threadLimit
    self.memoryLimit = memoryLimit
    self.deadline = deadline
  }
}

/// What an agent answers to a call.
///
/// Plain data: it reserves nothing.
public struct Bid: Hashable, Sendable {
  /// Time for a job whatever its size: median and 95th percentile.
  public var fixedP50: Duration
  /// See ``fixedP50``.
  public var fixedP95: Duration
  /// Time for each item: median and 95th percentile.
  public var itemP50: Duration
  /// See ``itemP50``.
  public var itemP95: Duration
  /// Time until the first job can start.
  public var warmUp: Duration
  /// Bytes at the peak.
  public var memory: UInt64
  /// Expected quality in 0...1 by the task's main metric; nil: no statement.
  public var quality: Double?
  /// Why, in a line.
  public var reason: String

  /// A bid.
  public init(
    fixedP50: Duration = .zero, fixedP95: Duration = .zero, itemP50: Duration = .zero,
    itemP95: Duration = .zero, warmUp: Duration = .zero, memory: UInt64 = 0,
    quality: Double? = nil, reason: String = ""
  ) {
    self.fixedP50 = fixedP50
    self.fixedP95 = fixedP95
    self.itemP50 = itemP50
    self.itemP95 = itemP95
    self.warmUp = warmUp
    self.memory = memory
    self.quality = quality
    self.reason = reason
  }

  /// The expected time of a job over `items` items: warm-up, fixed part and each item, at the
  /// median.
  public func latency(items: Int64) -> Duration {
    fixedP50 + itemP50 * Double(max(0, items))
  }
}

/// The answer of one agent to one call.
public enum Verdict: Hashable, Sendable {
  /// It would do it, at this cost.
  case bid(Bid)
  /// It will not, and says why.
  case decline(reason: String)
  /// It would, if its wish were granted.
  case conditional(wish: String)
  /// The host did not ask: what the step needs and what the agent offers do not fit.
  case ineligible(reason: String)
}

/// One row of the negotiation's record: who was asked, and what became of it.
public struct Proposal: Hashable, Sendable {
  /// The offer that was asked about.
  public var offer: Offer
  /// What the agent said.
  public var verdict: Verdict

  /// A proposal.
  public init(offer: Offer, verdict: Verdict) {
    self.offer = offer
    self.verdict = verdict
  }
}
