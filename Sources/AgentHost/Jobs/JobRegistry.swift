import Synchronization

/// The jobs of one agent by number.
///
/// Numbers are never used again.
final class JobRegistry: Sendable {
  private struct State {
    var issued: UInt64 = 0
    var jobs: [JobNumber: Job] = [:]
  }

  private let agent: UInt64
  private let state = Mutex(State())

  init(agent: UInt64) { self.agent = agent }

  /// The number of jobs that have not ended.
  var count: Int { state.withLock { $0.jobs.count } }

  /// All jobs that have not ended.
  var all: [Job] { state.withLock { Array($0.jobs.values) } }

  /// Gives out the next number and keeps the job made with it.
  func add(_ make: (JobNumber) -> Job) -> Job {
    let number = state.withLock { state in
      state.issued += 1
      return JobNumber(agent: agent, job: state.issued)
    }
    let job = make(number)
    state.withLock { $0.jobs[number] = job }
    return job
  }

  /// Forgets a job that has ended.
  @discardableResult
  func remove(_ number: JobNumber) -> Job? {
    state.withLock { $0.jobs.removeValue(forKey: number) }
  }

  /// The job of that number, or nil.
  func find(_ number: JobNumber) -> Job? { state.withLock { $0.jobs[number] } }

  /// The job that an agent names.
  ///
  /// - Throws: `AgentError` that says whether the job has ended, is another agent's, or never was.
  func job(_ raw: UInt64) throws -> Job {
    let number = JobNumber(rawValue: raw)
    let (found, issued) = state.withLock { ($0.jobs[number], $0.issued) }
    if let found { return found }
    let reason =
      raw == 0
      ? "0 is no job"
      : number.agent != agent
        ? "the job belongs to another agent"
        : number.own > issued || number.own == 0
          ? "no job has this number" : "\(number) has ended; nothing of it may be used any more"
    throw AgentError(.failedPrecondition, reason, where: "cadre_job \(raw)")
  }
}
