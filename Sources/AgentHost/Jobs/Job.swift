import Contracts
import Synchronization

/// Why a job is to stop.
enum StopReason: Hashable, Sendable {
  case cancelled
  case deadline(Duration)
  /// The assignment is being released, or the agent closed.
  case shutdown

  /// What the caller is told when the job gave no result.
  func error(agent: String, detail: String) -> AgentError {
    let tail = detail.isEmpty ? "" : "; the agent said: \(detail)"
    return switch self {
    case .cancelled: AgentError(.cancelled, "the job was cancelled\(tail)", agent: agent)
    case .deadline(let limit):
      AgentError(
        .deadlineExceeded,
        "the job did not end within its deadline of \(limit); allow more time, or give it less "
          + "work\(tail)", agent: agent)
    case .shutdown:
      AgentError(
        .unavailable, "the job was stopped because its agent is being released\(tail)",
        agent: agent)
    }
  }
}

/// One job: running → ended; or running → abandoned → ended.
///
/// The caller is answered once: with the outputs, with an error, or, when the job does not stop in
/// time, with the error of its deadline. What was lent stays lent until the job has *ended*.
final class Job: Sendable {
  /// The caller's continuation.
  typealias Answer = CheckedContinuation<[String: Value], any Error>

  /// Where a job stands.
  enum Phase: Hashable, Sendable {
    case queued
    case running
    /// `run` said that the agent goes on by itself.
    case pending
    case ended
  }

  private struct State {
    var phase = Phase.queued
    var stop: StopReason?
    var isAbandoned = false
    var answer: Answer?
    var timers: [Task<Void, Never>] = []
    var check: PortCheck
    var outputs: [String: Value] = [:]
    /// Values read so far of each input stream.
    var consumed: [String: Int] = [:]
    /// `done` came before `run` said pending.
    var early: Result<Void, AgentError>?
  }

  let number: JobNumber
  let contract: OfferContract
  let inputs: [String: Value]
  let seed: UInt64
  let expiry: ContinuousClock.Instant?
  let loans = Loans()

  private let agent: String
  private let report: @Sendable (Double?, String) -> Void
  private let stopFlag = Atomic<Bool>(false)
  private let state: Mutex<State>

  init(
    number: JobNumber, agent: String, contract: OfferContract, inputs: [String: Value],
    check: PortCheck, request: JobRequest
  ) {
    self.number = number
    self.agent = agent
    self.contract = contract
    self.inputs = inputs
    self.seed = request.seed
    self.expiry = request.deadline.map { ContinuousClock.now.advanced(by: $0) }
    self.report = request.progress
    self.state = Mutex(State(check: check))
  }

  /// Whether the job is to stop; cheap.
  var isStopping: Bool { stopFlag.load(ordering: .acquiring) }

  /// Whether nobody waits for the job any more.
  var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

  // MARK: The caller

  /// Keeps the caller's continuation.
  func wait(_ answer: Answer) { state.withLock { $0.answer = answer } }

  /// Keeps a timer until the caller is answered.
  func keep(_ timer: Task<Void, Never>) {
    let isAnswered = state.withLock { state in
      if state.answer != nil { state.timers.append(timer) }
      return state.answer == nil
    }
    if isAnswered { timer.cancel() }
  }

  /// Answers the caller, if nobody has.
  ///
  /// - Returns: whether this was the answer.
  @discardableResult
  func answer(_ result: Result<[String: Value], AgentError>) -> Bool {
    let (answer, timers) = state.withLock { state in
      defer {
        state.answer = nil
        state.timers = []
      }
      return (state.answer, state.timers)
    }
    for timer in timers { timer.cancel() }
    answer?.resume(with: result.mapError { $0 as any Error })
    return answer != nil
  }

  /// Tells the caller how far the job is.
  func progress(_ fraction: Double?, _ note: String) {
    let isHeard = state.withLock { $0.answer != nil }
    if isHeard { report(fraction, note) }
  }

  // MARK: Life

  /// Asks the job to stop; the first reason stays.
  ///
  /// - Returns: whether this was the first time and the job has not ended.
  func requestStop(_ reason: StopReason) -> Bool {
    let isFirst = state.withLock { state in
      guard state.stop == nil, state.phase != .ended else { return false }
      state.stop = reason
      return true
    }
    if isFirst { stopFlag.store(true, ordering: .releasing) }
    return isFirst
  }

  /// Whether the agent has the job: `run` was called, and it has not ended.
  var isInAgent: Bool { state.withLock { $0.phase == .running || $0.phase == .pending } }

  /// The reason why it was asked to stop.
  var stopReason: StopReason? { state.withLock { $0.stop } }

