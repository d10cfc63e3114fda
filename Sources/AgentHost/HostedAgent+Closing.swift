extension HostedAgent {
  /// Closes the agent: no new jobs, `quiesce`, stop what still runs, release all assignments, `close`.
  ///
  /// May be called again. A job that does not stop when asked keeps the agent open: it occupies it, and
  /// nobody may free what it could touch. The agent is closed when that job ends, if ever.
  ///
  /// - Throws: `AgentError` of code `deadlineExceeded` when jobs are still alive after the limits.
  public func close() async throws {
    tell(.close)
    // Quiesce, then the grace until jobs are abandoned, then as much again for the calls in between.
    let limit = (limits.quiesce + limits.grace) * 2
    if await closed.wait(atMost: limit) { return joinThreads() }
    let alive = core.withLock { core -> Set<JobNumber>? in
      guard !closed.isOpen else { return nil }
      core.isStranded = true
      return core.lifecycle.aliveJobs
    }
    guard let alive else { return joinThreads() }
    throw AgentError(
      .deadlineExceeded,
      alive.isEmpty
        ? "the agent did not come back from a call within \(limit); it stays in memory"
        : "the agent still runs \(alive.count) abandoned job(s) after \(limit); it stays in memory "
          + "until they end. Run agents that do not stop in a worker", agent: id)
  }

  private func joinThreads() {
    workers.stop(joining: true)
    control.stop(joining: true)
  }

  func callQuiesce() {
    control.submit { [self] in
      do {
        try table.quiesce(within: limits.quiesce)
      } catch {
        services.log(id, .warning, "quiesce failed: \(error)")
      }
      tell(.quiesced)
    }
  }

  func callClose() {
    control.submit { [self] in
      calls.shut()
      table.close()
      let held = runtime.releaseAll() + services.models.removeAll() + services.builders.removeAll()
      if held > 0 {
        services.log(id, .debug, "closed with \(held) handles that the agent did not release")
      }
      services.forgetOwner()
      host.free()
      let isLate = core.withLock { core in
        closed.open()
        return core.isStranded
      }
      if isLate {
        services.log(id, .info, "closed late, after its abandoned jobs had ended")
        workers.stop(joining: false)
        control.stop(joining: false)
      }
    }
  }
}
