import Contracts

/// Decides what a run does next: a pure state machine without clock, files or threads.
///
/// The caller does what the actions say and tells what came of it. The same events give the same
/// actions, so a recorded run can be replayed.
///
///     var machine = RunMachine(file: file, concurrency: 2)
///     var actions = machine.start()
///     // … .start(prepare) …
///     actions = try machine.handle(.stepSucceeded(path, scalars: ["rows": 2_000]))
///
/// The rules:
/// - A step starts when everything that it refers to has ended, in the order of the file, at most
///   `concurrency` at once.
/// - A step whose `if` does not hold is skipped; so is one that needs an output of a skipped step,
///   unless the reference ends in `?`.
/// - A failed attempt is tried again as `retry` says. A step that fails for good fails the run:
///   nothing new starts, what runs may end.
/// - A loop's round ends when all its steps have; then `keep` and `until` are decided.
///
/// The file must have passed ``check(_:offers:)``.
public struct RunMachine: Sendable {
  enum Phase: Sendable {
    case idle
    case running
    /// A step has failed for good.
    case failing(InstancePath, code: String, message: String)
    case cancelling
    case finished
  }

  enum StepState: Sendable {
    case running(attempt: Int)
    /// Waits for its timer; the attempt is the one to come.
    case waiting(attempt: Int)
    /// Its timer has fired; it waits for a free place.
    case ready(attempt: Int)
    case succeeded([String: ReportedScalar])
    case skipped
    case failed
  }

  struct LoopState: Sendable {
    var round = 1
    /// The round whose outputs leave the loop; 0 while there is none.
    var kept = 0
    var score: Double?
    var isFinished = false
  }

  let file: WorkflowFile
  let index: StepIndex
  let scalars: ScalarUse
  let concurrency: Int
  var phase = Phase.idle
  var steps: [InstancePath: StepState] = [:]
  var loops: [LoopPath: LoopState] = [:]
  var runningCount = 0

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - file: a workflow that has passed the check.
  ///   - concurrency: how many steps may run at once, from 1.
  public init(file: WorkflowFile, concurrency: Int) {
    self.file = file
    self.concurrency = max(1, concurrency)
    index = StepIndex(file)
    scalars = ScalarUse(file, index)
  }

  /// Whether the run has ended.
  public var isFinished: Bool { if case .finished = phase { true } else { false } }

  /// Begins the run.
  ///
  /// A second call does nothing.
  public mutating func start() -> [RunAction] {
    guard case .idle = phase else { return [] }
    phase = .running
    return advance()
  }

  /// Takes in what has happened.
  ///
  /// - Returns: what to do now, in order.
  /// - Throws: `RunMachineError` for an event that cannot happen now, such as the end of a step
  ///   that does not run. The machine is then as it was before.
  public mutating func handle(_ event: RunEvent) throws -> [RunAction] {
    switch event {
    case .stepSucceeded(let path, let reported):
      let attempt = try runningAttempt(path, "succeeded")
      if let port = scalars.needed(of: path.stepPath).first(where: { reported[$0] == nil }) {
        return fail(
          path, attempt: attempt, code: ErrorCode.internal.name,
          message: "the step did not report '\(port)', which an expression uses")
      }
      runningCount -= 1
      steps[path] = .succeeded(reported)
      return advance()
    case .stepFailed(let path, let code, let message):
      let attempt = try runningAttempt(path, "failed")
      return fail(path, attempt: attempt, code: code, message: message)
    case .timerFired(let path):
      // A timer may fire while it is being called off; that is no error.
      guard case .running = phase else { return [] }
      guard case .waiting(let attempt)? = steps[path] else {
        throw RunMachineError(message: "a timer fired for '\(path)', which does not wait")
      }
      steps[path] = .ready(attempt: attempt)
      return advance()
    case .cancel: return cancel()
    }
  }

  private func runningAttempt(_ path: InstancePath, _ what: String) throws -> Int {
    guard case .running(let attempt)? = steps[path] else {
      throw RunMachineError(message: "the step '\(path)' \(what), but it does not run")
    }
    return attempt
  }

  private mutating func fail(
    _ path: InstancePath, attempt: Int, code: String, message: String
  ) -> [RunAction] {
    runningCount -= 1
    steps[path] = .failed
    guard case .running = phase else { return advance() }
    if let policy = index.step(path.stepPath.names, in: [])?.step.retry, attempt <= policy.max,
      policy.onErrors.contains(code)
    {
      steps[path] = .waiting(attempt: attempt + 1)
      return [.wait(path, policy.delay(beforeRetry: attempt))] + advance()
    }
    phase = .failing(path, code: code, message: message)
    return callOffTimers() + advance()
  }

  private mutating func cancel() -> [RunAction] {
    switch phase {
    case .finished: return []
    case .cancelling: return []
    case .failing: return stopRunning()
    case .idle, .running:
      phase = .cancelling
      return callOffTimers() + stopRunning() + advance()
    }
  }

  private func stopRunning() -> [RunAction] {
    sortedPaths { if case .running = $0 { true } else { false } }.map(RunAction.stop)
  }

  private mutating func callOffTimers() -> [RunAction] {
    let waiting = sortedPaths { if case .waiting = $0 { true } else { false } }
    for path in waiting { steps[path] = .failed }
    return waiting.map(RunAction.cancelWait)
  }

  private func sortedPaths(where holds: (StepState) -> Bool) -> [InstancePath] {
    steps.filter { holds($0.value) }.keys.sorted { $0.description < $1.description }
  }
}

/// An event that cannot happen in the run's present state: a mistake of the machine's caller.
public struct RunMachineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was told and why it cannot be.
  public let message: String

  /// The message.
  public var description: String { message }
}
