import Testing

@testable import CSVParsing

/// The records of a text that arrives in pieces of `size` bytes.
private func records(
  _ bytes: [UInt8], pieces size: Int = .max, delimiter: Character = ","
) throws -> [[String]] {
  var parser = CSVParser(delimiter: delimiter.asciiValue ?? 0)
  var records: [[String]] = []
  var start = 0
  while start < bytes.count {
    let end = size < bytes.count - start ? start + size : bytes.count
    try parser.parse(bytes[start..<end]) { records.append($0.fields) }
    start = end
  }
  try parser.finish { records.append($0.fields) }
  return records
}

private func caught(_ bytes: [UInt8], pieces: Int = .max) -> CSVError? {
  do {
    _ = try records(bytes, pieces: pieces)
    return nil
  } catch {
    return error as? CSVError
  }
}

@Suite struct CSVParserTests {
  @Test(
    "reads what Python's csv module reads, in whatever pieces it comes",
    arguments: [1, 2, 3, 7, 4096])
  func golden(pieces: Int) throws {
    for (text, rows) in CSVGolden.cases {
      #expect(try records(Array(text.utf8), pieces: pieces) == rows, "\(text.debugDescription)")
    }
  }

  @Test("a byte-order mark is skipped", arguments: [1, 2, 100])
  func byteOrderMark(pieces: Int) throws {
    #expect(try records([0xEF, 0xBB, 0xBF] + Array("a,b\n".utf8), pieces: pieces) == [["a", "b"]])
    #expect(try records([0xEF, 0xBB, 0xBF], pieces: pieces) == [])
  }

  @Test("other delimiters", arguments: [";", "\t", "|"] as [Character])
  func delimiters(delimiter: Character) throws {
    #expect(
      try records(Array("a,\(delimiter)\"b\(delimiter)\"\n".utf8), delimiter: delimiter)
        == [["a,", "b\(delimiter)"]])
  }

  @Test("records know the line on which they begin")
  func lines() throws {
    var parser = CSVParser()
    var lines: [Int] = []
    let text = "a,b\r\n\r\n\"1\n\n\",2\r\n3,4\n\n5,6"
    try parser.parse(Array(text.utf8)[...]) { lines.append($0.line) }
    try parser.finish { lines.append($0.line) }
    #expect(lines == [1, 3, 6, 8])
  }

  @Test("an unclosed quote is reported where it opened", arguments: [1, 100])
  func unclosedQuote(pieces: Int) {
    let error = caught(Array("a,b\n1,2\nx,\"never\nclosed,3\n".utf8), pieces: pieces)
    #expect(error?.code == .unclosedQuote)
    #expect(error?.place == "3:3")
  }

  @Test("text after a closing quote is an error at its place")
  func textAfterQuote() {
    let error = caught(Array("a,b\n\"ü\"x,2\n".utf8))
    #expect(error?.code == .textAfterQuote)
    #expect(error?.place == "2:4")
  }

  @Test(
    "broken UTF-8 is found at its byte, line and column",
    arguments: [
      ([0xFF], 8, "2:5"),  // never a byte of UTF-8
      ([0xC3, 0x28], 9, "2:6"),  // a lead without its continuation
      ([0xC0, 0x80], 8, "2:5"),  // overlong
      ([0xED, 0xA0, 0x80], 9, "2:6"),  // a surrogate
      ([0xF4, 0x90, 0x80, 0x80], 9, "2:6"),  // beyond U+10FFFF
    ] as [([UInt8], Int, String)])
  func invalidUTF8(bytes: [UInt8], offset: Int, place: String) throws {
    for pieces in [1, 100] {
      let error = try #require(caught(Array("a,b\nxyz,".utf8) + bytes, pieces: pieces))
      #expect(error.code == .invalidUTF8)
      #expect(error.message.contains("(number \(offset))"))
      #expect(error.place == place)
    }
  }

  @Test("a character cut off by the end is an error; UTF-16 is recognised")
  func truncated() {
    #expect(caught([0x61, 0xE2, 0x82])?.code == .invalidUTF8)
    #expect(caught([0xFF, 0xFE, 0x61, 0])?.message.contains("UTF-16") == true)
  }

  @Test("a byte 0 is an error, quoted or not")
  func nul() {
    #expect(caught(Array("a,b\n1,\0\n".utf8))?.place == "2:3")
    #expect(caught(Array("a,b\n1,\"\0\"\n".utf8))?.code == .nulByte)
  }

  @Test("no bytes give no records")
  func empty() throws {
    #expect(try records([]) == [])
    #expect(try records(Array("\n\r\n\r".utf8)) == [])
  }
}
