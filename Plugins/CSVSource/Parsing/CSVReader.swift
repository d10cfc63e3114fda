import AgentKit
import RowSources

/// Reads CSV files into the table of `data.collect/1`.
public enum CSVReader {
  /// Reads all parts.
  ///
  /// - Parameters:
  ///   - settings: what to read and how.
  ///   - checkStop: called now and then; throws when the work is to end.
  /// - Throws: `AgentFailure`, with file, line and column in its `place`.
  /// - Complexity: O(bytes).
  public static func table(
    _ settings: CSVSettings, checkStop: () throws -> Void = {}
  ) throws -> Table {
    var collector = RowCollector(settings.source)
    for part in settings.source.parts {
      var reading = PartReading(part: part, settings: settings)
      do {
        try reading.read(into: &collector, checkStop: checkStop)
      } catch let error as CSVError {
        throw AgentFailure(
          .invalidArgument, error.message, where: "\(part.path):\(error.place)")
      }
    }
    return try collector.table()
  }
}

/// The reading of one file.
private struct PartReading {
  let part: SourcePart
  let settings: CSVSettings
  var width: Int?
  var rows = 0

  mutating func read(
    into collector: inout RowCollector, checkStop: () throws -> Void
  ) throws {
    var parser = CSVParser(delimiter: settings.delimiter)
    var file = try FileChunks(path: part.path)
    while let chunk = try file.next() {
      try checkStop()
      try parser.parse(chunk) { try take($0, into: &collector) }
    }
    try parser.finish { try take($0, into: &collector) }
    guard width != nil else {
      throw CSVError(.empty, "the file is empty: it has neither a header nor rows", line: 1)
    }
  }

  private mutating func take(
    _ record: CSVRecord, into collector: inout RowCollector
  ) throws {
    guard let width else {
      width = record.count
      let names = settings.hasHeader ? record.fields : (1...record.count).map { "column_\($0)" }
      try begin(names, into: &collector)
      if settings.hasHeader { return }
      return try take(record, into: &collector)
    }
    rows += 1
    guard record.count == width else {
      let model = settings.hasHeader ? "the header" : "row 1"
      throw CSVError(
        .raggedRow,
        "row \(rows) has \(Self.fields(record.count)), \(model) has \(width); quote a field that "
          + "holds the delimiter '\(Character(Unicode.Scalar(settings.delimiter)))'",
        line: record.line)
    }
    collector.append((0..<width).map { .text(record[$0]) })
  }

  private func begin(_ names: [String], into collector: inout RowCollector) throws {
    do {
      try collector.begin(part, columns: names)
    } catch {
      // A header that is one long name was written with another delimiter.
      guard names.count == 1, names[0].contains(where: { ";\t|,".contains($0) }) else {
        throw error
      }
      throw AgentFailure(
        error.code, error.message + "; or set `delimiter`", where: error.place)
    }
  }

  private static func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }
}
