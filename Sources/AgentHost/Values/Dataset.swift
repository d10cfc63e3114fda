import ArrowTables

/// Rows that an agent may read again and again, and the columns that it may see.
public final class Dataset: Sendable {
  /// All rows and columns.
  public let table: Table
  /// The classes of the label column in the order of their indices; empty when there is no label.
  public let classes: [String]
  /// The only columns that may be opened; nil for all.
  public let permitted: Set<String>?

  /// Makes a dataset.
  ///
  /// - Parameters:
  ///   - table: the rows.
  ///   - classes: the classes of the label column.
  ///   - permitted: the only columns that may be opened; nil for all.
  public init(table: Table, classes: [String] = [], permitted: Set<String>? = nil) {
    self.table = table
    self.classes = classes
    self.permitted = permitted
  }

  /// The number of rows.
  public var rowCount: Int { table.rowCount }

  /// The same rows with fewer columns to see: those that were permitted before and stand in
  /// `columns`.
  public func restricted(to columns: some Sequence<String>) -> Dataset {
    let wanted = Set(columns)
    return Dataset(
      table: table, classes: classes, permitted: permitted.map { $0.intersection(wanted) } ?? wanted
    )
  }

  /// The names of the columns that may be opened, in the table's order.
  public var visibleColumns: [String] {
    table.columns.map(\.name).filter { permitted?.contains($0) ?? true }
  }
}
