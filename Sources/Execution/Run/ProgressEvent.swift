import Contracts
import Planning

/// What happens in a run, for whoever watches it.
public enum ProgressEvent: Sendable {
  /// The run has begun.
  case runStarted(id: String, workflow: String, stepCount: Int)
  /// An attempt of a step has begun.
  case stepStarted(path: String, task: String, attempt: Int)
  /// The bids are in and judged.
  case negotiated(path: String, decision: AssignmentDecision)
  /// A job reports how far it is: 0...1, or nil for unknown.
  case progress(path: String, member: Int, agent: String, fraction: Double?, note: String)
  /// A step has ended: `headline` says its result in a line.
  case stepEnded(path: String, state: String, seconds: Double, headline: String)
  /// A step will be tried again after a pause.
  case retrying(path: String, after: Duration, message: String)
  /// A round of a loop has ended.
  case roundEnded(loop: String, round: Int, score: Double?, kept: Int, isLast: Bool)
  /// An agent has written a line.
  case log(agent: String, level: String, text: String)
  /// The run has ended.
  case runEnded(id: String, state: String, seconds: Double)
}

/// Where the events go; called from any thread, in order for one step.
public typealias RunEventSink = @Sendable (ProgressEvent) -> Void
