import ArtifactStore
import Foundation
import GRDB

extension RunJournal {
  /// The newest runs, newest first.
  ///
  /// - Throws: `JournalError`.
  public func runs(limit: Int = 50) throws(JournalError) -> [RunRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "\(Self.selectRuns) ORDER BY run.started_at DESC, run.rowid DESC LIMIT ?",
        arguments: [limit]
      ).map { try Self.runRecord($0) }
    }
  }

  /// The run of that id, the one run whose id begins so, or for `last` the newest.
  ///
  /// - Throws: `JournalError`; code `runNotFound`, or `ambiguousRun` that lists the candidates.
  public func run(_ text: String) throws(JournalError) -> RunRecord {
    if text == "last" {
      guard let newest = try runs(limit: 1).first else { throw notFound(text) }
      return newest
    }
    guard !text.isEmpty else { throw notFound(text) }
    let found = try read { db in
      try Row.fetchAll(
        db,
        sql: "\(Self.selectRuns) WHERE substr(run.id, 1, ?) = ? ORDER BY run.id LIMIT 6",
        arguments: [text.unicodeScalars.count, text]
      ).map { try Self.runRecord($0) }
    }
    if let exact = found.first(where: { $0.id.rawValue == text }) { return exact }
    guard let first = found.first else { throw notFound(text) }
    guard found.count == 1 else {
      let names = found.prefix(5).map(\.id.rawValue).joined(separator: ", ")
      throw JournalError(
        code: .ambiguousRun, path: path,
        message: "\"\(text)\" fits several runs: \(names)\(found.count > 5 ? ", …" : "")",
        remedy: "write more of the id")
    }
    return first
  }

  /// The steps of a run in the order in which they began.
  ///
  /// - Throws: `JournalError`.
  public func steps(of run: RunID) throws(JournalError) -> [StepRecord] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT step.*, (SELECT count(*) FROM attempt WHERE attempt.step = step.id) AS attempts
          FROM step WHERE run = ? ORDER BY id
          """,
        arguments: [run.rawValue])
      return try rows.map { row in
        try StepRecord(
          run: run, path: row.get("path"), task: row.get("task"),
          state: row.word("state"), startedAt: row.get("started_at"),
          endedAt: row.get("ended_at"), error: row.get("error"), attemptCount: row.get("attempts"))
      }
    }
  }

  /// The attempts at a step, in the order of their entry.
  ///
  /// - Throws: `JournalError`.
  public func attempts(of run: RunID, step: String) throws(JournalError) -> [AttemptRecord] {
    try children("attempt", run, step) { row in
      try AttemptRecord(
        number: row.get("number"), member: row.get("member"), agentID: row.get("agent"),
        agentVersion: row.get("agent_version"),
        pluginDigest: row.digestIfAny("plugin_digest"),
        startedAt: row.get("started_at"), endedAt: row.get("ended_at"), outcome: row.get("outcome"),
        message: row.get("message"))
    }
  }

  /// The answers to a step's calls for proposals, in the order of their entry.
  ///
  /// - Throws: `JournalError`.
  public func proposals(of run: RunID, step: String) throws(JournalError) -> [ProposalRecord] {
    try children("proposal", run, step) { row in
      var proposal = try ProposalRecord(
        agentID: row.get("agent"), agentVersion: row.get("agent_version"),
        verdict: row.word("verdict"), cost: Self.cost(row),
        correctedQuality: row.get("corrected_quality"),
        correctedSeconds: row.get("corrected_seconds"),
        score: row.get("score"), reason: row.get("reason"), isAwarded: row.get("awarded"),
        decision: row.get("decision"))
      proposal.commit = try row.get("step_commit")
      return proposal
    }
  }

  /// The artefacts of a step, in the order of their entry.
  ///
  /// - Throws: `JournalError`.
  public func artifacts(of run: RunID, step: String) throws(JournalError) -> [ArtifactRecord] {
    try children("artifact", run, step) { row in
      try ArtifactRecord(
        port: row.get("port"), member: row.get("member"), digest: row.digest("digest"),
        kind: row.get("kind"), type: row.get("type"), byteCount: row.get("byte_count"))
    }
  }

  /// The metrics of a step, in the order of their entry.
  ///
  /// - Throws: `JournalError`.
  public func metrics(of run: RunID, step: String) throws(JournalError) -> [MetricRecord] {
    try children("metric", run, step) { row in
      try MetricRecord(
        name: row.get("name"), member: row.get("member"), value: row.get("value"),
        low: row.get("low"),
        high: row.get("high"))
    }
  }

  /// The events of a run, in the order of their entry.
  ///
  /// - Throws: `JournalError`.
  public func events(of run: RunID) throws(JournalError) -> [EventRecord] {
    try read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM event WHERE run = ? ORDER BY id", arguments: [run.rawValue])
      return try rows.map { row in
        try EventRecord(
          time: row.get("time"), step: row.get("step"), level: row.word("level"),
          text: row.get("text"))
      }
    }
  }

  /// All digests that any run refers to: what a garbage collection must keep.
  ///
  /// - Throws: `JournalError`.
  public func referencedDigests() throws(JournalError) -> Set<Digest> {
    try read { db in
      let texts = try String.fetchAll(
        db, sql: "SELECT digest FROM artifact UNION SELECT workflow_digest FROM run")
      return Set(try texts.map { try Digest(parsing: $0) })
    }
  }

  private func children<Record>(
    _ table: String, _ run: RunID, _ step: String, _ record: (Row) throws -> Record
  ) throws(JournalError) -> [Record] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT \(table).* FROM \(table) JOIN step ON step.id = \(table).step
          WHERE step.run = ? AND step.path = ? ORDER BY \(table).id
          """,
        arguments: [run.rawValue, step]
      ).map(record)
    }
  }
}
