import CadreABI
import Contracts

extension HostedAgent {
  /// Runs one job of an assignment and waits for its outputs.
  func run(
    _ request: JobRequest, of record: AssignmentRecord
  ) async throws -> [String: Value] {
    let contract = record.contract
    var check = record.check
    let inputs = try checkInputs(request.inputs, contract: contract, bound: false, check: &check)
    let filled = check
    let job = services.jobs.add { number in
      Job(
        number: number, agent: id, contract: contract, inputs: inputs, check: filled,
        request: request)
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { answer in
        job.wait(answer)
        tell(.submit(job.number, record.number))
        if let deadline = request.deadline {
          job.keep(after(deadline) { $0.stop(job, .deadline(deadline)) })
        }
        // Asked to stop before it was submitted: there was nothing that could be withdrawn yet.
        if job.stopReason != nil { tell(.withdraw(job.number)) }
      }
    } onCancel: {
      stop(job, .cancelled)
    }
  }

  /// Checks values against the input ports that are, or are not, bound.
  func checkInputs(
    _ values: [String: Value], contract: OfferContract, bound: Bool, check: inout PortCheck
  ) throws -> [String: Value] {
    let ports = contract.offer.inputs.filter { $0.bound == bound }
    do {
      for name in values.keys.sorted() where !ports.contains(where: { $0.name == name }) {
        let names = ports.map(\.name)
        let near = NearMiss.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
        throw AgentError(
          .invalidArgument,
          "\(contract.offer.task) has no \(bound ? "bound " : "")input '\(name)'; it has "
            + (names.isEmpty ? "none" : names.joined(separator: ", ")) + near, where: name)
      }
      var result: [String: Value] = [:]
      for port in ports {
        guard let value = values[port.name], let portContract = contract.inputs[port.name] else {
          if port.optional { continue }
          throw AgentError(
            .invalidArgument,
            "\(contract.offer.task) needs the \(bound ? "bound " : "")input '\(port.name)'",
            where: port.name)
        }
        result[port.name] = try check.input(value, on: portContract)
      }
      return result
    } catch let error as AgentError {
      throw AgentError(error.code, error.message, where: error.where, agent: id)
    }
  }

  /// Calls `run` on a thread of the host's own.
  func callRun(_ number: JobNumber) {
    guard let job = services.jobs.find(number) else {
      tell(.ended(number))
      return
    }
    if !workers.submit({ self.runOnThread(job) }) { end(job, .failure(AgentThreads.noThread)) }
  }

  private func runOnThread(_ job: Job) {
    guard
      let record = core.withLock({ core in
        core.lifecycle.owner(of: job.number).flatMap { core.record($0) }
      })
    else {
      return end(job, .failure(AgentError(.internal, "the job has no assignment", agent: id)))
    }
    job.begin()
    // Asked to stop while it waited for a thread: the agent need not hear of it.
    if job.stopReason != nil { return end(job, .failure(AgentError(.cancelled, "", agent: id))) }
    let state: UInt32
    do {
      state = try table.run(record.pointer, job.number)
    } catch let error as AgentError {
      return finish(job, .failure(error))
    } catch {
      return finish(job, .failure(AgentError(.internal, "\(error)", agent: id)))
    }
    switch Int(state) {
    case CADRE_FINISHED: finish(job, .success(()))
    case CADRE_PENDING:
      if let early = job.becomePending() { end(job, early) }
    default:
      finish(
        job,
        .failure(
          AgentError(
            .internal,
            "`run` reported success and the state \(state), which is neither CADRE_FINISHED nor "
              + "CADRE_PENDING", agent: id)))
    }
  }

  /// `run` ended the job by itself.
  private func finish(_ job: Job, _ outcome: Result<Void, AgentError>) {
    if job.isDone { services.violation("`done` of \(job.number), which `run` ended too") }
    end(job, outcome)
  }

  /// The job has ended: nothing of it is lent any more, its place is free, the caller is answered.
  func end(_ job: Job, _ outcome: Result<Void, AgentError>) {
    guard services.jobs.remove(job.number) != nil else {
      services.violation("\(job.number) ended twice")
      return
    }
    let wasAbandoned = job.isAbandoned
    let result = job.end(outcome)
    job.loans.end()
    if wasAbandoned {
      services.log(id, .info, "\(job.number), which was abandoned, has ended")
    }
    tell(.ended(job.number))
    job.answer(result)
  }

  /// The job will not run.
  func refuse(_ number: JobNumber, _ reason: AgentLifecycle.Refusal) {
    guard let job = services.jobs.remove(number) else { return }
    let error: AgentError =
      switch reason {
      case .withdrawn:
        (job.stopReason ?? .cancelled).error(agent: id, detail: "")
      case .agentClosing:
        AgentError(.unavailable, "the agent is closing and takes no more jobs", agent: id)
      case .assignmentReleased:
        AgentError(
          .failedPrecondition, "the assignment is released; prepare a new one", agent: id)
      case .allAbandoned:
        AgentError(
          .unavailable,
          "all places of the assignment are taken by jobs that did not stop when asked; open the "
            + "agent again, or run it in a worker", agent: id)
      }
    job.answer(.failure(error))
  }

  /// Asks a job to stop: the flag, then `cancel`, and after the grace it is abandoned.
  func stop(_ job: Job, _ reason: StopReason) {
    guard job.requestStop(reason) else { return }
    let actions = core.withLock { $0.lifecycle.handle(.withdraw(job.number)) }
    guard actions.isEmpty else { return perform(actions) }
    job.keep(after(limits.grace) { $0.abandon(job) })
    // A job that has not begun sees the reason when its thread comes to it.
    calls.enter { if job.isInAgent { table.cancel(job.number) } }
  }

  /// Jobs of an assignment that have not ended.
  func jobs(of record: AssignmentRecord) -> [Job] {
    core.withLock { $0.lifecycle.jobs(of: record.number) }.compactMap { services.jobs.find($0) }
  }

  private func abandon(_ job: Job) {
    guard job.abandon() else { return }
    services.log(
      id, .warning,
      "\(job.number) did not stop within \(limits.grace) and is abandoned; it still occupies the "
        + "agent")
    tell(.abandoned(job.number))
  }

  /// Does something after a time, unless the task is cancelled before.
  private func after(
    _ time: Duration, _ body: @escaping @Sendable (HostedAgent) -> Void
  ) -> Task<Void, Never> {
    Task {
      do {
        try await Task.sleep(for: time)
      } catch {
        return
      }
      body(self)
    }
  }
}
