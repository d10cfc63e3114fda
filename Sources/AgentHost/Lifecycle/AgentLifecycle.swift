/// The life of one agent, as a pure state machine: what may be called when.
///
///     opened → prepared (some assignments) → jobs alive → quiescing → closing → closed
///
/// Events say what happened; actions say what the shell has to do about it. The machine knows no
/// pointer and no thread, so its tests open no library. It guarantees that
/// - `run` is called only for a prepared assignment and at most `maxJobs` at once, in the order of
///   submission; an abandoned job still counts, since it still occupies its agent;
/// - `release` is called once an assignment, with no job of it alive;
/// - `close` is called once, with all assignments released, also those whose `prepare` was under way
///   and those whose abandoned jobs come back late.
struct AgentLifecycle: Sendable {
  /// Where the agent stands.
  enum Phase: Hashable, Sendable {
    /// Takes awards and jobs.
    case open
    /// Closing was asked for; `quiesce` has not come back.
    case quiescing
    /// Waits for jobs to end and assignments to be released.
    case closing
    /// `close` was called, or is being called.
    case closed
  }

  /// What happened.
  enum Event: Hashable, Sendable {
    case prepare(AssignmentNumber, maxJobs: Int)
    case prepared(AssignmentNumber)
    case prepareFailed(AssignmentNumber)
    case submit(JobNumber, AssignmentNumber)
    /// The caller of a job that may still be queued gave up.
    case withdraw(JobNumber)
    case abandoned(JobNumber)
    case ended(JobNumber)
    case release(AssignmentNumber)
    case released(AssignmentNumber)
    case close
    case quiesced
  }

  /// What to do.
  enum Action: Hashable, Sendable {
    case callPrepare(AssignmentNumber)
    case callRun(JobNumber)
    case callRelease(AssignmentNumber)
    case callQuiesce
    case callClose
    /// Ask a job that is alive to stop.
    case stop(JobNumber)
    /// The job will not run.
    case refuseJob(JobNumber, Refusal)
    /// The award is not accepted.
    case refuseAward(AssignmentNumber, Refusal)
    /// Something happened that cannot, by the rules: the shell counts and logs it.
    case violation(Violation)
  }

  /// Why a job or an award is refused.
  enum Refusal: Hashable, Sendable {
    case agentClosing
    case assignmentReleased
    case withdrawn
    /// All places are taken by jobs that were abandoned and have not come back.
    case allAbandoned
  }

  /// A broken rule.
  enum Violation: Hashable, Sendable {
    case unknownJob(JobNumber)
    case unknownAssignment(AssignmentNumber)
    case outOfOrder
  }

  /// One award and its jobs.
  private struct Assignment {
    enum Phase { case preparing, ready, draining, releasing }
    var phase = Phase.preparing
    var maxJobs: Int
    var alive: Set<JobNumber> = []
    var abandoned: Set<JobNumber> = []
    var queue: [JobNumber] = []
  }

  private(set) var phase = Phase.open
  private var assignments: [AssignmentNumber: Assignment] = [:]
  private var owners: [JobNumber: AssignmentNumber] = [:]

  /// Jobs that `run` was called for and that have not ended.
  var aliveJobs: Set<JobNumber> {
    assignments.values.reduce(into: []) { $0.formUnion($1.alive) }
  }

  /// Assignments that are not released.
  var assignmentCount: Int { assignments.count }

  /// The most jobs that may be alive at once, over all assignments: threads are grown to it.
  var jobLimit: Int { assignments.values.reduce(0) { $0 + $1.maxJobs } }

  /// The assignment that a job belongs to.
  func owner(of job: JobNumber) -> AssignmentNumber? { owners[job] }

  /// Jobs of an assignment, alive and in line.
  func jobs(of number: AssignmentNumber) -> [JobNumber] {
    (assignments[number].map { $0.queue + $0.alive.sorted() }) ?? []
  }

  /// Whether feedback may be given for the assignment.
  func isReady(_ number: AssignmentNumber) -> Bool { assignments[number]?.phase == .ready }

  /// Takes an event and says what to do.
  ///
  /// - Complexity: O(assignments + jobs).
  mutating func handle(_ event: Event) -> [Action] {
    switch event {
    case .prepare(let number, let maxJobs): prepare(number, maxJobs: maxJobs)
    case .prepared(let number): prepared(number)
    case .prepareFailed(let number): forget(number)
    case .submit(let job, let number): submit(job, to: number)
    case .withdraw(let job): withdraw(job)
    case .abandoned(let job): abandoned(job)
    case .ended(let job): ended(job)
    case .release(let number): release(number)
    case .released(let number): forget(number)
    case .close: close()
    case .quiesced: quiesced()
    }
  }
}

// MARK: Awards

