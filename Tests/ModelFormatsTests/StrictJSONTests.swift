import Testing

@testable import ModelFormats

@Suite struct StrictJSONTests {
  private func parse(_ text: String) throws -> JSONValue {
    try StrictJSON.parse(Array(text.utf8))
  }

  @Test("every kind of value is read, with blanks anywhere")
  func kinds() throws {
    let text = " {\"a\" : [ 1 , -0.5e+3,true,false,null ,[]], \"b\":{ } ,\"\":\"x\"}\n"
    let value = try parse(text)
    #expect(
      value["a"]
        == .array([
          .number("1"), .number("-0.5e+3"), .bool(true), .bool(false), .null, .array([]),
        ]))
    #expect(value["b"] == .object([]))
    #expect(value[""] == .text("x"))
  }

  @Test("escapes are read, and what is quoted is read back")
  func escapes() throws {
    let text = "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\""
    let expected = "\"\\/\u{8}\u{C}\n\r\té😀"
    #expect(try parse(text) == .text(expected))
    let awkward = expected + "\u{0}\u{1F}\u{7F}größe"
    #expect(try parse(quotedJSON(awkward)) == .text(awkward))
  }

  @Test(
    "what is no JSON is refused with its place",
    arguments: [
      ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("nul", 1, 1), ("01", 1, 2),
      ("1.", 1, 3), ("-", 1, 2), ("+1", 1, 1), ("\"a", 1, 3), ("\"\\x\"", 1, 4), ("[1 2]", 1, 4),
      ("{\"a\" 1}", 1, 6), ("{a:1}", 1, 2), ("1 2", 1, 3), ("[\n1,\n x]", 3, 2),
      ("\"\u{1}\"", 1, 2), ("\"\\ud800\"", 1, 8), ("\"\\udc00\"", 1, 8), ("\"\\u12g4\"", 1, 6),
      ("NaN", 1, 1), ("\u{FEFF}{}", 1, 1),
    ])
  func refused(text: String, line: Int, column: Int) throws {
    let failure = try #require(throws: JSONFailure.self) { try parse(text) }
    #expect(failure.line == line && failure.column == column, "\(failure.message)")
  }

  @Test("a doubled key is refused and named")
  func doubled() throws {
    let failure = try #require(throws: JSONFailure.self) {
      try parse("{\"a\": {\"b\": 1, \"c\": 2, \"\\u0062\": 3}}")
    }
    #expect(failure.reason.contains("\"b\" stands twice"))
  }

  @Test("bytes that are no UTF-8 are refused")
  func notUTF8() {
    #expect(throws: JSONFailure.self) { try StrictJSON.parse([0x22, 0xFF, 0x22]) }
  }

  @Test("nesting is taken to its limit and refused beyond it, however deep")
  func nesting() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(StrictJSON.depthLimit))
    #expect(throws: JSONFailure.self) { try parse(nested(StrictJSON.depthLimit + 1)) }
    #expect(throws: JSONFailure.self) { try parse(nested(1_000_000)) }
  }
}
