import AgentKit
import CSQLite
import RowSources

/// A database opened for reading only.
final class Database {
  private let connection: OpaquePointer
  let path: String

  /// Opens a database that is there.
  ///
  /// - Parameters:
  ///   - path: a file; it is never made or changed.
  ///   - timeout: how long to wait for another program's lock, in milliseconds.
  /// - Throws: `AgentFailure` with `notFound`, `permissionDenied` or `invalidArgument`.
  init(path: String, timeout: Int32) throws(AgentFailure) {
    var connection: OpaquePointer?
    let status = sqlite3_open_v2(
      path, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK, let connection else {
      let message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(connection)
      throw AgentFailure(
        .notFound, "there is no database that can be opened (\(message)); check the setting `path`",
        where: path)
    }
    self.connection = connection
    self.path = path
    sqlite3_busy_timeout(connection, timeout)
  }

  deinit { sqlite3_close_v2(connection) }

  /// Prepares one statement.
  func statement(_ sql: String) throws(AgentFailure) -> Statement {
    var pointer: OpaquePointer?
    var tail: UnsafePointer<CChar>?
    let (status, rest) = sql.withCString { text in
      let status = sqlite3_prepare_v2(connection, text, -1, &pointer, &tail)
      return (status, tail.map { String(cString: $0) } ?? "")
    }
    guard status == SQLITE_OK else { throw failure(status) }
    guard let pointer else {
      throw AgentFailure(.invalidArgument, "the query is empty", where: "settings.query")
    }
    let statement = Statement(pointer, of: self)
    guard rest.allSatisfy({ $0.isWhitespace || $0 == ";" }) else {
      throw AgentFailure(
        .invalidArgument, "should be one statement; more follows: \(rest.prefix(40))",
        where: "settings.query")
    }
    guard sqlite3_stmt_readonly(pointer) != 0 else {
      throw AgentFailure(
        .invalidArgument, "should only read, as SELECT does", where: "settings.query")
    }
    return statement
  }

  /// The names of all tables and views, sorted.
  func tables() throws(AgentFailure) -> [String] {
    let statement = try statement(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
        + "AND name NOT LIKE 'sqlite_%' ORDER BY name")
    var names: [String] = []
    while try statement.step() { names.append(try statement.cell(0).text ?? "") }
    return names
  }

  /// The library's error as ours.
  func failure(_ status: Int32) -> AgentFailure {
    let message = String(cString: sqlite3_errmsg(connection))
    return switch status & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
      AgentFailure(
        .unavailable,
        "another program holds the database's lock (\(message)); try again when it "
          + "is done, or wait longer by the setting `timeout`", where: path,
        retryAfter: .seconds(1))
    case SQLITE_NOTADB, SQLITE_CORRUPT:
      AgentFailure(.dataLoss, "is no SQLite database, or a damaged one: \(message)", where: path)
    case SQLITE_CANTOPEN: AgentFailure(.notFound, message, where: path)
    case SQLITE_AUTH, SQLITE_PERM: AgentFailure(.permissionDenied, message, where: path)
    default: AgentFailure(.invalidArgument, message, where: path)
    }
  }
}

/// One prepared statement; steps through its rows once.
final class Statement {
  private let pointer: OpaquePointer
  private let database: Database
  private var row = 0

  fileprivate init(_ pointer: OpaquePointer, of database: Database) {
    self.pointer = pointer
    self.database = database
  }

  deinit { sqlite3_finalize(pointer) }

  /// The names of the result's columns.
  var columns: [String] {
    (0..<sqlite3_column_count(pointer)).map { index in
      sqlite3_column_name(pointer, index).map { String(cString: $0) } ?? ""
    }
  }

  /// Goes to the next row; false after the last one.
  func step() throws(AgentFailure) -> Bool {
    switch sqlite3_step(pointer) {
    case SQLITE_ROW:
      row += 1
      return true
    case SQLITE_DONE: return false
    case let status: throw database.failure(status)
    }
  }

  /// The value of a column in the row at hand.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for binary data and for a text that is not UTF-8.
  func cell(_ index: Int32) throws(AgentFailure) -> Cell {
    switch sqlite3_column_type(pointer, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(pointer, index))
    case SQLITE_FLOAT: return .number(sqlite3_column_double(pointer, index))
    case SQLITE_NULL: return .null
    case SQLITE_TEXT:
      // The text first: asking for it may change its length.
      let text = sqlite3_column_text(pointer, index)
      let bytes = UnsafeBufferPointer(
        start: text, count: Int(sqlite3_column_bytes(pointer, index)))
      if let value = String(validating: bytes, as: UTF8.self) { return .text(value) }
      throw failure(index, "is a text that is not UTF-8; repair it, or leave the column out")
    default:
      throw failure(index, "holds binary data; leave the column out by the setting `query`")
    }
  }

  private func failure(_ index: Int32, _ message: String) -> AgentFailure {
    AgentFailure(
      .invalidArgument, "row \(row), column '\(columns[Int(index)])' \(message)",
      where: database.path)
  }
}
