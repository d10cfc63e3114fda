/// A JSON text as a tree.
///
/// Objects keep the order of their keys.
///
/// Foundation's decoder takes the last of two equal keys in silence; safetensors forbids them, and
/// in a manifest they are a way to show one thing to a reader and another to the host. Hence this.
indirect enum JSONValue: Hashable {
  case object([Entry])
  case array([JSONValue])
  case text(String)
  /// The number as it was written.
  case number(String)
  case bool(Bool)
  case null

  struct Entry: Hashable {
    var key: String
    var value: JSONValue
  }

  subscript(key: String) -> JSONValue? {
    guard case .object(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The name of the kind, with its article, for messages.
  var kind: String {
    switch self {
    case .object: "an object"
    case .array: "a list"
    case .text: "a text"
    case .number: "a number"
    case .bool: "a Boolean"
    case .null: "null"
    }
  }
}

/// Where a text stops being JSON, and why.
struct JSONFailure: Error, Hashable {
  var reason: String
  var line: Int
  var column: Int
  var message: String { "line \(line), column \(column): \(reason)" }
}

/// A parser of JSON (RFC 8259) that refuses doubled keys, lone surrogates and deep nesting.
struct StrictJSON {
  /// Deeper than any file that Cadre knows, and shallow enough for a thread's stack.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  /// Parses a whole text.
  ///
  /// - Complexity: O(n).
  static func parse(_ bytes: [UInt8]) throws(JSONFailure) -> JSONValue {
    var parser = StrictJSON(bytes: bytes)
    // Parsing works on bytes, so the text as a whole is checked first.
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw parser.failure("the text is no UTF-8")
    }
    parser.skipBlanks()
    let value = try parser.value()
    parser.skipBlanks()
    guard parser.place == bytes.count else { throw parser.failure("something follows the end") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func failure(_ reason: String) -> JSONFailure {
    let before = bytes[..<min(place, bytes.count)]
    let newline = UInt8(ascii: "\n")
    let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
    return JSONFailure(
      reason: reason, line: before.count { $0 == newline } + 1, column: before.count - lineStart + 1
    )
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      place += 1
    }
  }

  private mutating func value() throws(JSONFailure) -> JSONValue {
    switch next {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONFailure) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(JSONFailure) in try parser.array() }
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw failure("the text ends where a value should stand")
    default: return .number(try number())
    }
  }

  private mutating func nested(
    _ body: (inout StrictJSON) throws(JSONFailure) -> JSONValue
  ) throws(JSONFailure) -> JSONValue {
    depth += 1
    guard depth <= Self.depthLimit else {
      throw failure("more than \(Self.depthLimit) levels of nesting")
    }
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(JSONFailure) -> JSONValue {
    place += 1
    var entries: [JSONValue.Entry] = []
    var keys: Set<String> = []
    skipBlanks()
    if take("}") { return .object([]) }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw failure("a key in quotes should stand here") }
      let keyPlace = place
      let key = try text()
      guard keys.insert(key).inserted else {
        place = keyPlace
        throw failure("the key \"\(key)\" stands twice")
      }
      skipBlanks()
      guard take(":") else { throw failure("a colon should stand here") }
      skipBlanks()
      entries.append(JSONValue.Entry(key: key, value: try value()))
      skipBlanks()
      if take("}") { return .object(entries) }
      guard take(",") else { throw failure("a comma or } should stand here") }
    }
  }

  private mutating func array() throws(JSONFailure) -> JSONValue {
    place += 1
    var values: [JSONValue] = []
    skipBlanks()
    if take("]") { return .array([]) }
    while true {
      skipBlanks()
      values.append(try value())
      skipBlanks()
      if take("]") { return .array(values) }
      guard take(",") else { throw failure("a comma or ] should stand here") }
    }
  }

  private mutating func text() throws(JSONFailure) -> String {
    place += 1
    var decoded: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        return String(decoding: decoded, as: UTF8.self)
      case UInt8(ascii: "\\"):
        place += 1
        decoded.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20:
        throw failure("a control character stands in a text")
      default:
        decoded.append(byte)
        place += 1
      }
    }
    throw failure("the text ends inside quotes")
  }

  private mutating func escape() throws(JSONFailure) -> Unicode.Scalar {
    guard let byte = next else { throw failure("the text ends inside quotes") }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexUnit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else {
        throw failure("half of a surrogate pair stands alone")
      }
      let second = try hexUnit()
      guard UTF16.isTrailSurrogate(second) else {
        throw failure("half of a surrogate pair stands alone")
      }
      return Self.scalar(first, second)
    default:
      throw failure("an unknown escape")
    }
  }

  private static func scalar(_ lead: UInt16, _ trail: UInt16) -> Unicode.Scalar {
    let value = 0x10000 + (UInt32(lead) - 0xD800) << 10 + (UInt32(trail) - 0xDC00)
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private mutating func hexUnit() throws(JSONFailure) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits should stand here")
      }
      unit = unit << 4 | UInt16(digit)
      place += 1
    }
    return unit
  }

  private mutating func number() throws(JSONFailure) -> String {
    let start = place
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func digits() throws(JSONFailure) {
    let start = place
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    guard place > start else { throw failure("no value begins or goes on like this") }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFailure) -> JSONValue {
    guard bytes[place...].starts(with: word.utf8) else {
      throw failure("no value begins like this")
    }
    place += word.utf8.count
    return value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }
}

/// A text in quotes, escaped as JSON asks for.
func quotedJSON(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    case "\u{8}": quoted += "\\b"
    case "\u{C}": quoted += "\\f"
    case "\u{0}"..<"\u{20}":
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
