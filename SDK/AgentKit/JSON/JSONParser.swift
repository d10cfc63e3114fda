extension JSONValue {
  /// Reads one JSON document, strictly by RFC 8259.
  ///
  /// Refused are: anything after the value, a key that stands twice, numbers beyond the range of a double,
  /// broken UTF-8 and lone surrogates, and more than 128 levels (so that no input overflows the stack).
  ///
  /// - Throws: `AgentFailure` with `invalidArgument`; `where` holds line and column.
  /// - Complexity: O(length), but O(keys²) within one object.
  public init(parsing text: String) throws(AgentFailure) {
    try self.init(parsing: Array(text.utf8))
  }

  /// Reads one JSON document from UTF-8; see ``init(parsing:)-(String)``.
  public init(parsing bytes: [UInt8]) throws(AgentFailure) {
    var parser = JSONParser(bytes)
    self = try parser.document()
  }
}

/// A recursive-descent parser over bytes.
private struct JSONParser {
  private static let deepest = 128
  private static let digitBytes = UInt8(ascii: "0")...UInt8(ascii: "9")
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(AgentFailure) -> JSONValue {
    skipSpace()
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("more text after the value") }
    return value
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ what: String, at place: Int? = nil) -> AgentFailure {
    let place = min(place ?? position, bytes.count)
    let before = bytes[..<place]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return AgentFailure(
      .invalidArgument, "JSON: \(what)", where: "line \(line), column \(place - start + 1)")
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func value() throws(AgentFailure) -> JSONValue {
    switch next {
    case UInt8(ascii: "{"): return try nested { parser throws(AgentFailure) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(AgentFailure) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || Self.digitBytes.contains(byte):
      return try number()
    case nil: throw failure("the text ends where a value should stand")
    default: throw failure("no value can begin here")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(AgentFailure) -> JSONValue
  ) throws(AgentFailure) -> JSONValue {
    guard depth < Self.deepest else { throw failure("more than \(Self.deepest) levels") }
    depth += 1
    position += 1
    skipSpace()
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(AgentFailure) -> JSONValue {
    var members: [JSONValue.Member] = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      let place = position
      guard next == UInt8(ascii: "\"") else { throw failure("a key in quotes should stand here") }
      let key = try string()
      guard !members.contains(where: { $0.key == key }) else {
        throw failure("the key '\(key)' stands twice", at: place)
      }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw failure("':' should follow the key '\(key)'") }
      skipSpace()
      members.append(JSONValue.Member(key, try value()))
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw failure("',' or '}' should stand here") }
      skipSpace()
    }
  }

  private mutating func array() throws(AgentFailure) -> JSONValue {
    var values: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(values) }
    while true {
      values.append(try value())
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(values) }
      guard take(UInt8(ascii: ",")) else { throw failure("',' or ']' should stand here") }
      skipSpace()
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(AgentFailure) -> JSONValue {
    let place = position
    for byte in word.description.utf8 where !take(byte) {
      throw failure("'\(word)' should stand here", at: place)
    }
    return value
  }

  private mutating func number() throws(AgentFailure) -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let leading = position
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[leading] != UInt8(ascii: "0") else {
      throw failure("a number has at least one digit and no leading zero", at: start)
    }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      guard digits() > 0 else { throw failure("digits should follow the point") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() > 0 else { throw failure("digits should follow the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let number = Int(text) { return .int(number) }
    guard let number = Double(text), number.isFinite else {
      throw failure("\(text) is beyond the range of a 64-bit number", at: start)
    }
    return .double(number)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, Self.digitBytes.contains(byte) { position += 1 }
    return position - start
  }

  private mutating func string() throws(AgentFailure) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while true {
      guard let byte = next else { throw failure("this text has no end", at: start) }
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("this text is not valid UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20:
        throw failure("a control character in a text must be escaped", at: position - 1)
      default: text.append(byte)
      }
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(AgentFailure) {
    let place = position - 1
    guard let byte = next else { throw failure("the text ends in an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800...0xDBFF).contains(code) {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
          throw failure("half of a surrogate pair stands alone", at: place)
        }
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low) else {
          throw failure("half of a surrogate pair stands alone", at: place)
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw failure("half of a surrogate pair stands alone", at: place)
      }
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: throw failure("no such escape", at: place)
    }
  }

  private mutating func hexadecimal() throws(AgentFailure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits should follow '\\u'")
      }
      code = code << 4 + UInt32(digit)
      position += 1
    }
    return code
  }
}
