import AgentKit
import RowSources

/// Reads files with one JSON object a line into the table of `data.collect/1`.
///
/// Every key of any object is a column; an object without a key has a missing value there. Arrays and
/// objects become their JSON text. Blank lines and a byte-order mark are skipped.
public enum JSONLinesReader {
  /// Reads all parts.
  ///
  /// - Parameters:
  ///   - settings: what to read.
  ///   - checkStop: called now and then; throws when the work is to end.
  /// - Throws: `AgentFailure`, with file, line and column in its `place`.
  /// - Complexity: O(bytes).
  public static func table(
    _ settings: SourceSettings, checkStop: () throws -> Void = {}
  ) throws -> Table {
    var collector = RowCollector(settings)
    for part in settings.parts {
      var reading = PartReading(part: part, settings: settings)
      try reading.read(into: &collector, checkStop: checkStop)
    }
    return try collector.table()
  }
}

/// The reading of one file.
private struct PartReading {
  let part: SourcePart
  let settings: SourceSettings
  var line = 0
  /// The keys of all objects so far, in the order in which they came.
  var keys: [String] = []
  var known: Set<String> = []

  mutating func read(
    into collector: inout RowCollector, checkStop: () throws -> Void
  ) throws {
    collector.begin(part)
    var splitter = LineSplitter()
    var file = try FileChunks(path: part.path)
    while let chunk = try file.next() {
      try checkStop()
      try splitter.split(chunk) { try take($0, into: &collector) }
    }
    try splitter.finish { try take($0, into: &collector) }
    guard !keys.isEmpty else {
      throw AgentFailure(
        .invalidArgument, "the file has no rows: no line holds a JSON object", where: part.path)
    }
    try collector.requireColumns(in: keys, of: part)
  }

  private mutating func take(
    _ bytes: ArraySlice<UInt8>, into collector: inout RowCollector
  ) throws {
    line += 1
    var bytes = bytes
    if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
    let value = try parse(bytes)
    guard let members = value.members else {
      throw failure("is \(value.kindName), not an object", column: 1)
    }
    for member in members where known.insert(member.key).inserted { keys.append(member.key) }
    collector.append(named: try members.map { ($0.key, try cell($0)) })
  }

  private func parse(_ bytes: ArraySlice<UInt8>) throws(AgentFailure) -> JSONValue {
    do {
      return try JSONValue(parsing: Array(bytes))
    } catch {
      // The parser saw one line and calls it line 1.
      let column = error.place.split(separator: " ").last.flatMap { Int($0) }
      throw failure(error.message, column: column)
    }
  }

  private func cell(_ member: JSONValue.Member) throws(AgentFailure) -> Cell {
    switch member.value {
    case .null: return .null
    case .bool(let value): return .truth(value)
    case .int(let value): return .integer(Int64(value))
    case .double(let value): return .number(value)
    case .string(let value): return .text(value)
    case .array, .object:
      guard member.key != settings.text, member.key != settings.label else {
        throw failure("'\(member.key)' should be a text, not \(member.value.kindName)", column: 1)
      }
      return .text(member.value.text)
    }
  }

  private func failure(_ message: String, column: Int?) -> AgentFailure {
    AgentFailure(
      .invalidArgument, message, where: "\(part.path):\(line)" + (column.map { ":\($0)" } ?? ""))
  }
}
