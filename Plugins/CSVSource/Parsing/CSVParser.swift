/// Splits CSV (RFC 4180) into records while it streams in.
///
///     var parser = CSVParser()
///     try parser.parse(chunk) { record in … }  // for each chunk
///     try parser.finish { record in … }
///
/// Lines end with CRLF, LF or CR; a byte-order mark is skipped; blank lines are no records. A quote inside
/// of a field that does not begin with one is taken as it is, as spreadsheets and Python's csv module do.
/// Memory: one record.
public struct CSVParser {
  private enum State { case fieldStart, plain, quoted, quoteInQuoted }

  private let delimiter: UInt8
  private var state = State.fieldStart
  private var record = CSVRecord()
  private var check = UTF8Check()
  private var lastWasReturn = false
  private var quoteLine = 1
  private var quoteColumn = 1
  /// Bytes, and the line and column of the byte to come; columns count characters.
  private var offset = 0
  private var line = 1
  private var column = 1
  private var head: [UInt8] = []
  private var headIsDone = false

  /// Begins a text.
  ///
  /// - Parameter delimiter: an ASCII character other than a quote or a line's end.
  public init(delimiter: UInt8 = UInt8(ascii: ",")) { self.delimiter = delimiter }

  /// Takes the next piece of the text; it may end anywhere, also inside of a character.
  ///
  /// - Parameters:
  ///   - chunk: any number of bytes.
  ///   - body: called with each complete record, which it may read until it returns.
  /// - Throws: `CSVError`, or what `body` throws.
  /// - Complexity: O(chunk).
  public mutating func parse(
    _ chunk: ArraySlice<UInt8>, _ body: (CSVRecord) throws -> Void
  ) throws {
    if headIsDone { return try take(chunk, body) }
    head += chunk
    if head.count >= Self.byteOrderMark.count { try takeHead(body) }
  }

  /// Ends the text: gives the last record where no line's end followed it.
  ///
  /// - Throws: `CSVError`, or what `body` throws.
  public mutating func finish(_ body: (CSVRecord) throws -> Void) throws {
    if !headIsDone { try takeHead(body) }
    guard check.isComplete else {
      throw CSVError(
        .invalidUTF8, "the text ends inside of a character, at byte \(offset)", line: line,
        column: column)
    }
    if state == .quoted {
      throw CSVError(
        .unclosedQuote,
        "the quote that opens here is never closed; close it, or write a quote within a quoted "
          + "field twice", line: quoteLine, column: quoteColumn)
    }
    try endRecord(body)
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private mutating func takeHead(_ body: (CSVRecord) throws -> Void) throws {
    headIsDone = true
    let hasMark = head.starts(with: Self.byteOrderMark)
    if hasMark { offset = Self.byteOrderMark.count }
    try take(hasMark ? head[Self.byteOrderMark.count...] : head[...], body)
    head = []
  }

  private mutating func take(
    _ chunk: ArraySlice<UInt8>, _ body: (CSVRecord) throws -> Void
  ) throws {
    try chunk.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let run = plainRun(bytes, from: index)
        if run > index {
          record.append(bytes[index..<run])
          if state == .fieldStart { state = .plain }
          lastWasReturn = false
          offset += run - index
          column += run - index
          index = run
        } else {
          try take(bytes[index], body)
          index += 1
        }
      }
    }
  }

  /// The end of a run of bytes that are nothing but text, whatever stands around them.
  ///
  /// Most bytes are, and copying them together is what makes parsing fast.
  private func plainRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard state != .quoteInQuoted, check.isComplete else { return start }
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      // What is below a space, and a quote, and what is above ASCII is looked at alone.
      if byte < 0x20 || byte >= 0x80 || byte == Self.quote || byte == delimiter { break }
      index += 1
    }
    return index
  }

  private mutating func take(
    _ byte: UInt8, _ body: (CSVRecord) throws -> Void
  ) throws {
    guard check.take(byte) else { throw invalidUTF8(byte) }
    guard byte != 0 else {
      throw CSVError(
        .nulByte, "a byte 0 (number \(offset)): this is no text file", line: line, column: column)
    }
    try step(byte, body)
    offset += 1
    advance(past: byte)
  }

  private mutating func step(
    _ byte: UInt8, _ body: (CSVRecord) throws -> Void
  ) throws {
    switch (state, byte) {
    case (.quoted, Self.quote): state = .quoteInQuoted
    case (.quoted, _): record.append(byte)
    case (.quoteInQuoted, Self.quote):
      record.append(byte)
      state = .quoted
    case (_, delimiter):
      record.endField()
      state = .fieldStart
    case (_, Self.lineFeed) where lastWasReturn: break
    case (_, Self.lineFeed), (_, Self.carriageReturn): try endRecord(body)
    case (.fieldStart, Self.quote):
      (state, quoteLine, quoteColumn) = (.quoted, line, column)
    case (.quoteInQuoted, _):
      throw CSVError(
        .textAfterQuote,
        "text follows a closing quote; write a quote within a quoted field twice", line: line,
        column: column)
    case (.fieldStart, _), (.plain, _):
      record.append(byte)
      state = .plain
    }
  }

  private mutating func advance(past byte: UInt8) {
    let endsLine = byte == Self.carriageReturn || (byte == Self.lineFeed && !lastWasReturn)
    lastWasReturn = byte == Self.carriageReturn
    if endsLine {
      line += 1
      column = 1
    } else if byte != Self.lineFeed && byte & 0xC0 != 0x80 {
      column += 1
    }
    // A line feed after a return still belongs to the line's end before it.
    if record.isBlank && state == .fieldStart { record.line = line }
  }

  /// Ends the record at hand, unless its line is blank.
  private mutating func endRecord(_ body: (CSVRecord) throws -> Void) throws {
    if !(record.isBlank && state == .fieldStart) {
      record.endField()
      try body(record)
    }
    state = .fieldStart
    record.clear(line: line + 1)
  }

  private func invalidUTF8(_ byte: UInt8) -> CSVError {
    let hex = String(byte, radix: 16, uppercase: true)
    let hint =
      offset == 0 && byte >= 0xFE
      ? "this looks like UTF-16; save it as UTF-8" : "save the file as UTF-8"
    return CSVError(
      .invalidUTF8, "the byte 0x\(hex) (number \(offset)) is no UTF-8; \(hint)", line: line,
      column: column)
  }
}
