import AgentKit
import RowSources

/// What to read from a SQLite database: what every source is told, and a table or a query.
public struct SQLiteSettings: Sendable, Hashable {
  /// What every source is told.
  public let source: SourceSettings
  /// A statement that only reads.
  public let query: String
  /// The table that the query was made of; nil when the user wrote the query.
  public let table: String?
  /// How long to wait for another program's lock, in milliseconds.
  public let timeout: Int32

  /// Reads the settings.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` unless there is either a table or a query.
  public init(_ settings: Settings) throws(AgentFailure) {
    source = try SourceSettings(settings)
    let table = try settings.string("table")
    let query = try settings.string("query")
    guard table.isEmpty != query.isEmpty else {
      throw AgentFailure(
        .invalidArgument, "name either a `table` or write a `query`, not both or neither",
        where: "settings.table")
    }
    self.table = table.isEmpty ? nil : table
    let quoted = table.split(separator: "\"", omittingEmptySubsequences: false)
    self.query =
      table.isEmpty ? query : "SELECT * FROM \"\(quoted.joined(separator: "\"\""))\""
    timeout = Int32(clamping: Int(try settings.double("timeout") * 1000))
  }

  /// The settings that only this source has.
  public static let specs: [SettingSpec] = [
    .utf8("table", "", about: "the table or view to read whole"),
    .utf8("query", "", about: "a SELECT to read instead"),
    .f64("timeout", 5, in: 0...600, about: "seconds to wait for another program's lock"),
  ]
}

/// Reads SQLite databases into the table of `data.collect/1`.
public enum SQLiteReader {
  /// Reads all parts, in the order in which the database gives the rows.
  ///
  /// - Parameters:
  ///   - settings: what to read.
  ///   - checkStop: called now and then; throws when the work is to end.
  /// - Throws: `AgentFailure`, with the database in its `place`.
  public static func table(
    _ settings: SQLiteSettings, checkStop: () throws -> Void = {}
  ) throws -> Table {
    var collector = RowCollector(settings.source)
    for part in settings.source.parts {
      let database = try Database(path: part.path, timeout: settings.timeout)
      try requireTable(settings, in: database)
      let statement = try database.statement(settings.query)
      let columns = statement.columns
      try collector.begin(part, columns: columns)
      while try statement.step() {
        if collector.rowCount.isMultiple(of: 1024) { try checkStop() }
        var cells: [Cell] = []
        for index in columns.indices { cells.append(try statement.cell(Int32(index))) }
        collector.append(cells)
      }
    }
    return try collector.table()
  }

  private static func requireTable(
    _ settings: SQLiteSettings, in database: Database
  ) throws(AgentFailure) {
    guard let table = settings.table else { return }
    let tables = try database.tables()
    // SQLite compares names without the case of ASCII letters.
    guard !tables.contains(where: { $0.lowercased() == table.lowercased() }) else { return }
    let there = tables.isEmpty ? "no tables" : tables.map { "'\($0)'" }.joined(separator: ", ")
    throw AgentFailure(
      .notFound, "there is no table '\(table)'; the database has \(there)", where: database.path)
  }
}