extension AgentLifecycle {
  private mutating func prepare(_ number: AssignmentNumber, maxJobs: Int) -> [Action] {
    guard phase == .open else { return [.refuseAward(number, .agentClosing)] }
    guard assignments[number] == nil else { return [.violation(.outOfOrder)] }
    assignments[number] = Assignment(maxJobs: max(1, maxJobs))
    return [.callPrepare(number)]
  }

  private mutating func prepared(_ number: AssignmentNumber) -> [Action] {
    guard assignments[number]?.phase == .preparing else { return [.violation(.outOfOrder)] }
    guard phase == .open else {
      // Closing began while `prepare` ran: what it made is released at once.
      assignments[number]?.phase = .releasing
      return [.refuseAward(number, .agentClosing), .callRelease(number)]
    }
    assignments[number]?.phase = .ready
    return []
  }

  /// The assignment is gone: released, or never made.
  private mutating func forget(_ number: AssignmentNumber) -> [Action] {
    guard let assignment = assignments[number],
      assignment.phase == .preparing || assignment.phase == .releasing
    else { return [.violation(.unknownAssignment(number))] }
    assignments[number] = nil
    return closeIfDrained()
  }

  private mutating func release(_ number: AssignmentNumber) -> [Action] {
    // A second release is no harm: the shell's caller may be late.
    guard let assignment = assignments[number], assignment.phase == .ready else { return [] }
    assignments[number]?.phase = .draining
    assignments[number]?.queue = []
    for job in assignment.queue { owners[job] = nil }
    let refused = assignment.queue.map { Action.refuseJob($0, .assignmentReleased) }
    return refused + assignment.alive.sorted().map(Action.stop) + releaseIfDrained(number)
  }

  private mutating func releaseIfDrained(_ number: AssignmentNumber) -> [Action] {
    guard let assignment = assignments[number], assignment.phase == .draining,
      assignment.alive.isEmpty
    else { return [] }
    assignments[number]?.phase = .releasing
    return [.callRelease(number)]
  }
}

// MARK: Jobs

extension AgentLifecycle {
  private mutating func submit(_ job: JobNumber, to number: AssignmentNumber) -> [Action] {
    guard phase == .open else { return [.refuseJob(job, .agentClosing)] }
    guard var assignment = assignments[number], assignment.phase == .ready else {
      return [.refuseJob(job, .assignmentReleased)]
    }
    defer { assignments[number] = assignment }
    guard assignment.alive.count >= assignment.maxJobs else {
      assignment.alive.insert(job)
      owners[job] = number
      return [.callRun(job)]
    }
    guard assignment.abandoned.count < assignment.maxJobs else {
      return [.refuseJob(job, .allAbandoned)]
    }
    assignment.queue.append(job)
    owners[job] = number
    return []
  }

  private mutating func withdraw(_ job: JobNumber) -> [Action] {
    guard let number = owners[job],
      let index = assignments[number]?.queue.firstIndex(of: job)
    else { return [] }
    assignments[number]?.queue.remove(at: index)
    owners[job] = nil
    return [.refuseJob(job, .withdrawn)]
  }

  private mutating func abandoned(_ job: JobNumber) -> [Action] {
    guard let number = owners[job], var assignment = assignments[number],
      assignment.alive.contains(job)
    else { return [] }  // it ended at the same moment
    defer { assignments[number] = assignment }
    assignment.abandoned.insert(job)
    guard assignment.abandoned.count == assignment.maxJobs else { return [] }
    // Nobody can say when one comes back, so who waits is told now.
    let waiting = assignment.queue
    assignment.queue = []
    for job in waiting { owners[job] = nil }
    return waiting.map { .refuseJob($0, .allAbandoned) }
  }

  private mutating func ended(_ job: JobNumber) -> [Action] {
    guard let number = owners[job], assignments[number]?.alive.remove(job) != nil else {
      return [.violation(.unknownJob(job))]
    }
    owners[job] = nil
    assignments[number]?.abandoned.remove(job)
    if let next = assignments[number]?.queue.first {
      assignments[number]?.queue.removeFirst()
      assignments[number]?.alive.insert(next)
      return [.callRun(next)]
    }
    return releaseIfDrained(number)
  }
}

// MARK: Closing

extension AgentLifecycle {
  private mutating func close() -> [Action] {
    guard phase == .open else { return [] }
    phase = .quiescing
    var actions: [Action] = []
    for number in assignments.keys.sorted() {
      for job in assignments[number]?.queue ?? [] {
        owners[job] = nil
        actions.append(.refuseJob(job, .agentClosing))
      }
      assignments[number]?.queue = []
    }
    return actions + [.callQuiesce]
  }

  private mutating func quiesced() -> [Action] {
    guard phase == .quiescing else { return [.violation(.outOfOrder)] }
    phase = .closing
    let actions = assignments.keys.sorted().flatMap { release($0) }
    return actions + closeIfDrained()
  }

  private mutating func closeIfDrained() -> [Action] {
    guard phase == .closing, assignments.isEmpty else { return [] }
    phase = .closed
    return [.callClose]
  }
}
