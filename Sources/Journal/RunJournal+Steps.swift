import Foundation
import GRDB

extension RunJournal {
  /// Enters that a step has begun.
  ///
  /// - Throws: `JournalError`; code `stepAlreadyCommitted` if it succeeded or was skipped before.
  public func beginStep(
    _ step: String, task: String, under lease: RunLease, at time: Date = Date()
  ) throws(JournalError) {
    try write { db in
      try requireValid(lease, db)
      _ = try enterStep(step, task: task, state: .running, startedAt: time, lease, db)
    }
  }

  /// Makes a step's result true, all of it in one transaction: its state, attempts, proposals,
  /// artefacts, metrics, its agents' records and the seals that it used up.
  ///
  /// A step that failed or was cancelled may be committed again; attempts and proposals of the
  /// earlier commit stay, artefacts and metrics are replaced.
  ///
  /// - Throws: `JournalError`, and then nothing of the commit is true. Code `staleLease` if another
  ///   process took the run over, `stepAlreadyCommitted` if the step succeeded or was skipped
  ///   before, `sealAlreadyOpened` if a reading of one of its seals is committed,
  ///   `invalidRecord` if a value breaks a rule.
  public func commitStep(_ commit: StepCommit, under lease: RunLease) throws(JournalError) {
    guard commit.state != .running else { throw invalid("a step cannot be committed as running") }
    try write { db in
      try requireValid(lease, db)
      let step = try enterStep(
        commit.path, task: commit.task, state: commit.state, startedAt: commit.startedAt, lease, db)
      try db.execute(
        sql: "UPDATE step SET ended_at = ?, error = ?, commits = commits + 1 WHERE id = ?",
        arguments: [commit.endedAt, commit.error, step])
      try db.execute(sql: "DELETE FROM artifact WHERE step = ?", arguments: [step])
      try db.execute(sql: "DELETE FROM metric WHERE step = ?", arguments: [step])
      for attempt in commit.attempts { try insert(attempt, step, db) }
      for proposal in commit.proposals { try insert(proposal, step, db) }
      for artifact in commit.artifacts { try insert(artifact, step, db) }
      for metric in commit.metrics { try insert(metric, step, db) }
      for outcome in commit.outcomes { try Self.add(outcome, db) }
      for seal in commit.seals {
        try commitSeal(seal, step: commit.path, at: commit.endedAt, lease, db)
      }
    }
  }

  private func enterStep(
    _ path: String, task: String, state: StepState, startedAt: Date, _ lease: RunLease,
    _ db: Database
  ) throws -> Int64 {
    let run = lease.run.rawValue
    let former = try Row.fetchOne(
      db, sql: "SELECT id, state FROM step WHERE run = ? AND path = ?", arguments: [run, path])
    guard let former else {
      try db.execute(
        sql: "INSERT INTO step (run, path, task, state, started_at) VALUES (?, ?, ?, ?, ?)",
        arguments: [run, path, task, state.rawValue, startedAt])
      return db.lastInsertedRowID
    }
    let formerState: String = try former.get("state")
    if formerState == StepState.succeeded.rawValue || formerState == StepState.skipped.rawValue {
      throw JournalError(
        code: .stepAlreadyCommitted, path: self.path,
        message: "step \(path) of run \(lease.run) is committed as \(formerState)",
        remedy: "start a new run to do it again")
    }
    let id: Int64 = try former.get("id")
    try db.execute(
      sql: """
        UPDATE step SET task = ?, state = ?, started_at = ?, ended_at = NULL, error = NULL
        WHERE id = ?
        """,
      arguments: [task, state.rawValue, startedAt, id])
    return id
  }

  private func insert(_ attempt: AttemptRecord, _ step: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO attempt (step, number, member, agent, agent_version, plugin_digest, started_at,
          ended_at, outcome, message, seconds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        step, attempt.number, attempt.member, attempt.agentID, attempt.agentVersion,
        attempt.pluginDigest?.description, attempt.startedAt, attempt.endedAt, attempt.outcome,
        attempt.message, attempt.seconds,
      ])
  }

  private func insert(_ proposal: ProposalRecord, _ step: Int64, _ db: Database) throws {
    let cost = proposal.cost
    try db.execute(
      sql: """
        INSERT INTO proposal (step, step_commit, agent, agent_version, verdict, fixed_seconds_p50,
          fixed_seconds_p95, item_seconds_p50, item_seconds_p95, warm_up_seconds, memory_bytes,
          quality, corrected_quality, corrected_seconds, score, reason, awarded, decision)
        VALUES (?, (SELECT commits FROM step WHERE id = ?),
          ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        step, step, proposal.agentID, proposal.agentVersion, proposal.verdict.rawValue,
        cost?.fixedSecondsP50, cost?.fixedSecondsP95, cost?.itemSecondsP50, cost?.itemSecondsP95,
        cost?.warmUpSeconds, cost?.memoryBytes, cost?.quality, proposal.correctedQuality,
        proposal.correctedSeconds, proposal.score, proposal.reason, proposal.isAwarded,
        proposal.decision,
      ])
  }

  private func insert(_ artifact: ArtifactRecord, _ step: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO artifact (step, port, member, digest, kind, type, byte_count)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        step, artifact.port, artifact.member, artifact.digest.description, artifact.kind,
        artifact.type, artifact.byteCount,
      ])
  }

  private func insert(_ metric: MetricRecord, _ step: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO metric (step, name, member, value, low, high) VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [step, metric.name, metric.member, metric.value, metric.low, metric.high])
  }
}
