import AgentKit
import CSQLite
import Foundation
import RowSources
import Testing

@testable import SQLiteReading

/// A database in a file, open for writing, removed with the test.
private final class Writer {
  let path: String
  private var connection: OpaquePointer?

  init(_ sql: String) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).db").path
    try #require(sqlite3_open(path, &connection) == SQLITE_OK)
    try run(sql)
  }

  deinit {
    sqlite3_close(connection)
    try? FileManager.default.removeItem(atPath: path)
  }

  func run(_ sql: String) throws {
    try #require(sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK)
  }
}

private func table(_ path: JSONValue, _ others: JSONValue) throws -> Table {
  let offer = Offer.source("sqlite", about: "", settings: SQLiteSettings.specs)
  let given = try Settings(["path": path]).overridden(by: Settings(others))
  return try SQLiteReader.table(SQLiteSettings(given.completed(by: offer.settings)))
}

private func caught(_ path: JSONValue, _ others: JSONValue) -> AgentFailure? {
  do {
    _ = try table(path, others)
    return nil
  } catch {
    return AgentFailure(error)
  }
}

private let tickets = """
  CREATE TABLE "odd ""name" (id INTEGER, body TEXT, kind TEXT, score REAL);
  INSERT INTO "odd ""name" VALUES (1, 'häl''lo', 'greeting', 0.5), (2, 'bye', NULL, 2), (3, NULL, '', NULL);
  CREATE TABLE other (x BLOB);
  INSERT INTO other VALUES (x'00ff');
  """

@Suite struct SQLiteReaderTests {
  @Test("a table is read whole, its columns with their types")
  func wholeTable() throws {
    let database = try Writer(tickets)
    let table = try table(
      .string(database.path), ["table": "odd \"name", "text": "body", "label": "kind"])
    #expect(table.columns.map(\.name) == ["text", "label", "id", "score"])
    #expect(try table.strings("text") == ["häl'lo", "bye", nil])
    #expect(try table.strings("label") == ["greeting", nil, nil])
    #expect(try table.integers("id") == [1, 2, 3])
    #expect(try table.doubles("score") == [0.5, 2, nil])
  }

  @Test("a query chooses rows and names columns; parts are databases")
  func query() throws {
    let (first, second) = (try Writer(tickets), try Writer(tickets))
    let table = try table(
      ["a": .string(first.path), "b": .string(second.path)],
      [
        "query":
          "SELECT body AS text, kind AS label FROM \"odd \"\"name\" WHERE id < 3 ORDER BY id DESC;"
      ])
    #expect(try table.strings("text") == ["bye", "häl'lo", "bye", "häl'lo"])
    #expect(try table.strings("part") == ["a", "a", "b", "b"])
  }

  @Test("a missing table names those that are there")
  func missingTable() throws {
    let database = try Writer(tickets)
    let failure = try #require(caught(.string(database.path), ["table": "ticket"]))
    #expect(failure.code == .notFound)
    #expect(failure.message.contains("no table 'ticket'; the database has 'odd \"name', 'other'"))
    #expect(failure.place == database.path)
  }

  @Test("a missing database is not made")
  func missingDatabase() {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).db")
      .path
    #expect(caught(.string(path), ["table": "t"])?.code == .notFound)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("a file that is no database is refused")
  func noDatabase() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).db")
      .path
    try Data(repeating: 0x41, count: 4096).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let failure = try #require(caught(.string(path), ["table": "t"]))
    #expect(failure.code == .dataLoss)
    #expect(failure.message.contains("no SQLite database"))
  }

  @Test("a locked database says so, and that a retry may help")
  func locked() throws {
    let database = try Writer(tickets)
    try database.run("BEGIN EXCLUSIVE")
    let failure = try #require(
      caught(.string(database.path), ["table": "other", "timeout": 0]))
    #expect(failure.code == .unavailable)
    #expect(failure.retryAfter != nil)
    #expect(failure.message.contains("lock"))
  }

  @Test("only statements that read are run, one of them")
  func onlyReads() throws {
    let database = try Writer(tickets)
    func failed(_ query: String) -> String? {
      caught(.string(database.path), ["query": .string(query)])?.place
    }
    #expect(failed("DELETE FROM other") == "settings.query")
    #expect(failed("SELECT 1; DROP TABLE other") == "settings.query")
    #expect(failed("  ") == "settings.query")
    #expect(failed("SELEKT 1") == database.path)
    #expect(caught(.string(database.path), [:])?.place == "settings.table")
    #expect(
      caught(.string(database.path), ["table": "a", "query": "b"])?.place == "settings.table")
  }

  @Test("binary data and missing columns are named; no rows are an error")
  func columns() throws {
    let database = try Writer(tickets)
    let path = JSONValue.string(database.path)
    #expect(
      caught(path, ["query": "SELECT x AS text, 1 AS label FROM other"])?.message
        .contains("row 1, column 'text' holds binary data") == true)
    #expect(
      caught(path, ["table": "other"])?.message.contains("no column 'text'; it has 'x'") == true)
    #expect(
      caught(path, ["query": "SELECT 1 AS text, 2 AS label WHERE 0"])?.code == .failedPrecondition)
  }
}
