import GRDB

/// The tables, version by version.
///
/// A version is never edited once it was released: a change is a new entry at the end.
enum JournalSchema {
  /// Stands in the file's header, so that a database of another program is told apart: "CADR".
  static let applicationID = 0x4341_4452

  static var version: Int { migrations.count }

  /// Brings the tables to this version.
  ///
  /// All versions go in one immediate transaction, so that two processes which open a new journal
  /// at once do not both make its tables. GRDB's migrator reads what is done before it locks.
  static func migrate(_ db: Database, path: String) throws {
    try db.inTransaction(.immediate) {
      let found = try check(db, path: path)
      if found == version { return .rollback }
      for migration in migrations[found...] { try db.execute(sql: migration) }
      try db.execute(
        sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
      return .commit
    }
  }

  /// The version of an existing file, 0 for an empty one.
  ///
  /// - Throws: `JournalError` if it is another program's, or newer than this version.
  static func check(_ db: Database, path: String) throws -> Int {
    let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    if id == 0 && found == 0 && tables == 0 { return 0 }
    guard id == applicationID, found > 0 else {
      throw JournalError(
        code: .notADatabase, path: path,
        message: "\(path) is an SQLite database of another program",
        remedy: "give the path of a Cadre journal, or of a file that does not exist yet")
    }
    guard found <= version else {
      throw JournalError(
        code: .newerSchema, path: path,
        message: "\(path) has version \(found), and this Cadre knows versions up to \(version)",
        remedy: "use the newer Cadre that wrote it, or another journal")
    }
    return found
  }

  static let migrations = [version1]

  private static let version1 = """
    CREATE TABLE run (
      id TEXT NOT NULL PRIMARY KEY,
      workflow TEXT NOT NULL,
      workflow_digest TEXT NOT NULL,
      workflow_path TEXT NOT NULL,
      seed TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
      started_at TEXT NOT NULL,
      ended_at TEXT,
      host_version TEXT NOT NULL,
      abi_version TEXT NOT NULL,
      isa TEXT NOT NULL,
      threads INTEGER NOT NULL CHECK (threads > 0),
      error TEXT,
      summary TEXT CHECK (summary IS NULL OR json_valid(summary)),
      CHECK ((state = 'running') = (ended_at IS NULL))
    ) STRICT;

    CREATE TABLE lease (
      run TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
      epoch INTEGER NOT NULL CHECK (epoch > 0),
      pid INTEGER NOT NULL,
      boot_id TEXT NOT NULL,
      start_ticks INTEGER NOT NULL,
      taken_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE step (
      id INTEGER NOT NULL PRIMARY KEY,
      run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      path TEXT NOT NULL CHECK (path <> ''),
      task TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('running', 'succeeded', 'failed', 'skipped', 'cancelled')),
      started_at TEXT NOT NULL,
      ended_at TEXT,
      error TEXT,
      commits INTEGER NOT NULL DEFAULT 0,
      UNIQUE (run, path)
    ) STRICT;

    CREATE TABLE attempt (
      id INTEGER NOT NULL PRIMARY KEY,
      step INTEGER NOT NULL REFERENCES step (id) ON DELETE CASCADE,
      number INTEGER NOT NULL CHECK (number > 0),
      member INTEGER CHECK (member >= 0),
      agent TEXT NOT NULL,
      agent_version TEXT NOT NULL,
      plugin_digest TEXT,
      started_at TEXT NOT NULL,
      ended_at TEXT NOT NULL,
      outcome TEXT NOT NULL,
      message TEXT NOT NULL,
      seconds REAL NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX attempt_once ON attempt (step, ifnull(member, -1), number);

    CREATE TABLE proposal (
      id INTEGER NOT NULL PRIMARY KEY,
      step INTEGER NOT NULL REFERENCES step (id) ON DELETE CASCADE,
      step_commit INTEGER NOT NULL,
      agent TEXT NOT NULL,
      agent_version TEXT NOT NULL,
      verdict TEXT NOT NULL CHECK (verdict IN ('bid', 'decline', 'ineligible')),
      fixed_seconds_p50 REAL,
      fixed_seconds_p95 REAL,
      item_seconds_p50 REAL,
      item_seconds_p95 REAL,
      warm_up_seconds REAL,
      memory_bytes INTEGER,
      quality REAL,
      corrected_quality REAL,
      corrected_seconds REAL,
      score REAL,
      reason TEXT NOT NULL,
      awarded INTEGER NOT NULL CHECK (awarded IN (0, 1)),
      decision TEXT NOT NULL,
      CHECK ((verdict = 'bid') = (fixed_seconds_p50 IS NOT NULL)),
      CHECK (fixed_seconds_p50 IS NULL OR (fixed_seconds_p95 IS NOT NULL
        AND item_seconds_p50 IS NOT NULL AND item_seconds_p95 IS NOT NULL
        AND warm_up_seconds IS NOT NULL AND memory_bytes IS NOT NULL)),
      CHECK (awarded = 0 OR verdict = 'bid')
    ) STRICT;
    CREATE INDEX proposal_of_step ON proposal (step);

    CREATE TABLE artifact (
      id INTEGER NOT NULL PRIMARY KEY,
      step INTEGER NOT NULL REFERENCES step (id) ON DELETE CASCADE,
      port TEXT NOT NULL,
      member INTEGER CHECK (member >= 0),
      digest TEXT NOT NULL,
      kind TEXT NOT NULL,
      type TEXT NOT NULL,
      byte_count INTEGER NOT NULL CHECK (byte_count >= 0)
    ) STRICT;
    CREATE UNIQUE INDEX artifact_once ON artifact (step, port, ifnull(member, -1));

    CREATE TABLE metric (
      id INTEGER NOT NULL PRIMARY KEY,
      step INTEGER NOT NULL REFERENCES step (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      member INTEGER CHECK (member >= 0),
      value REAL NOT NULL CHECK (abs(value) <= 1.7976931348623157e308),
      low REAL,
      high REAL,
      CHECK (low IS NULL OR high IS NULL OR low <= high)
    ) STRICT;
    CREATE UNIQUE INDEX metric_once ON metric (step, name, ifnull(member, -1));

    CREATE TABLE event (
      id INTEGER NOT NULL PRIMARY KEY,
      run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      time TEXT NOT NULL,
      step TEXT,
      level TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error')),
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_of_run ON event (run);

    CREATE TABLE agent_record (
      agent TEXT NOT NULL,
      task TEXT NOT NULL,
      jobs INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      total_seconds REAL NOT NULL,
      total_items INTEGER NOT NULL,
      timed_seconds REAL NOT NULL,
      promised_seconds REAL NOT NULL,
      quality_sum REAL NOT NULL,
      quality_count INTEGER NOT NULL,
      compared_quality_sum REAL NOT NULL,
      promised_quality_sum REAL NOT NULL,
      compared_quality_count INTEGER NOT NULL,
      PRIMARY KEY (agent, task)
    ) STRICT;

    -- The primary key is what makes "once" true: a second committed reading cannot be inserted.
    CREATE TABLE seal (
      run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      step TEXT NOT NULL,
      committed_at TEXT NOT NULL,
      PRIMARY KEY (run, name)
    ) STRICT;

    CREATE TABLE seal_attempt (
      id INTEGER NOT NULL PRIMARY KEY,
      run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      step TEXT NOT NULL,
      time TEXT NOT NULL,
      refused INTEGER NOT NULL CHECK (refused IN (0, 1))
    ) STRICT;
    CREATE INDEX seal_attempt_of_run ON seal_attempt (run);
    """
}
