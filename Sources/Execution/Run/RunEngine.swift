import AgentHost
import ArtifactStore
import Contracts
import Foundation
import Journal
import Planning
import PluginLoader
import Workflow

/// How a run ended.
public struct RunResult: Sendable {
  /// The run's id.
  public let id: String
  /// The outcome.
  public let outcome: RunOutcome
  /// What the run found, for the end of `cadre run` and for `--json`.
  public let summary: RunSummary
}

/// Runs a checked workflow: what the pure machine asks for is done here, and each step's result is
/// committed to the journal in one transaction before the machine hears of it.
public actor RunEngine {
  private let context: RunContext
  private let journal: RunJournal
  private let lease: RunLease
  private var machine: RunMachine
  private var running: [InstancePath: Task<Void, Never>] = [:]
  private var timers: [InstancePath: Task<Void, Never>] = [:]
  private var startTimes: [InstancePath: Date] = [:]
  /// Why the last attempt of a step failed.
  private var failures: [InstancePath: String] = [:]
  private var summary: SummaryBuilder
  private var finished: CheckedContinuation<RunOutcome, Never>?
  private var outcome: RunOutcome?
  private let started = Date()

  /// Enters a run into the journal.
  ///
  /// - Parameters:
  ///   - workflow: a file that has passed the check.
  ///   - threads: compute threads an agent may use.
  /// - Throws: errors of the journal and of the store.
  public init(
    _ workflow: WorkflowFile, home: Home, directory: AgentDirectory, threads: Int,
    hostVersion: String, isa: String, priorities: Priorities = .standard,
    events: @escaping RunEventSink
  ) throws {
    try home.make()
    let journal = try RunJournal.open(home.journal)
    let store = try ObjectStore(root: home.artifacts)
    let digest = try store.put(Array(workflow.digestText.utf8))
    lease = try journal.beginRun(
      NewRun(
        workflow: workflow.name, workflowDigest: digest, workflowPath: workflow.path,
        seed: workflow.seed, hostVersion: hostVersion, abiVersion: "\(AbiVersion.host)", isa: isa,
        threads: threads))
    let negotiator = Negotiator(
      directory: directory, priorities: priorities,
      record: { agent, task in
        // A record that cannot be read must not stop a run: the bid then stands as it was made.
        ((try? journal.record(of: agent, task: task)) ?? nil).map(MeasuredRecord.init)
          ?? MeasuredRecord()
      })
    context = RunContext(
      workflow: workflow, runID: lease.run.rawValue, workflowDigest: digest, home: home,
      directory: directory, negotiator: negotiator, store: store, threads: threads,
      hostVersion: hostVersion, events: events)
    self.journal = journal
    // Two steps at once: a third would only share the cores.
    machine = RunMachine(file: workflow, concurrency: 2)
    summary = SummaryBuilder(workflow: workflow)
  }

  /// The run's id.
  public nonisolated var id: String { context.runID }

  /// Runs to the end.
  ///
  /// Cancelling the task cancels the run.
  ///
  /// - Throws: errors of the journal; a failed step is an outcome, not an error.
  public func run() async throws -> RunResult {
    context.events(
      .runStarted(
        id: context.runID, workflow: context.workflow.name,
        stepCount: context.workflow.allSteps.count))
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        finished = continuation
        perform(machine.start())
      }
    } onCancel: {
      Task { await self.cancel() }
    }
    await context.release { _ in true }
    let seconds = Date().timeIntervalSince(started)
    let report = summary.build(id: context.runID, outcome: outcome, seconds: seconds)
    var message: String?
    if case .failed(let path, _, let text) = outcome { message = "\(path): \(text)" }
    try journal.finishRun(
      under: lease, state: outcome.runState, error: message, summary: report.setting.json)
    context.events(
      .runEnded(id: context.runID, state: outcome.runState.rawValue, seconds: seconds))
    return RunResult(id: context.runID, outcome: outcome, summary: report)
  }

  private func cancel() { handle(.cancel) }

  private func handle(_ event: RunEvent) {
    do {
      perform(try machine.handle(event))
    } catch {
      // The machine refuses what cannot happen; it is then as before, and the run goes on.
      context.events(.log(agent: HostOffers.agent, level: "error", text: "\(error)"))
    }
  }

  private func perform(_ actions: [RunAction]) {
    for action in actions {
      switch action {
      case .start(let instance): start(instance)
      case .wait(let path, let delay): wait(path, delay)
      case .cancelWait(let path): timers.removeValue(forKey: path)?.cancel()
      case .stop(let path): running[path]?.cancel()
      case .skipped(let path, let reason): skip(path, reason: reason)
      case .roundEnded(let report): roundEnded(report)
      case .finish(let outcome):
        self.outcome = outcome
        finished?.resume(returning: outcome)
        finished = nil
      }
    }
  }

  private func wait(_ path: InstancePath, _ delay: Duration) {
    context.events(
      .retrying(path: path.description, after: delay, message: failures[path] ?? ""))
    timers[path] = Task {
      do { try await Task.sleep(for: delay) } catch { return }
      handle(.timerFired(path))
    }
  }

  private func roundEnded(_ report: RoundReport) {
    summary.add(report)
    context.events(
      .roundEnded(
        loop: report.loop.description, round: report.round, score: report.score,
        kept: report.kept, isLast: report.isLast))
    // What a dropped round holds is not asked for again.
    let context = context
    let ended = report
    Task {
      await context.release { path in
        path.rounds.contains {
          $0.loop == ended.loop.name && $0.number <= ended.round && $0.number != ended.kept
        }
      }
    }
  }

  private func skip(_ path: InstancePath, reason: String) {
    let now = Date()
    var commit = StepCommit(
      path: path.description, task: context.workflow.step(at: path.stepPath)?.needs.task ?? "",
      state: .skipped, startedAt: now, endedAt: now)
    commit.error = reason
    record { try journal.commitStep(commit, under: lease) }
    summary.add(path, state: "skipped", headline: reason, log: nil)
    context.events(
      .stepEnded(path: path.description, state: "skipped", seconds: 0, headline: reason))
  }

  // MARK: Steps

  private func start(_ instance: StepInstance) {
    let path = instance.path
    startTimes[path] = Date()
    context.events(
      .stepStarted(
        path: path.description, task: instance.step.needs.task, attempt: instance.attempt))
    record {
      try self.journal.beginStep(
        path.description, task: instance.step.needs.task, under: self.lease)
    }
    let (context, journal, lease) = (context, journal, lease)
    running[path] = Task {
      let log = StepLog()
      let result: Result<[String: PortValue], any Error>
      do {
        result = .success(
          try await StepRunner(
            instance: instance, context: context, log: log,
            openSeal: { try journal.openSeal($0, by: path.description, under: lease) }
          ).run())
      } catch {
        result = .failure(error)
      }
      ended(instance, result: result, log: log)
    }
  }

  private func ended(
    _ instance: StepInstance, result: Result<[String: PortValue], any Error>, log: StepLog
  ) {
    let path = instance.path
    running[path] = nil
    var failure: ExecutionError?
    switch result {
    case .failure(let error): failure = ExecutionError(describing: error)
    case .success(let outputs):
      do {
        try commit(instance, outputs: outputs, log: log)
        context.keep(outputs, of: path)
        let seconds = elapsed(path)
        summary.add(path, state: "succeeded", headline: log.headline, log: log.rows)
        summary.add(outputs, of: instance)
        context.events(
          .stepEnded(
            path: path.description, state: "succeeded", seconds: seconds, headline: log.headline))
        handle(.stepSucceeded(path, scalars: scalars(outputs)))
        return
      } catch {
        failure = ExecutionError(describing: error)
      }
    }
    guard let failure else { return }
    fail(instance, failure, log: log)
  }

  private func fail(_ instance: StepInstance, _ failure: ExecutionError, log: StepLog) {
    let path = instance.path
    failures[path] = failure.description
    var commit = StepCommit(
      path: path.description, task: instance.step.needs.task,
      state: failure.code == .cancelled ? .cancelled : .failed,
      startedAt: startTimes[path] ?? started, endedAt: Date(), error: failure.description)
    let rows = log.rows
    (commit.attempts, commit.proposals, commit.outcomes) =
      (rows.attempts, rows.proposals, rows.outcomes)
    record { try journal.commitStep(commit, under: lease) }
    summary.add(path, state: commit.state.rawValue, headline: failure.description, log: rows)
    context.events(
      .stepEnded(
        path: path.description, state: commit.state.rawValue, seconds: elapsed(path),
        headline: failure.description))
    handle(.stepFailed(path, code: failure.code.name, message: failure.description))
  }

  private func elapsed(_ path: InstancePath) -> Double {
    Date().timeIntervalSince(startTimes[path] ?? started)
  }

  /// The step's artefacts are durable before the transaction that refers to them.
  private func commit(
    _ instance: StepInstance, outputs: [String: PortValue], log: StepLog
  ) throws {
    var commit = StepCommit(
      path: instance.path.description, task: instance.step.needs.task, state: .succeeded,
      startedAt: startTimes[instance.path] ?? started, endedAt: Date())
    for (port, value) in outputs.sorted(by: { $0.key < $1.key }) {
      var values = value.members.map(\.value)
      var isSealed = false
      if case .sealed(let sealed) = value {
        values = [.dataset(sealed.open())]
        isSealed = true
      }
      for (member, value) in values.enumerated() {
        let artifact = try ArtifactCoding.encoded(value)
        commit.artifacts.append(
          ArtifactRecord(
            port: port, member: values.count > 1 ? member : nil,
            digest: try context.store.put(artifact.bytes), kind: artifact.kind,
            type: isSealed ? "sealed \(artifact.type)" : artifact.type,
            byteCount: Int64(artifact.bytes.count)))
      }
    }
    let rows = log.rows
    (commit.attempts, commit.proposals, commit.metrics, commit.outcomes, commit.seals) =
      (rows.attempts, rows.proposals, rows.metrics, rows.outcomes, rows.seals)
    commit.endedAt = Date()
    try journal.commitStep(commit, under: lease)
  }

  private func scalars(_ outputs: [String: PortValue]) -> [String: ReportedScalar] {
    var scalars: [String: ReportedScalar] = [:]
    for (port, value) in outputs {
      let values = value.members.compactMap(\.value.expressionValue)
      guard !values.isEmpty, values.count == value.members.count else { continue }
      scalars[port] = value.isTeam ? .members(values) : .one(values[0])
    }
    return scalars
  }

  /// Writes to the journal where the run can go on without: what fails is told.
  private func record(_ write: () throws -> Void) {
    do { try write() } catch {
      context.events(.log(agent: HostOffers.agent, level: "error", text: "\(error)"))
    }
  }
}

extension RunOutcome {
  var runState: RunState {
    switch self {
    case .succeeded: .succeeded
    case .failed: .failed
    case .cancelled: .cancelled
    }
  }
}

extension Value {
  /// The value as expressions see it; nil for what is no scalar.
  var expressionValue: ExpressionValue? {
    switch self {
    case .scalar(.f64(let value)): .number(value)
    case .scalar(.i64(let value)): .number(Double(value))
    case .scalar(.bool(let value)): .bool(value)
    case .scalar(.utf8(let value)): .string(value)
    default: nil
    }
  }
}
