import AgentKit

/// Rows of which most entries are zero, in compressed sparse row form.
public struct SparseRows: Sendable, Hashable {
  /// The number of columns.
  public let columnCount: Int
  /// Where each row's entries begin, and at last the number of entries: `rowCount + 1` numbers.
  public private(set) var offsets: [Int] = [0]
  /// The column of each entry, ascending within a row.
  public private(set) var columns: [Int32] = []
  /// The value of each entry.
  public private(set) var values: [Float] = []

  /// No rows.
  ///
  /// - Parameter columnCount: the number of columns, at most 2³¹ - 1.
  public init(columnCount: Int) { self.columnCount = columnCount }

  /// The number of rows.
  public var rowCount: Int { offsets.count - 1 }

  /// Appends a row.
  ///
  /// - Parameter entries: columns in `0..<columnCount`, ascending, with their values.
  public mutating func append(_ entries: [(column: Int32, value: Float)]) {
    for (column, value) in entries {
      columns.append(column)
      values.append(value)
    }
    offsets.append(columns.count)
  }

  /// The entries of a row.
  public func row(_ index: Int) -> [(column: Int32, value: Float)] {
    (offsets[index]..<offsets[index + 1]).map { (columns[$0], values[$0]) }
  }

  /// The rows at the given places, in that order.
  ///
  /// - Complexity: O(entries of those rows).
  public func rows(at places: [Int]) -> SparseRows {
    var result = SparseRows(columnCount: columnCount)
    for place in places {
      result.columns += columns[offsets[place]..<offsets[place + 1]]
      result.values += values[offsets[place]..<offsets[place + 1]]
      result.offsets.append(result.columns.count)
    }
    return result
  }

  /// The columns of this, then those of another one, row by row.
  ///
  /// - Parameter other: has as many rows.
  /// - Throws: `AgentFailure` with `invalidArgument` for another number of rows.
  /// - Complexity: O(entries of both).
  public func beside(_ other: SparseRows) throws(AgentFailure) -> SparseRows {
    guard other.rowCount == rowCount else {
      throw AgentFailure(
        .invalidArgument, "\(rowCount) rows cannot stand beside \(other.rowCount) rows")
    }
    var result = SparseRows(columnCount: columnCount + other.columnCount)
    for row in 0..<rowCount {
      result.append(
        self.row(row) + other.row(row).map { ($0.column + Int32(columnCount), $0.value) })
    }
    return result
  }

  /// The mean number of entries in a row, at least 1: the fan-in of a sparse layer.
  public var entriesPerRow: Int { max(1, rowCount == 0 ? 0 : columns.count / rowCount) }

  /// The rows as tensors of the host.
  public func batch(on ops: OpTable) throws(AgentFailure) -> SparseBatch {
    SparseBatch(
      rowCount: rowCount, indices: try ops.tensor([columns.count], columns),
      offsets: try ops.tensor([offsets.count], offsets.map(Int32.init)),
      values: try ops.tensor([values.count], values))
  }
}

/// Sparse rows in the host's memory: the operands of `embedding_bag`.
public struct SparseBatch: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The column of each entry: `[entries]`, i32.
  public let indices: Tensor
  /// Where each row's entries begin, and the number of entries: `[rowCount + 1]`, i32.
  public let offsets: Tensor
  /// The value of each entry: `[entries]`, f32.
  public let values: Tensor
}
