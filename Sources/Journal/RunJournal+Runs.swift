import Foundation
import GRDB

extension RunJournal {
  /// Enters a run that begins now, owned by this process.
  ///
  /// - Returns: The right to write to it.
  /// - Throws: `JournalError`.
  public func beginRun(_ run: NewRun, at time: Date = Date()) throws(JournalError) -> RunLease {
    try write { db in
      var id = Self.freshID(at: time)
      while try Bool.fetchOne(db, sql: "SELECT 1 FROM run WHERE id = ?", arguments: [id]) != nil {
        id = Self.freshID(at: time)
      }
      try db.execute(
        sql: """
          INSERT INTO run (id, workflow, workflow_digest, workflow_path, seed, state, started_at,
            host_version, abi_version, isa, threads)
          VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, run.workflow, run.workflowDigest.description, run.workflowPath, String(run.seed),
          time, run.hostVersion, run.abiVersion, run.isa, run.threads,
        ])
      let lease = RunLease(run: RunID(rawValue: id), epoch: 1)
      try Self.enter(lease, owner: .current, at: time, db)
      return lease
    }
  }

  /// Enters the end of a run.
  ///
  /// Steps that had begun and were not committed become cancelled.
  ///
  /// - Parameters:
  ///   - state: `succeeded`, `failed` or `cancelled`.
  ///   - error: Why it failed, or nil.
  ///   - summary: A JSON text of the results for display, or nil.
  /// - Throws: `JournalError`; code `staleLease` if another process took the run over.
  public func finishRun(
    under lease: RunLease, state: RunState, error: String? = nil, summary: String? = nil,
    at time: Date = Date()
  ) throws(JournalError) {
    guard state != .running, state != .interrupted else {
      throw invalid("a run cannot end as \(state.rawValue)")
    }
    try write { db in
      try requireValid(lease, db)
      try db.execute(
        sql: "UPDATE run SET state = ?, error = ?, summary = ?, ended_at = ? WHERE id = ?",
        arguments: [state.rawValue, error, summary, time, lease.run.rawValue])
      try db.execute(
        sql: """
          UPDATE step SET state = 'cancelled', ended_at = ? WHERE run = ? AND state = 'running'
          """,
        arguments: [time, lease.run.rawValue])
    }
  }

  /// Takes over a run that was interrupted, failed or cancelled; it is running again then.
  ///
  /// The former owner's lease is stale from now on, also where it still lives unseen, as in
  /// another container.
  ///
  /// - Throws: `JournalError`; code `ownerAlive`, `runEnded` for a run that succeeded, or
  ///   `runNotFound`.
  public func takeOver(_ run: RunID, at time: Date = Date()) throws(JournalError) -> RunLease {
    try write { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "\(Self.selectRuns) WHERE run.id = ?", arguments: [run.rawValue])
      else { throw notFound(run.rawValue) }
      let record = try Self.runRecord(row)
      switch record.state {
      case .running:
        throw JournalError(
          code: .ownerAlive, path: path,
          message: "run \(run) belongs to process \(try row.get("pid") as Int32), which is alive",
          remedy: "wait for that process to end, or stop it")
      case .succeeded:
        throw ended(run, as: record.state)
      case .failed, .cancelled, .interrupted:
        let lease = RunLease(run: run, epoch: record.leaseEpoch + 1)
        try Self.enter(lease, owner: .current, at: time, db)
        try db.execute(
          sql: "UPDATE run SET state = 'running', ended_at = NULL, error = NULL WHERE id = ?",
          arguments: [run.rawValue])
        return lease
      }
    }
  }

  /// Enters events.
  ///
  /// - Throws: `JournalError`; code `staleLease` if another process took the run over.
  public func record(_ events: [EventRecord], under lease: RunLease) throws(JournalError) {
    try write { db in
      try requireValid(lease, db)
      for event in events {
        try db.execute(
          sql: "INSERT INTO event (run, time, step, level, text) VALUES (?, ?, ?, ?, ?)",
          arguments: [
            lease.run.rawValue, event.time, event.step, event.level.rawValue, event.text,
          ])
      }
    }
  }

  /// Throws unless the lease is the newest of its run and the run has not ended.
  func requireValid(_ lease: RunLease, _ db: Database) throws {
    guard
      let row = try Row.fetchOne(
        db,
        sql: "SELECT epoch, pid, state FROM lease JOIN run ON run.id = lease.run WHERE run = ?",
        arguments: [lease.run.rawValue])
    else { throw notFound(lease.run.rawValue) }
    let epoch: Int64 = try row.get("epoch")
    guard epoch == lease.epoch else {
      throw JournalError(
        code: .staleLease, path: path,
        message: """
          run \(lease.run) was taken over by process \(try row.get("pid") as Int32) (epoch \(epoch)); \
          this process held epoch \(lease.epoch)
          """,
        remedy: "stop this process: the other one goes on with the run")
    }
    let state: String = try row.get("state")
    guard state == RunState.running.rawValue else {
      throw ended(lease.run, as: RunState(rawValue: state) ?? .failed)
    }
  }

  func notFound(_ text: String) -> JournalError {
    JournalError(
      code: .runNotFound, path: path, message: "no run in \(path) is named \"\(text)\"",
      remedy: "see `cadre runs`")
  }

  func invalid(_ message: String) -> JournalError {
    JournalError(
      code: .invalidRecord, path: path, message: message,
      remedy: "report this with the message: the host should not have written it")
  }

  private func ended(_ run: RunID, as state: RunState) -> JournalError {
    JournalError(
      code: .runEnded, path: path, message: "run \(run) has ended (\(state.rawValue))",
      remedy: "start a new run")
  }

  private static func enter(
    _ lease: RunLease, owner: OwnerProcess, at time: Date, _ db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO lease (run, epoch, pid, boot_id, start_ticks, taken_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (run) DO UPDATE SET epoch = excluded.epoch, pid = excluded.pid,
          boot_id = excluded.boot_id, start_ticks = excluded.start_ticks,
          taken_at = excluded.taken_at
        """,
      arguments: [
        lease.run.rawValue, lease.epoch, owner.pid, owner.bootID, owner.startTicks, time,
      ])
  }

  private static func freshID(at time: Date) -> String {
    let style = Date.ISO8601FormatStyle(
      dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted)
    let stamp = time.formatted(style).replacing("T", with: "-").replacing("Z", with: "")
    // No vowels and no look-alikes: an id is neither a word nor hard to read aloud.
    let letters = Array("23456789bcdfghjkmnpqrstvwxz")
    let tail = String((0..<4).map { _ in letters[Int.random(in: 0..<letters.count)] })
    return "\(stamp)-\(tail)"
  }
}
