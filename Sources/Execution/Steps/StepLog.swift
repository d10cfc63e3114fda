import Contracts
import Journal
import Planning
import Synchronization

/// What a step leaves in the journal beside its outputs; filled while it runs, also when it fails.
final class StepLog: Sendable {
  /// The collected rows.
  struct Rows: Sendable {
    var attempts: [AttemptRecord] = []
    var proposals: [ProposalRecord] = []
    var metrics: [MetricRecord] = []
    var outcomes: [AgentOutcome] = []
    var seals: [String] = []
    var notes: [String] = []
    /// Whose model each member's results come from.
    var credits: [Int: String] = [:]
  }

  private let state = Mutex(Rows())

  /// All rows so far.
  var rows: Rows { state.withLock { $0 } }

  /// The step's result in a line.
  var headline: String { state.withLock { $0.notes.joined(separator: ", ") } }

  func add(_ attempt: AttemptRecord) { state.withLock { $0.attempts.append(attempt) } }
  func add(_ decision: AssignmentDecision) {
    state.withLock { $0.proposals += decision.proposals.map(ProposalRecord.init) }
  }
  func add(_ metric: MetricRecord) { state.withLock { $0.metrics.append(metric) } }
  func add(_ outcome: AgentOutcome) { state.withLock { $0.outcomes.append(outcome) } }
  func addSeal(_ name: String) { state.withLock { $0.seals.append(name) } }
  func credit(_ agent: String, member: Int) { state.withLock { $0.credits[member] = agent } }
  func note(_ text: String) { state.withLock { $0.notes.append(text) } }
}
