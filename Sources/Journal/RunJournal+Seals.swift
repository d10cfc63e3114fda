import Foundation
import GRDB

extension RunJournal {
  /// Enters that a step is about to read sealed data, and refuses where a reading stands committed.
  ///
  /// Only the commit of the step, with the seal among its `seals`, uses the one reading up: a step
  /// that fails before may try again. Each try stays in the journal, a refused one too.
  ///
  /// - Throws: `JournalError`; code `sealAlreadyOpened` that names the step which read it.
  public func openSeal(
    _ name: String, by step: String, under lease: RunLease, at time: Date = Date()
  ) throws(JournalError) {
    let opener: String? = try write { db in
      try requireValid(lease, db)
      let opener = try Self.opener(of: name, lease.run, db)
      try db.execute(
        sql: "INSERT INTO seal_attempt (run, name, step, time, refused) VALUES (?, ?, ?, ?, ?)",
        arguments: [lease.run.rawValue, name, step, time, opener != nil])
      return opener
    }
    if let opener { throw alreadyOpened(name, by: opener, lease.run) }
  }

  /// All tries to read sealed data in a run, in the order of time.
  ///
  /// - Throws: `JournalError`.
  public func sealAttempts(of run: RunID) throws(JournalError) -> [SealAttempt] {
    try read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT name, step, time, refused FROM seal_attempt WHERE run = ? ORDER BY id",
        arguments: [run.rawValue])
      return try rows.map {
        try SealAttempt(
          name: $0.get("name"), step: $0.get("step"), time: $0.get("time"),
          refused: $0.get("refused"))
      }
    }
  }

  func commitSeal(
    _ name: String, step: String, at time: Date, _ lease: RunLease, _ db: Database
  ) throws {
    do {
      try db.execute(
        sql: "INSERT INTO seal (run, name, step, committed_at) VALUES (?, ?, ?, ?)",
        arguments: [lease.run.rawValue, name, step, time])
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      guard let opener = try Self.opener(of: name, lease.run, db) else { throw error }
      throw alreadyOpened(name, by: opener, lease.run)
    }
  }

  private static func opener(of name: String, _ run: RunID, _ db: Database) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT step FROM seal WHERE run = ? AND name = ?", arguments: [run.rawValue, name])
  }

  private func alreadyOpened(_ name: String, by step: String, _ run: RunID) -> JournalError {
    JournalError(
      code: .sealAlreadyOpened, path: path,
      message: "the sealed data \(name) of run \(run) was read and scored once, by step \(step)",
      remedy: "start a new run: a sealed part that is read twice proves nothing")
  }
}