  /// `run` is about to be called.
  func begin() { state.withLock { $0.phase = .running } }

  /// `run` said pending.
  ///
  /// - Returns: what `done` had said before, if it came first.
  func becomePending() -> Result<Void, AgentError>? {
    state.withLock { state in
      state.phase = .pending
      return state.early
    }
  }

  /// What a call of `done` means.
  enum Done: Hashable, Sendable {
    /// The job ends now.
    case ends
    /// `run` has not come back yet; the job ends when it says pending.
    case early
    /// The job was done before.
    case twice
  }

  /// `done` was called.
  func done(_ result: Result<Void, AgentError>) -> Done {
    state.withLock { state in
      switch state.phase {
      case .pending:
        guard state.early == nil else { return .twice }
        state.early = result
        return .ends
      case .running:
        guard state.early == nil else { return .twice }
        state.early = result
        return .early
      case .queued, .ended: return .twice
      }
    }
  }

  /// Whether `done` was called.
  var isDone: Bool { state.withLock { $0.early != nil } }

  /// Nobody waits any longer: the caller gets the error, the job stays alive.
  ///
  /// - Returns: false where the job has ended meanwhile.
  func abandon() -> Bool {
    let reason: StopReason? = state.withLock { state in
      guard state.phase != .ended, !state.isAbandoned else { return nil }
      state.isAbandoned = true
      return state.stop ?? .cancelled
    }
    guard let reason else { return false }
    answer(.failure(reason.error(agent: agent, detail: "")))
    return true
  }

  /// The job has ended: what the caller is told, if it still waits.
  ///
  /// Complete outputs that come within the grace after a stop count: an agent that was told to stop
  /// early and gives its best so far has done its work. An abandoned job's are dropped here.
  func end(_ outcome: Result<Void, AgentError>) -> Result<[String: Value], AgentError> {
    let (outputs, stop) = state.withLock { state in
      state.phase = .ended
      defer { state.outputs = [:] }
      return (state.outputs, state.stop)
    }
    switch outcome {
    case .failure(let error):
      return .failure(stop?.error(agent: agent, detail: error.message) ?? error)
    case .success:
      let missing = contract.offer.outputs.filter { !$0.optional && outputs[$0.name] == nil }
        .filter { contract.outputs[$0.name]?.isStream != true }
      guard !missing.isEmpty else { return .success(outputs) }
      if let stop { return .failure(stop.error(agent: agent, detail: "")) }
      let names = missing.map { "'\($0.name)'" }.joined(separator: ", ")
      return .failure(
        AgentError(
          .internal,
          "the agent finished \(contract.offer.task) without the output \(names)",
          where: missing.map(\.name).joined(separator: ", "), agent: agent))
    }
  }

  // MARK: Ports

  /// The contract of an output port.
  func outputContract(_ port: String) throws -> PortContract {
    guard let contract = contract.outputs[port] else {
      let names = self.contract.offer.outputs.map(\.name)
      let near = NearMiss.nearest(to: port, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw AgentError(
        .notFound,
        "'\(port)' is no output of the offer; it has \(names.joined(separator: ", "))\(near)",
        where: port)
    }
    return contract
  }

  /// Checks and keeps an output.
  ///
  /// - Throws: `AgentError` where the value does not fit, was set before, or comes too late.
  func set(_ value: Value, on contract: PortContract) throws {
    let name = contract.port.name
    // A value that is not kept is destroyed after the lock: its deleter is foreign code.
    try state.withLock { state in
      guard !state.isAbandoned else {
        throw AgentError(
          .cancelled, "the job was abandoned; its late output is dropped", where: name)
      }
      guard state.outputs[name] == nil else {
        throw AgentError(.alreadyExists, "the output '\(name)' is set already", where: name)
      }
      state.outputs[name] = try state.check.output(value, on: contract)
    }
  }

  /// Checks and keeps one value of an output stream.
  ///
  /// - Returns: false when the job is to stop; the value is dropped then.
  func emit(_ value: Value, on contract: PortContract) throws -> Bool {
    if isStopping { return false }
    return try state.withLock { state in
      let checked = try state.check.output(.team([value]), on: contract)
      guard case .team(let values) = checked else { return false }
      var all: [Value] = []
      if case .team(let before)? = state.outputs[contract.port.name] { all = before }
      state.outputs[contract.port.name] = .team(all + values)
      return true
    }
  }

  /// The next value of an input stream; nil when there is none left.
  func next(on port: String) -> Value? {
    guard case .team(let values)? = inputs[port] else { return nil }
    return state.withLock { state in
      let index = state.consumed[port] ?? 0
      guard index < values.count else { return nil }
      state.consumed[port] = index + 1
      return values[index]
    }
  }
}
