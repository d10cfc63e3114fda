/// The Arrow types that Cadre reads and writes, by their format strings in the C data interface.
enum ArrowFormat: String {
  case utf8 = "u"
  case largeUTF8 = "U"
  case int64 = "l"
  case int32 = "i"
  case float64 = "g"
  case float32 = "f"
  case bool = "b"

  /// What a column of that type is read as; narrow numbers are widened.
  var columnType: ColumnType {
    switch self {
    case .utf8, .largeUTF8: .utf8
    case .int64, .int32: .i64
    case .float64, .float32: .f64
    case .bool: .bool
    }
  }

  /// Buffers of an array of that type: validity, offsets for texts, data.
  var bufferCount: Int64 { columnType == .utf8 ? 3 : 2 }

  /// Reads a format string, or says which type it names and why that is refused.
  static func parse(_ text: String, column: String) throws(TableError) -> ArrowFormat {
    if let format = ArrowFormat(rawValue: text) { return format }
    let name = otherTypes[text] ?? otherFamilies.first { text.hasPrefix($0.key) }?.value
    throw TableError(
      .unsupportedFormat,
      "has the Arrow type \(name ?? "unknown") (format '\(text)'); Cadre reads utf8, large_utf8, "
        + "int64, int32, float64, float32 and bool: cast it before handing it over",
      column: column)
  }

  private static let otherTypes: [String: String] = [
    "n": "null", "c": "int8", "C": "uint8", "s": "int16", "S": "uint16", "I": "uint32",
    "L": "uint64", "e": "float16", "z": "binary", "Z": "large_binary", "vz": "binary_view",
    "vu": "utf8_view", "+l": "list", "+L": "large_list", "+s": "struct", "+m": "map",
    "+r": "run_end_encoded",
  ]

  private static let otherFamilies: KeyValuePairs<String, String> = [
    "d:": "decimal", "w:": "fixed_size_binary", "td": "date", "tt": "time", "ts": "timestamp",
    "tD": "duration", "ti": "interval", "+w": "fixed_size_list", "+u": "union", "+v": "list_view",
  ]
}
