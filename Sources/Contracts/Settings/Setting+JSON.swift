extension Setting {
  /// The value as compact JSON, its keys in order.
  ///
  /// A double always shows a fraction or an exponent, so that `2.0` comes back as a double.
  /// JSON has no infinities and no NaN: they are written as `null`.
  ///
  /// - Complexity: O(size of the value).
  public var json: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .double(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Setting.writeQuoted(value, to: &text)
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let fields):
      text += "{"
      for (index, field) in fields.enumerated() {
        if index > 0 { text += "," }
        Setting.writeQuoted(field.key, to: &text)
        text += ":"
        field.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func writeQuoted(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// Reads JSON text strictly: one value, no comments, no trailing comma, no doubled key.
  ///
  /// - Parameters:
  ///   - text: the JSON text.
  ///   - depthLimit: how many lists and objects may stand inside one another.
  /// - Throws: `SettingError` with the byte offset of the offence.
  /// - Complexity: O(bytes).
  public init(json text: String, depthLimit: Int = 64) throws {
    var reader = SettingReader(bytes: Array(text.utf8), depthLimit: depthLimit)
    self = try reader.document()
  }
}

/// JSON text that is no setting.
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong and what was expected.
  public let message: String
  /// Where: bytes from the start of the text.
  public let offset: Int

  /// States what is wrong at an offset in bytes.
  public init(message: String, offset: Int) {
    self.message = message
    self.offset = offset
  }

  /// The message with its place.
  public var description: String { "JSON, byte \(offset): \(message)" }
}
