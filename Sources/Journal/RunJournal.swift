import ArtifactStore
import Foundation
import GRDB

/// The book of all runs: an SQLite file that says what was decided, done and measured.
///
/// Whatever a function has committed survives a crash of the process and of the machine: the file
/// is in WAL mode with `synchronous = FULL`. Each run has one owner, who holds its `RunLease`; a
/// write under an older lease is refused. Several processes may use one journal, each for its own
/// runs. All functions block on the disk, for up to five seconds where another process writes.
public final class RunJournal: Sendable {
  /// The journal's file.
  public let path: String

  // One connection a process: SQLite has one writer anyway, and reads are short.
  private let queue: DatabaseQueue

  /// Opens a journal, and makes it with its folder where it does not exist.
  ///
  /// - Throws: `JournalError`; code `notADatabase` or `newerSchema` leaves the file as it is.
  public static func open(_ path: String) throws(JournalError) -> RunJournal {
    try open(path, busySeconds: 5)
  }

  static func open(_ path: String, busySeconds: Double) throws(JournalError) -> RunJournal {
    do {
      let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
      try createFolderDurably(folder)
      try refuseForeign(path)
      var configuration = Self.configuration
      configuration.busyMode = .timeout(busySeconds)
      configuration.journalMode = .wal
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { db in
        // The library sets NORMAL with WAL, which may lose the last commits when power fails.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try JournalSchema.migrate(db, path: path)
      }
      return RunJournal(path: path, queue: queue)
    } catch {
      throw JournalError(error, path: path)
    }
  }

  /// Opens an existing journal to look at; functions that write throw.
  ///
  /// - Throws: `JournalError`; code `missing` if there is none, `readOnly` if it comes from an
  ///   older version and must be migrated first.
  public static func openReadOnly(_ path: String) throws(JournalError) -> RunJournal {
    do {
      try refuseFolder(path)
      var configuration = Self.configuration
      configuration.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let found = try queue.read { try JournalSchema.check($0, path: path) }
      guard found > 0 else {
        throw JournalError(
          code: .missing, path: path, message: "\(path) is empty: there is no journal yet",
          remedy: "run a workflow first, or check the path")
      }
      guard found == JournalSchema.version else {
        throw JournalError(
          code: .readOnly, path: path,
          message: "\(path) has version \(found), and this Cadre reads \(JournalSchema.version)",
          remedy: "run a workflow with this journal once: that brings it up to date")
      }
      return RunJournal(path: path, queue: queue)
    } catch {
      throw JournalError(error, path: path)
    }
  }

  private init(path: String, queue: DatabaseQueue) {
    self.path = path
    self.queue = queue
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.label = "cadre.journal"
    return configuration
  }

  /// Looks at an existing file before WAL mode is set, which would already change it.
  private static func refuseForeign(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try refuseFolder(path)
    var configuration = Self.configuration
    configuration.readonly = true
    try DatabaseQueue(path: path, configuration: configuration).read { db in
      _ = try JournalSchema.check(db, path: path)
    }
  }

  /// SQLite would report a folder as a failure of the disk.
  private static func refuseFolder(_ path: String) throws {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return }
    throw JournalError(
      code: .notADatabase, path: path, message: "\(path) is a folder",
      remedy: "give the path of a Cadre journal, or of a file that does not exist yet")
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw JournalError(error, path: path)
    }
  }

  /// Runs the body in one immediate transaction; an error undoes all of it.
  func write<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
    guard !queue.configuration.readonly else {
      throw JournalError(
        code: .readOnly, path: path, message: "\(path) was opened for reading only",
        remedy: "open it for writing")
    }
    do {
      return try queue.write(body)
    } catch {
      throw JournalError(error, path: path)
    }
  }

  /// The value of a setting of the connection, for the tests of durability.
  func setting(_ name: String) throws(JournalError) -> String {
    try read { try String.fetchOne($0, sql: "PRAGMA \(name)") ?? "" }
  }
}
