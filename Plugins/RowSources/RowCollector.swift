import AgentKit

/// Collects the rows of a source, part after part, into the table of `data.collect/1`.
///
///     var collector = RowCollector(settings)
///     try collector.begin(part, columns: ["message", "category"])
///     collector.append([.text("hello"), .text("greeting")])
///     try collector.table()  // text, label
///
/// The chosen columns come first, as `text` and `label`; the others follow in the source's order under
/// their own names, and `part` comes last when there are parts. A column that has one of these three names
/// by chance gets `source_` in front.
public struct RowCollector {
  private let settings: SourceSettings
  private let hasParts: Bool
  private var names: [String] = []
  private var slots: [String: Int] = [:]
  private var columns: [[Cell]] = []
  private var parts: [String?] = []
  private var part: SourcePart?
  private var order: [Int] = []
  /// The rows so far.
  public private(set) var rowCount = 0

  /// Begins without rows.
  public init(_ settings: SourceSettings) {
    self.settings = settings
    hasParts = settings.parts.contains { $0.name != nil }
    for name in [settings.text, settings.label] { _ = slot(of: name) }
  }

  /// Begins a part whose rows all have the same columns.
  ///
  /// - Parameters:
  ///   - part: where the rows come from.
  ///   - columns: the names in the order of the cells to come.
  /// - Throws: `AgentFailure` with `invalidArgument` when the text's or the label's column is not among
  ///   them, naming those that are, or when one stands twice.
  public mutating func begin(_ part: SourcePart, columns names: [String]) throws(AgentFailure) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      let first = names.firstIndex(of: name) ?? 0
      throw AgentFailure(
        .invalidArgument,
        "the column '\(name)' stands twice, as number \(first + 1) and \(index + 1); rename one",
        where: part.path)
    }
    try requireColumns(in: names, of: part)
    self.part = part
    order = names.map { slot(of: $0) }
  }

  /// Begins a part whose rows name their columns themselves.
  public mutating func begin(_ part: SourcePart) {
    self.part = part
    order = []
  }

  /// Appends a row in the order of the columns that the part began with.
  ///
  /// - Parameter cells: one a column.
  public mutating func append(_ cells: [Cell]) {
    for (slot, cell) in zip(order, cells) { columns[slot].append(cell) }
    endRow()
  }

  /// Appends a row whose cells carry their names; a column that is not named is missing in this row.
  public mutating func append(named cells: [(name: String, cell: Cell)]) {
    for (name, cell) in cells {
      let slot = slot(of: name)
      if columns[slot].count == rowCount { columns[slot].append(cell) }
    }
    endRow()
  }

  /// Throws unless both chosen columns are among the names.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument`, naming the columns that are there.
  public func requireColumns(
    in names: [String], of part: SourcePart
  ) throws(AgentFailure) {
    for (setting, name) in [("text", settings.text), ("label", settings.label)]
    where !names.contains(name) {
      let there = names.map { "'\($0)'" }.joined(separator: ", ")
      throw AgentFailure(
        .invalidArgument,
        "there is no column '\(name)'; it has \(there). Name the right one by the setting "
          + "`\(setting)`", where: part.path)
    }
  }

  /// The table of all rows.
  ///
  /// - Throws: `AgentFailure` with `failedPrecondition` when there are no rows.
  /// - Complexity: O(rows · columns).
  public func table() throws -> Table {
    guard rowCount > 0 else {
      let paths = settings.parts.map(\.path).joined(separator: ", ")
      throw AgentFailure(
        .failedPrecondition, "there are no rows; check that this is the right source",
        where: paths)
    }
    var reserved: Set<String> = ["text", "label"]
    if hasParts { reserved.insert("part") }
    var result: [TableColumn] = []
    for (slot, name) in names.enumerated() {
      switch slot {
      case 0: result.append(TableColumn("text", .utf8(columns[0].map(\.text))))
      case 1: result.append(TableColumn("label", .utf8(columns[1].map(Self.label))))
      default:
        var free = name
        while reserved.contains(free) || (free != name && slots[free] != nil) {
          free = "source_" + free
        }
        result.append(TableColumn(free, ColumnValues(columns[slot])))
      }
    }
    if hasParts { result.append(TableColumn("part", .utf8(parts))) }
    return try Table(columns: result)
  }

  /// An empty label is one that nobody gave.
  private static func label(_ cell: Cell) -> String? {
    guard let text = cell.text, !text.isEmpty else { return nil }
    return text
  }

  private mutating func slot(of name: String) -> Int {
    if let slot = slots[name] { return slot }
    slots[name] = names.count
    names.append(name)
    columns.append(Array(repeating: .null, count: rowCount))
    return names.count - 1
  }

  private mutating func endRow() {
    rowCount += 1
    for slot in columns.indices where columns[slot].count < rowCount {
      columns[slot].append(.null)
    }
    if hasParts { parts.append(part?.name) }
  }
}
