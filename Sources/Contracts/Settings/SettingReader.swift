/// Reads one JSON value from bytes by recursive descent (RFC 8259).
struct SettingReader {
  private let bytes: [UInt8]
  private let depthLimit: Int
  private var index = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// The whole text: one value between white space.
  mutating func document() throws -> Setting {
    let value = try self.value(depth: 0)
    skipSpace()
    guard index == bytes.count else { throw error("text after the value; remove it") }
    return value
  }

  private func error(_ message: String, at offset: Int? = nil) -> SettingError {
    SettingError(message: message, offset: offset ?? index)
  }

  private mutating func skipSpace() {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws -> Setting {
    skipSpace()
    guard index < bytes.count else { throw error("the text ends where a value should stand") }
    guard depth < depthLimit else { throw error("nested deeper than \(depthLimit) levels") }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: Setting) throws -> Setting {
    guard bytes[index...].starts(with: text.utf8) else { throw error("expected '\(text)'") }
    index += text.utf8.count
    return value
  }

  private mutating func list(depth: Int) throws -> Setting {
    index += 1
    var values: [Setting] = []
    if take(UInt8(ascii: "]")) { return .list(values) }
    repeat { values.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw error("expected ',' or ']' in a list") }
    return .list(values)
  }

  private mutating func object(depth: Int) throws -> Setting {
    index += 1
    var fields: [Setting.Field] = []
    // Comparing a key with all earlier ones would let a short hostile text cost minutes.
    var seen: Set<String> = []
    if take(UInt8(ascii: "}")) { return .object(fields) }
    repeat {
      skipSpace()
      let start = index
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
        throw error("expected a key in double quotes")
      }
      let key = try string()
      guard seen.insert(key).inserted else {
        throw error("the key \"\(key)\" stands twice", at: start)
      }
      guard take(UInt8(ascii: ":")) else { throw error("expected ':' after a key") }
      fields.append(Setting.Field(key, try value(depth: depth + 1)))
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw error("expected ',' or '}' in an object") }
    return .object(fields)
  }

  private mutating func number() throws -> Setting {
    let start = index
    func isDigit(_ at: Int) -> Bool {
      at < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at])
    }
    if bytes[index] == UInt8(ascii: "-") { index += 1 }
    guard isDigit(index) else { throw error("expected a value", at: start) }
    let leadingZero = bytes[index] == UInt8(ascii: "0")
    let first = index
    while isDigit(index) { index += 1 }
    guard !leadingZero || index == first + 1 else {
      throw error("a number starts with 0", at: start)
    }
    var isWhole = true
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      isWhole = false
      index += 1
      guard isDigit(index) else { throw error("expected a digit after '.'") }
      while isDigit(index) { index += 1 }
    }
    if index < bytes.count, [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[index]) {
      isWhole = false
      index += 1
      if index < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[index]) {
        index += 1
      }
      guard isDigit(index) else { throw error("expected a digit in the exponent") }
      while isDigit(index) { index += 1 }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isWhole, let value = Int(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else {
      throw error("the number \(text) does not fit 64 bits", at: start)
    }
    return .double(value)
  }

  private mutating func string() throws -> String {
    let start = index
    index += 1
    var content: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else {
          throw error("text that is not UTF-8", at: start)
        }
        return text
      case UInt8(ascii: "\\"): content += String(try escape()).utf8
      case 0..<0x20: throw error("a control character in text; write it as \\u00XX", at: index - 1)
      default: content.append(byte)
      }
    }
    throw error("text without a closing quote", at: start)
  }

  private mutating func escape() throws -> Unicode.Scalar {
    guard index < bytes.count else { throw error("the text ends in an escape") }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let high = try hexUnit()
      if let scalar = Unicode.Scalar(high) { return scalar }
      // A character above U+FFFF comes as two units (UTF-16), the second one after its own \u.
      guard high < 0xDC00, bytes[index...].starts(with: "\\u".utf8) else {
        throw error("half of a surrogate pair")
      }
      index += 2
      let low = try hexUnit()
      guard (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00))
      else { throw error("half of a surrogate pair") }
      return scalar
    default: throw error("an unknown escape", at: index - 1)
    }
  }

  private mutating func hexUnit() throws -> UInt32 {
    guard index + 4 <= bytes.count else { throw error("\\u takes four hexadecimal digits") }
    let digits = String(decoding: bytes[index..<index + 4], as: UTF8.self)
    guard digits.allSatisfy(\.isHexDigit), digits.utf8.count == 4,
      let unit = UInt32(digits, radix: 16)
    else { throw error("\\u takes four hexadecimal digits") }
    index += 4
    return unit
  }
}
