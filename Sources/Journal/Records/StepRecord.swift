import ArtifactStore
import Foundation

/// How far a step got.
public enum StepState: String, Hashable, Codable, Sendable, CaseIterable {
  /// It has begun and nothing of it is committed.
  case running
  /// Its results are committed.
  case succeeded
  /// It failed; a resumed run may try it again.
  case failed
  /// Its condition was false; it has no results.
  case skipped
  /// The run was stopped while it worked.
  case cancelled
}

/// A step of a run, as queries give it.
public struct StepRecord: Hashable, Sendable {
  /// The run.
  public var run: RunID
  /// Names from the outermost loop inwards, with the round, as `improve[2]/train`.
  public var path: String
  /// The task, as `model.train/1`.
  public var task: String
  /// How far it got.
  public var state: StepState
  /// When it began.
  public var startedAt: Date
  /// When it was committed, or nil.
  public var endedAt: Date?
  /// Why it failed or was skipped, or nil.
  public var error: String?
  /// How many attempts were made, over all members and commits.
  public var attemptCount: Int
}

/// One try of one agent at a step.
public struct AttemptRecord: Hashable, Sendable {
  /// From 1, counted for each member over all commits of the step.
  public var number: Int
  /// The place in the team, or nil for a step with one agent.
  public var member: Int?
  /// The agent that tried.
  public var agentID: String
  /// The agent's version.
  public var agentVersion: String
  /// The digest of the plug-in's file; nil where the host itself did the step.
  public var pluginDigest: Digest?
  /// When it began.
  public var startedAt: Date
  /// When it ended.
  public var endedAt: Date
  /// `ok`, or the code of the error.
  public var outcome: String
  /// What the agent said, or an empty text.
  public var message: String

  /// Makes the record of one try.
  public init(
    number: Int, member: Int? = nil, agentID: String, agentVersion: String,
    pluginDigest: Digest? = nil, startedAt: Date, endedAt: Date, outcome: String,
    message: String = ""
  ) {
    self.number = number
    self.member = member
    self.agentID = agentID
    self.agentVersion = agentVersion
    self.pluginDigest = pluginDigest
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.message = message
  }

  /// Seconds from begin to end.
  public var seconds: Double { endedAt.timeIntervalSince(startedAt) }
}

/// An artefact that a step put out.
public struct ArtifactRecord: Hashable, Sendable {
  /// The step's port.
  public var port: String
  /// The place in the team, or nil for an output that has one value.
  public var member: Int?
  /// The digest under which the artifact store keeps the bytes.
  public var digest: Digest
  /// The kind of value, as `dataset`, `model`, `tensor` or `json`.
  public var kind: String
  /// The port's full type as text.
  public var type: String
  /// The object's size.
  public var byteCount: Int64

  /// Makes the record of one artefact.
  public init(
    port: String, member: Int? = nil, digest: Digest, kind: String, type: String, byteCount: Int64
  ) {
    self.port = port
    self.member = member
    self.digest = digest
    self.kind = kind
    self.type = type
    self.byteCount = byteCount
  }
}

/// A number that a step measured.
public struct MetricRecord: Hashable, Sendable {
  /// The metric's name, as `macro_f1`.
  public var name: String
  /// The place in the team, or nil.
  public var member: Int?
  /// The measured value, finite.
  public var value: Double
  /// The lower end of its interval, or nil.
  public var low: Double?
  /// The upper end of its interval, or nil.
  public var high: Double?

  /// Makes the record of one metric.
  public init(
    name: String, member: Int? = nil, value: Double, low: Double? = nil, high: Double? = nil
  ) {
    self.name = name
    self.member = member
    self.value = value
    self.low = low
    self.high = high
  }
}

/// All that becomes true of a step in one transaction.
public struct StepCommit: Hashable, Sendable {
  /// Names from the outermost loop inwards, with the round, as `improve[2]/train`.
  public var path: String
  /// The task, as `model.train/1`.
  public var task: String
  /// Any state but `running`.
  public var state: StepState
  /// When the step began.
  public var startedAt: Date
  /// When it ended.
  public var endedAt: Date
  /// Why it failed or was skipped, or nil.
  public var error: String?
  /// The tries since the last commit of this step.
  public var attempts: [AttemptRecord] = []
  /// The answers to the call for proposals.
  public var proposals: [ProposalRecord] = []
  /// The outputs; the artifact store must hold them already.
  public var artifacts: [ArtifactRecord] = []
  /// The measured numbers.
  public var metrics: [MetricRecord] = []
  /// What the step's jobs teach about its agents.
  public var outcomes: [AgentOutcome] = []
  /// The sealed data whose one reading this commit uses up.
  public var seals: [String] = []

  /// Makes a commit without children; fill in the lists.
  public init(
    path: String, task: String, state: StepState, startedAt: Date, endedAt: Date,
    error: String? = nil
  ) {
    self.path = path
    self.task = task
    self.state = state
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.error = error
  }
}
