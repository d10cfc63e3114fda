import ArrowTables
import CadreABI
import Contracts

/// A dataset as an agent sees it, with the C structs that describe it.
///
/// `@unchecked Sendable`: the structs never change after `init`.
final class DatasetView: @unchecked Sendable {
  let dataset: Dataset
  private let arena = TextArena()
  private let classes: UnsafeMutablePointer<cadre_str>
  private let classCount: Int

  init(_ dataset: Dataset) {
    self.dataset = dataset
    // Who may not see the labels is not told their names either.
    let shown = dataset.visibleColumns.contains("label") ? dataset.classes : []
    classCount = shown.count
    classes = .allocate(capacity: max(shown.count, 1))
    for (index, name) in shown.enumerated() { (classes + index).initialize(to: arena.copy(name)) }
  }

  deinit { classes.deallocate() }

  /// What the ABI tells of it.
  var info: cadre_dataset_info {
    cadre_dataset_info(
      size: 0, reserved: 0, rows: Int64(dataset.rowCount),
      classes: classCount == 0 ? nil : UnsafePointer(classes), class_count: UInt64(classCount))
  }

  /// The rows that a reader asks for.
  ///
  /// - Parameter request: nil asks for all rows of all columns that the port declares.
  /// - Throws: `AgentError` of code `permissionDenied` for a column that the port does not declare.
  func rows(_ request: UnsafePointer<cadre_dataset_request>?) throws -> (table: Table, batch: Int) {
    let names = try columns(request)
    let selected = try dataset.table.selecting(names)
    guard let request else { return (selected, ValueLender.batchRows) }
    let size = Int(request.pointee.size)
    var order = RowOrder(rowCount: dataset.rowCount)
    if size >= CADRE_END_cadre_dataset_request_shard_count {
      try order.take(
        shard: Int(request.pointee.shard), of: Int(max(1, request.pointee.shard_count)))
    }
    if size >= CADRE_END_cadre_dataset_request_shuffle, request.pointee.shuffle != 0 {
      order.shuffle(seed: request.pointee.seed, epoch: request.pointee.epoch)
    }
    let batch =
      size >= CADRE_END_cadre_dataset_request_batch && request.pointee.batch > 0
      ? Int(request.pointee.batch) : ValueLender.batchRows
    return (order.isNatural ? selected : selected.rows(at: order.rows), batch)
  }

  private func columns(_ request: UnsafePointer<cadre_dataset_request>?) throws -> [String] {
    let visible = dataset.visibleColumns
    guard let request,
      Int(request.pointee.size) >= CADRE_END_cadre_dataset_request_column_count,
      request.pointee.column_count > 0
    else { return visible }
    let texts = try BoundaryArray.check(
      request.pointee.columns, request.pointee.column_count, limit: 1024,
      place: "cadre_dataset_request.columns")
    return try texts.map { text in
      let name = try BoundaryText.read(
        text, limit: 256, place: "cadre_dataset_request.columns")
      guard !visible.contains(name) else { return name }
      // The same answer whether the column exists or not: what is hidden is not told.
      throw AgentError(
        .permissionDenied,
        "the column '\(name)' is none that the port declares; it declares "
          + (visible.isEmpty ? "none" : visible.joined(separator: ", "))
          + "; name the column in the offer's port, where the task allows it",
        where: name)
    }
  }
}

/// Which rows a reader gets, and in which order.
struct RowOrder {
  /// Row numbers in the order of reading.
  private(set) var rows: [Int]
  /// Whether these are all rows in their own order.
  private(set) var isNatural = true

  init(rowCount: Int) { rows = Array(0..<rowCount) }

  /// Keeps the rows whose number modulo `count` is `shard`.
  mutating func take(shard: Int, of count: Int) throws {
    guard shard < count else {
      throw AgentError(
        .invalidArgument, "shard \(shard) of \(count); shards count from 0",
        where: "cadre_dataset_request.shard")
    }
    guard count > 1 else { return }
    rows = Array(stride(from: shard, to: rows.count, by: count))
    isNatural = false
  }

  /// Fisher and Yates with SplitMix64: a pure function of seed and epoch, on every machine.
  mutating func shuffle(seed: UInt64, epoch: UInt64) {
    var state = Self.mixed(seed &+ Self.mixed(epoch &+ 1))
    var last = rows.count - 1
    while last > 0 {
      state &+= 0x9E37_79B9_7F4A_7C15
      let product = Self.mixed(state).multipliedFullWidth(by: UInt64(last + 1))
      rows.swapAt(last, Int(product.high))
      last -= 1
    }
    isNatural = false
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
