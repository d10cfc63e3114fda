/// A call for proposals: what the host asks an agent about.
public struct Call: Sendable, Hashable {
  /// The place of the offer in the agent's list.
  public let offer: Int
  /// The task.
  public let task: String
  /// The settings that the award would carry, completed with the offer's defaults.
  public let settings: Settings
  /// What is known of the dimensions, by symbol.
  public let dims: [Dim]
  /// Items (rows, messages) that are expected; nil when unknown.
  public let items: Int?
  /// How many different agents will win.
  public let teamSize: Int
  /// Threads that the winner may use; 0: not stated.
  public let threadLimit: Int
  /// Bytes that the winner may use; nil: not stated.
  public let memoryLimit: UInt64?
  /// The time that a job may take; nil: not stated.
  public let deadline: Duration?

  /// What is known of one dimension, or nil.
  public func dim(_ symbol: String) -> Dim? { dims.first { $0.symbol == symbol } }
}

/// The figures of a bid; what is zero is not stated.
public struct Estimate: Sendable, Hashable {
  /// Time for a job whatever its size, median.
  public var fixed: Duration
  /// Time for each item, median.
  public var perItem: Duration
  /// The same times at the 95th percentile; nil: no more than the median is known.
  public var fixedP95: Duration?
  /// See ``fixedP95``.
  public var perItemP95: Duration?
  /// Time until the first job can start.
  public var warmUp: Duration
  /// Bytes at the peak.
  public var memory: UInt64
  /// The expected quality in 0...1 by the task's main metric, or nil.
  public var quality: Double?
  /// Why, in one line.
  public var reason: String

  /// Figures of a bid.
  public init(
    fixed: Duration = .zero, perItem: Duration = .zero, fixedP95: Duration? = nil,
    perItemP95: Duration? = nil, warmUp: Duration = .zero, memory: UInt64 = 0,
    quality: Double? = nil, reason: String = ""
  ) {
    self.fixed = fixed
    self.perItem = perItem
    self.fixedP95 = fixedP95
    self.perItemP95 = perItemP95
    self.warmUp = warmUp
    self.memory = memory
    self.quality = quality
    self.reason = reason
  }
}

/// The answer to a call.
public enum BidAnswer: Sendable, Hashable {
  /// It would do it, at this cost.
  case yes(Estimate = Estimate())
  /// It will not, and says why.
  case no(reason: String)
  /// It would, if the wish were granted: `at least 2 classes`.
  case onlyIf(wish: String)
}
