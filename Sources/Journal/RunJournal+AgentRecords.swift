import GRDB

extension RunJournal {
  /// Adds what a job taught about its agent, outside of any step's commit.
  ///
  /// - Throws: `JournalError`.
  public func addOutcome(_ outcome: AgentOutcome) throws(JournalError) {
    try write { try Self.add(outcome, $0) }
  }

  /// The measured record of an agent at a task, or nil if it never did it.
  ///
  /// - Throws: `JournalError`.
  public func record(of agentID: String, task: String) throws(JournalError) -> AgentRecord? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM agent_record WHERE agent = ? AND task = ?",
        arguments: [agentID, task]
      ).map(Self.agentRecord)
    }
  }

  /// All measured records, by agent and task.
  ///
  /// - Throws: `JournalError`.
  public func agentRecords() throws(JournalError) -> [AgentRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM agent_record ORDER BY agent, task")
        .map(Self.agentRecord)
    }
  }

  static func add(_ outcome: AgentOutcome, _ db: Database) throws {
    // A job that failed says nothing about how fast or how good the agent is when it works.
    let works = outcome.succeeded
    let promisedSeconds = works ? outcome.promisedSeconds : nil
    let quality = works ? outcome.quality : nil
    let promisedQuality = quality == nil ? nil : outcome.promisedQuality
    try db.execute(
      sql: """
        INSERT INTO agent_record (agent, task, jobs, failures, total_seconds, total_items,
          timed_seconds, promised_seconds, quality_sum, quality_count, compared_quality_sum,
          promised_quality_sum, compared_quality_count)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (agent, task) DO UPDATE SET
          jobs = jobs + excluded.jobs,
          failures = failures + excluded.failures,
          total_seconds = total_seconds + excluded.total_seconds,
          total_items = total_items + excluded.total_items,
          timed_seconds = timed_seconds + excluded.timed_seconds,
          promised_seconds = promised_seconds + excluded.promised_seconds,
          quality_sum = quality_sum + excluded.quality_sum,
          quality_count = quality_count + excluded.quality_count,
          compared_quality_sum = compared_quality_sum + excluded.compared_quality_sum,
          promised_quality_sum = promised_quality_sum + excluded.promised_quality_sum,
          compared_quality_count = compared_quality_count + excluded.compared_quality_count
        """,
      arguments: [
        outcome.agentID, outcome.task, outcome.isJob ? 1 : 0, works ? 0 : 1,
        works ? outcome.seconds : 0,
        works ? outcome.items : 0, promisedSeconds == nil ? 0 : outcome.seconds,
        promisedSeconds ?? 0, quality ?? 0, quality == nil ? 0 : 1,
        promisedQuality == nil ? 0 : quality ?? 0, promisedQuality ?? 0,
        promisedQuality == nil ? 0 : 1,
      ])
  }

  private static func agentRecord(_ row: Row) throws -> AgentRecord {
    var record = AgentRecord(agentID: try row.get("agent"), task: try row.get("task"))
    record.jobs = try row.get("jobs")
    record.failures = try row.get("failures")
    record.totalSeconds = try row.get("total_seconds")
    record.totalItems = try row.get("total_items")
    record.timedSeconds = try row.get("timed_seconds")
    record.promisedSeconds = try row.get("promised_seconds")
    record.qualitySum = try row.get("quality_sum")
    record.qualityCount = try row.get("quality_count")
    record.comparedQualitySum = try row.get("compared_quality_sum")
    record.promisedQualitySum = try row.get("promised_quality_sum")
    record.comparedQualityCount = try row.get("compared_quality_count")
    return record
  }
}
