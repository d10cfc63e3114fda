/// Rows that can be read again and again: a dataset on a port.
///
///     let data = try job.dataset("data")
///     let rows = try data.table(columns: ["text", "label"])
///     let batches = try data.batches(rows: 256, shuffledBy: (seed: job.seed, epoch: 3))
///     while let batch = try batches.next() { … }
///
/// Only the columns that the port declares can be read; another one throws `permissionDenied`.
public final class DatasetReader: Sendable {
  /// The number of rows, or nil when it is unknown.
  public let rowCount: Int?
  /// The classes of the label column in the order of their indices; none when there is no label.
  public let classes: [String]
  private let table: DatasetTable

  init(_ table: DatasetTable) throws(AgentFailure) {
    self.table = table
    (rowCount, classes) = try table.info()
  }

  /// Opens the rows as a fresh stream of batches.
  ///
  /// - Parameters:
  ///   - rows: rows a batch; 0: the host's choice.
  ///   - columns: in the order wanted; none: all that the port declares.
  ///   - order: shuffles the rows by seed and epoch; nil: the stored order.
  ///   - shard: takes the rows whose number modulo `of` is `index`; nil: all.
  public func batches(
    rows: Int = 0, columns: [String] = [], shuffledBy order: (seed: UInt64, epoch: Int)? = nil,
    shard: (index: Int, of: Int)? = nil
  ) throws(AgentFailure) -> TableReader {
    try table.open(rows: rows, columns: columns, order: order, shard: shard)
  }

  /// All rows in their stored order.
  public func table(columns: [String] = []) throws(AgentFailure) -> Table {
    let reader = try batches(columns: columns)
    do { return try reader.rest() } catch { throw AgentFailure(error) }
  }
}
