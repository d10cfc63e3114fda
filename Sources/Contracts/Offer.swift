/// One port of an offer: a name, a type, and when it must be there.
public struct Port: Hashable, Sendable {
  /// The name by which steps bind it.
  public var name: String
  /// What it carries.
  public var type: PortType
  /// One line for a person.
  public var about: String
  /// The job runs without it.
  public var optional: Bool
  /// Given once, at the award, and not again at each job (a model, a fitted state).
  public var bound: Bool

  /// A port.
  public init(
    _ name: String, _ type: PortType, about: String = "", optional: Bool = false,
    bound: Bool = false
  ) {
    self.name = name
    self.type = type
    self.about = about
    self.optional = optional
    self.bound = bound
  }
}

/// The type of a setting's value.
public enum SettingKind: String, Hashable, Sendable {
  /// A number with a fraction.
  case f64
  /// A whole number.
  case i64
  /// `true` or `false`.
  case bool
  /// A text.
  case utf8
  /// Any JSON value.
  case json
}

/// One setting that `with:` in a workflow, or a tuner, may set.
public struct SettingSpec: Hashable, Sendable {
  /// The key.
  public var name: String
  /// One line for a person.
  public var about: String
  /// The type of the value.
  public var kind: SettingKind
  /// The value when nobody sets it; nil when the setting is required.
  public var initial: Setting?
  /// The inclusive range of a number, or nil.
  public var range: ClosedRange<Double>?
  /// The only values allowed; empty when any is.
  public var choices: [Setting]
  /// Part of the agent's search space.
  public var tunable: Bool
  /// Searched on a logarithmic scale.
  public var logarithmic: Bool
  /// A path, or an object of paths, resolved against the workflow file's folder.
  public var path: Bool

  /// A setting.
  public init(
    _ name: String, _ kind: SettingKind, about: String = "", initial: Setting? = nil,
    range: ClosedRange<Double>? = nil, choices: [Setting] = [], tunable: Bool = false,
    logarithmic: Bool = false, path: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.about = about
    self.initial = initial
    self.range = range
    self.choices = choices
    self.tunable = tunable
    self.logarithmic = logarithmic
    self.path = path
  }
}

/// What holds for every job of an offer.
public struct OfferFlags: OptionSet, Hashable, Sendable {
  /// The bits, as in the ABI.
  public let rawValue: UInt32

  /// Flags from the ABI's bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Emits or takes streams.
  public static let streaming = OfferFlags(rawValue: 1)
  /// A job may be run again after a failure.
  public static let idempotent = OfferFlags(rawValue: 2)
  /// Same inputs, settings and seed give the same bits.
  public static let deterministic = OfferFlags(rawValue: 4)
  /// Wants the network, and so may not be given columns tagged `pii`.
  public static let network = OfferFlags(rawValue: 8)
}

/// What one agent can do: a task with its ports, settings and limits.
public struct Offer: Hashable, Sendable {
  /// The agent's id, `org.cadre.text-mlp`; `host` for the host's own stages.
  public var agent: String
  /// The agent's semantic version.
  public var agentVersion: String
  /// The place of this offer in the agent's list.
  public var index: Int
  /// The task: `text.classify/1`.
  public var task: String
  /// One line for a person.
  public var about: String
  /// What the task takes.
  public var inputs: [Port]
  /// What the task gives.
  public var outputs: [Port]
  /// Pairs that `needs:` may ask for: `source: csv`, `for: text.classify/1`.
  public var attributes: [String: String]
  /// What may be set.
  public var settings: [SettingSpec]
  /// How many jobs of one assignment may be alive at once.
  public var maxJobs: Int
  /// What holds for every job.
  public var flags: OfferFlags
  /// The fewest threads that the agent can work with.
  public var floorThreads: Int
  /// The least memory that the agent can work with, in bytes.
  public var floorMemory: UInt64

  /// An offer.
  public init(
    agent: String, agentVersion: String, index: Int = 0, task: String, about: String = "",
    inputs: [Port], outputs: [Port], attributes: [String: String] = [:],
    settings: [SettingSpec] = [], maxJobs: Int = 1, flags: OfferFlags = [],
    floorThreads: Int = 1, floorMemory: UInt64 = 0
  ) {
    self.agent = agent
    self.agentVersion = agentVersion
    self.index = index
    self.task = task
    self.about = about
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.settings = settings
    self.maxJobs = maxJobs
    self.flags = flags
    self.floorThreads = floorThreads
    self.floorMemory = floorMemory
  }

  /// The input port of that name, or nil.
  public func input(_ name: String) -> Port? { inputs.first { $0.name == name } }

  /// The output port of that name, or nil.
  public func output(_ name: String) -> Port? { outputs.first { $0.name == name } }
}
