extension Table {
  /// The given columns alone, in the given order.
  ///
  /// - Throws: `TableError` with `missingColumn` or `duplicateColumn`.
  /// - Complexity: O(columns); the values are shared.
  public func selecting(_ names: [String]) throws(TableError) -> Table {
    var chosen: [TableColumn] = []
    for name in names { chosen.append(try requiredColumn(name)) }
    return try Table(columns: chosen)
  }

  /// The rows at the given places, in that order; a row may come more than once.
  ///
  /// - Parameter rows: places in `0..<rowCount`.
  /// - Complexity: O(rows · columns).
  public func rows(at rows: [Int]) -> Table {
    Table(
      checked: columns.map {
        TableColumn($0.name, $0.values.values(at: rows), tags: $0.tags)
      })
  }

  /// The rows of a range.
  ///
  /// - Parameter range: a range within `0..<rowCount`.
  /// - Complexity: O(range.count · columns).
  public func rows(_ range: Range<Int>) -> Table { rows(at: Array(range)) }

  /// The rows of this table, then those of another one.
  ///
  /// - Parameter other: has the same column names and types, in any order; its tags are not looked at.
  /// - Throws: `TableError` with `missingColumn` or `wrongType`.
  /// - Complexity: O(rows of both · columns).
  public func appending(_ other: Table) throws(TableError) -> Table {
    var result = columns
    guard other.columns.count == columns.count else {
      let own = Set(columns.map(\.name))
      let extra = other.columns.first { !own.contains($0.name) }?.name
      let missing = columns.first { other.column($0.name) == nil }?.name
      throw TableError(
        .missingColumn, "stands in one of the two tables only; append tables of equal columns",
        column: extra ?? missing)
    }
    for index in result.indices {
      let more = try other.requiredColumn(result[index].name)
      guard result[index].values.append(more.values) else {
        throw TableError.wrongType(more, wanted: result[index].values.type)
      }
    }
    return Table(checked: result)
  }

  /// The same table with a column in place of the one of the same name, or after the last one.
  ///
  /// - Throws: `TableError` with `unequalLengths`.
  /// - Complexity: O(columns).
  public func replacing(_ column: TableColumn) throws(TableError) -> Table {
    var result = columns
    if let index = result.firstIndex(where: { $0.name == column.name }) {
      result[index] = column
    } else {
      result.append(column)
    }
    return try Table(columns: result)
  }
}
