/// What an agent can do: a task with its ports, settings and limits.
///
///     Offer("text.classify/1",
///       inputs: [.table("rows", ["text": .utf8]), .model("model", format: "org.example.nb/1").bound],
///       outputs: [.tensor("logp", .f32, ["rows", "classes"])])
public struct Offer: Sendable, Hashable {
  /// What holds for every job; the bits are the ABI's.
  public struct Flags: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt32
    /// Flags from bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Emits or takes streams.
    public static let streaming = Flags(rawValue: 1)
    /// A job may be run again after a failure.
    public static let idempotent = Flags(rawValue: 2)
    /// Same inputs, settings and seed give the same bits.
    public static let deterministic = Flags(rawValue: 4)
    /// Wants the network, and so may not be given what is tagged `pii`.
    public static let network = Flags(rawValue: 8)
  }

  /// The task: `text.classify/1`.
  public var task: String
  /// One line for a person.
  public var about: String
  /// What the task takes.
  public var inputs: [Port]
  /// What the task gives.
  public var outputs: [Port]
  /// What may be set.
  public var settings: [SettingSpec]
  /// Pairs that `needs:` may ask for: `source: csv`.
  public var attributes: [String: String]
  /// How many jobs of one assignment may be alive at once.
  public var maxJobs: Int
  /// What holds for every job.
  public var flags: Flags
  /// The fewest threads that the agent can work with.
  public var floorThreads: Int
  /// The least memory that the agent can work with, in bytes.
  public var floorMemory: UInt64

  /// An offer.
  public init(
    _ task: String, about: String = "", inputs: [Port] = [], outputs: [Port] = [],
    settings: [SettingSpec] = [], attributes: [String: String] = [:], maxJobs: Int = 1,
    flags: Flags = [], floorThreads: Int = 1, floorMemory: UInt64 = 0
  ) {
    self.task = task
    self.about = about
    self.inputs = inputs
    self.outputs = outputs
    self.settings = settings
    self.attributes = attributes
    self.maxJobs = maxJobs
    self.flags = flags
    self.floorThreads = floorThreads
    self.floorMemory = floorMemory
  }
}
