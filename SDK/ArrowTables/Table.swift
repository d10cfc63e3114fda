/// One named column of a table.
public struct TableColumn: Sendable, Hashable {
  /// The name, unique within its table.
  public var name: String
  /// The values, one a row.
  public var values: ColumnValues
  /// Tags such as `pii`; they travel with the column as Arrow field metadata.
  public var tags: [String]

  /// Makes a column.
  ///
  /// - Parameters:
  ///   - name: unique within its table.
  ///   - values: one a row.
  ///   - tags: tags such as `pii`, without commas.
  public init(_ name: String, _ values: ColumnValues, tags: [String] = []) {
    self.name = name
    self.values = values
    self.tags = tags
  }
}

/// Rows in named columns of equal length: the value of a port `table<…>`.
///
///     let table = try Table(columns: [
///       TableColumn("text", .utf8(["hello", nil])), TableColumn("n", .i64([1, 2])),
///     ])
///     try table.strings("text")  // ["hello", nil]
///
/// A value: copies share their storage until one of them changes.
public struct Table: Sendable, Hashable {
  /// The columns, in order.
  public let columns: [TableColumn]
  /// The number of rows; 0 when there are no columns.
  public let rowCount: Int

  /// Makes a table.
  ///
  /// - Parameter columns: columns of equal length and different names.
  /// - Throws: `TableError` with `unequalLengths` or `duplicateColumn`.
  public init(columns: [TableColumn]) throws(TableError) {
    let rowCount = columns.first?.values.count ?? 0
    var names: Set<String> = []
    for column in columns {
      guard column.values.count == rowCount else {
        throw TableError(
          .unequalLengths,
          "has \(column.values.count) rows, but '\(columns[0].name)' has \(rowCount); "
            + "all columns of a table are equally long", column: column.name)
      }
      guard names.insert(column.name).inserted else {
        throw TableError(
          .duplicateColumn, "stands twice in one table; rename one of them", column: column.name)
      }
    }
    self.columns = columns
    self.rowCount = rowCount
  }

  /// Makes a table of columns that are known to be equally long and differently named.
  init(checked columns: [TableColumn]) {
    self.columns = columns
    rowCount = columns.first?.values.count ?? 0
  }

  /// The column of that name, or nil.
  ///
  /// - Complexity: O(columns).
  public func column(_ name: String) -> TableColumn? { columns.first { $0.name == name } }

  /// The column of that name.
  ///
  /// - Throws: `TableError` with `missingColumn`, naming the columns that are there.
  public func requiredColumn(_ name: String) throws(TableError) -> TableColumn {
    if let column = column(name) { return column }
    let names = columns.map { "'\($0.name)'" }.joined(separator: ", ")
    throw TableError(
      .missingColumn, "is not in the table; it has \(names.isEmpty ? "no columns" : names)",
      column: name)
  }

  /// The texts of a column; nil is a missing value.
  ///
  /// - Throws: `TableError` with `missingColumn` or `wrongType`.
  public func strings(_ name: String) throws(TableError) -> [String?] {
    let column = try requiredColumn(name)
    if case .utf8(let values) = column.values { return values }
    throw TableError.wrongType(column, wanted: .utf8)
  }

  /// The whole numbers of a column; nil is a missing value.
  ///
  /// - Throws: `TableError` with `missingColumn` or `wrongType`.
  public func integers(_ name: String) throws(TableError) -> [Int64?] {
    let column = try requiredColumn(name)
    if case .i64(let values) = column.values { return values }
    throw TableError.wrongType(column, wanted: .i64)
  }

  /// The numbers of a column, whole ones widened; nil is a missing value.
  ///
  /// - Throws: `TableError` with `missingColumn` or `wrongType`.
  public func doubles(_ name: String) throws(TableError) -> [Double?] {
    let column = try requiredColumn(name)
    switch column.values {
    case .f64(let values): return values
    case .i64(let values): return values.map { $0.map(Double.init) }
    default: throw TableError.wrongType(column, wanted: .f64)
    }
  }

  /// The truth values of a column; nil is a missing value.
  ///
  /// - Throws: `TableError` with `missingColumn` or `wrongType`.
  public func bools(_ name: String) throws(TableError) -> [Bool?] {
    let column = try requiredColumn(name)
    if case .bool(let values) = column.values { return values }
    throw TableError.wrongType(column, wanted: .bool)
  }
}

extension TableError {
  static func wrongType(_ column: TableColumn, wanted: ColumnType) -> TableError {
    TableError(
      .wrongType, "holds \(column.values.type.rawValue), not \(wanted.rawValue)",
      column: column.name)
  }
}
