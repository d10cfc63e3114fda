import Contracts

/// What an agent is to do from now on, with which budget.
public struct AwardRequest: Sendable {
  /// Which of the agent's offers was accepted.
  public var offer: Int
  /// The part in a team; empty outside of one.
  public var role: String
  /// Members of the team; 1 outside of one.
  public var teamSize: Int
  /// The 0-based place in the team.
  public var member: Int
  /// Checked against the offer and completed with its defaults by `prepare`.
  public var settings: Setting
  /// For randomness outside of jobs.
  public var seed: UInt64
  /// Threads that the agent may use.
  public var threads: Int
  /// Bytes that the agent may use; nil for no limit.
  public var memory: UInt64?
  /// Values of the bound ports by name.
  public var bound: [String: Value]

  /// Describes an award.
  ///
  /// - Parameters:
  ///   - offer: which of the agent's offers was accepted.
  ///   - role: the part in a team.
  ///   - teamSize: members of the team.
  ///   - member: the 0-based place in the team.
  ///   - settings: an object.
  ///   - seed: for randomness outside of jobs.
  ///   - threads: threads that the agent may use.
  ///   - memory: bytes that the agent may use; nil for no limit.
  ///   - bound: values of the bound ports by name.
  public init(
    offer: Int, role: String = "", teamSize: Int = 1, member: Int = 0,
    settings: Setting = .object([]), seed: UInt64 = 0, threads: Int = 1, memory: UInt64? = nil,
    bound: [String: Value] = [:]
  ) {
    self.offer = offer
    self.role = role
    self.teamSize = teamSize
    self.member = member
    self.settings = settings
    self.seed = seed
    self.threads = threads
    self.memory = memory
    self.bound = bound
  }
}

/// One job for an assignment.
public struct JobRequest: Sendable {
  /// Values of the ports that are not bound, by name.
  ///
  /// A stream port takes `.team` with its values.
  public var inputs: [String: Value]
  /// All randomness of the job comes from it.
  public var seed: UInt64
  /// Time until the job is to stop, queueing included; nil for no limit.
  public var deadline: Duration?
  /// Hears how far the job is (0...1, nil for unknown) and a line about it, on any thread.
  public var progress: @Sendable (Double?, String) -> Void

  /// Describes a job.
  ///
  /// - Parameters:
  ///   - inputs: values by port.
  ///   - seed: all randomness of the job comes from it.
  ///   - deadline: time until the job is to stop; nil for no limit.
  ///   - progress: hears how far the job is, on any thread.
  public init(
    inputs: [String: Value] = [:], seed: UInt64 = 0, deadline: Duration? = nil,
    progress: @escaping @Sendable (Double?, String) -> Void = { _, _ in }
  ) {
    self.inputs = inputs
    self.seed = seed
    self.deadline = deadline
    self.progress = progress
  }
}

/// What the host learned about an agent's work; from the blend part, never from sealed data.
public struct FeedbackMessage: Sendable, Hashable {
  /// The task that it is about.
  public var task: String
  /// The main metric's name.
  public var metric: String
  /// The metric for this agent alone.
  public var own: Double
  /// The metric for the whole team.
  public var team: Double
  /// The weight of this agent in the team's decision.
  public var weight: Double
  /// A JSON object with all of it.
  public var report: String

  /// Describes feedback.
  ///
  /// - Parameters:
  ///   - task: the task that it is about.
  ///   - metric: the main metric's name.
  ///   - own: the metric for this agent alone.
  ///   - team: the metric for the whole team.
  ///   - weight: the weight of this agent in the team's decision.
  ///   - report: a JSON object with all of it.
  public init(
    task: String, metric: String, own: Double, team: Double, weight: Double, report: String = "{}"
  ) {
    self.task = task
    self.metric = metric
    self.own = own
    self.team = team
    self.weight = weight
    self.report = report
  }
}

/// How patient the host is with agents.
public struct HostLimits: Sendable, Hashable {
  /// Time between asking a job to stop and abandoning it.
  public var grace: Duration
  /// Time that `close` gives an agent to finish what is pending.
  public var quiesce: Duration

  /// States the limits.
  ///
  /// - Parameters:
  ///   - grace: time between asking a job to stop and abandoning it.
  ///   - quiesce: time that `close` gives an agent to finish what is pending.
  public init(grace: Duration = .seconds(2), quiesce: Duration = .seconds(2)) {
    self.grace = grace
    self.quiesce = quiesce
  }
}
