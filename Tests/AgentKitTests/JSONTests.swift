import AgentKit
import Testing

@Suite struct JSONTests {
  @Test(
    "what is read prints back",
    arguments: [
      "null", "true", "false", "0", "-1", "9223372036854775807", "0.5", "1e-07", "-0.0", #""""#,
      #""a\"b\\c\n\t""#, "[]", "{}", #"[1,[2,{"a":null}]]"#, #"{"b":1,"a":2}"#, #""Grüße 👋🏽""#,
    ])
  func roundTrip(text: String) throws {
    #expect(try JSONValue(parsing: text).text == text)
  }

  @Test("space, escapes and numbers are read as RFC 8259 says")
  func reading() throws {
    #expect(try JSONValue(parsing: " \t\r\n[ 1 , 2 ] ") == [1, 2])
    #expect(try JSONValue(parsing: #""\u0041\u00e9\ud83d\ude00\/\b\f\r""#) == "Aé😀/\u{8}\u{c}\r")
    #expect(try JSONValue(parsing: "1E+2") == 100.0)
    #expect(try JSONValue(parsing: "10") == .int(10))
    #expect(try JSONValue(parsing: "1.0") == .double(1))
    #expect(try JSONValue(parsing: "9223372036854775808") == .double(9_223_372_036_854_775_808))
  }

  @Test(
    "what JSON does not say is refused with line and column",
    arguments: [
      ("", "line 1, column 1"), ("[1,]", "line 1, column 4"), ("{\"a\":1,}", "line 1, column 8"),
      ("01", "line 1, column 1"), ("1.", "line 1, column 3"), ("-", "line 1, column 1"),
      ("1e", "line 1, column 3"), ("+1", "line 1, column 1"), (".5", "line 1, column 1"),
      ("nul", "line 1, column 1"), ("NaN", "line 1, column 1"), ("'a'", "line 1, column 1"),
      ("\"a", "line 1, column 1"), ("\"\t\"", "line 1, column 2"), (#""\x""#, "line 1, column 2"),
      (#""\ud83d""#, "line 1, column 2"), (#""\ude00""#, "line 1, column 2"),
      (#""\u12g4""#, "line 1, column 6"), ("{\"a\":1,\n\"a\":2}", "line 2, column 1"),
      ("[1] 2", "line 1, column 5"), ("{a:1}", "line 1, column 2"), ("1e999", "line 1, column 1"),
      ("[1 2]", "line 1, column 4"), ("{\"a\" 1}", "line 1, column 6"), ("[", "line 1, column 2"),
      ("/*c*/1", "line 1, column 1"),
    ])
  func refused(text: String, place: String) {
    let failure = #expect(throws: AgentFailure.self) { try JSONValue(parsing: text) }
    #expect(failure?.code == .invalidArgument)
    #expect(failure?.place == place)
  }

  @Test("broken UTF-8 and deep nesting are refused, not crashed on")
  func hostile() throws {
    #expect(throws: AgentFailure.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: AgentFailure.self) { try JSONValue(parsing: deep) }
    let allowed = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(throws: Never.self) { try JSONValue(parsing: allowed) }
  }

  @Test("numbers that JSON cannot say print as null; control characters are escaped")
  func printing() {
    #expect(JSONValue.array([.double(.nan), .double(.infinity)]).text == "[null,null]")
    #expect(JSONValue.string("\u{1}\u{1f}\u{7f}").text == "\"\\u0001\\u001f\u{7f}\"")
  }

  @Test("an object keeps its order and is changed by key")
  func objects() {
    var value: JSONValue = ["b": 1, "a": 2]
    value["c"] = 3
    value["b"] = 9
    value["a"] = nil
    #expect(value.text == #"{"b":9,"c":3}"#)
    #expect(value["b"]?.intValue == 9)
    #expect(value["b"]?.stringValue == nil)
  }

  @Test("settings say which one is missing or of a wrong type")
  func settings() throws {
    let settings = try Settings(["k": "x", "list": ["a", "b"], "none": nil])
    #expect(try settings.strings("list") == ["a", "b"])
    #expect(settings["none"] == nil)
    let wrong = #expect(throws: AgentFailure.self) { try settings.int("k") }
    #expect(wrong?.description == "settings.k: should be a whole number, not a text")
    let missing = #expect(throws: AgentFailure.self) { try settings.bool("on") }
    #expect(missing?.description == "settings.on: the setting is missing")
    let over = try settings.overridden(by: Settings(["k": 4]))
    #expect(try over.int("k") == 4)
    #expect(throws: AgentFailure.self) { try Settings([1]) }
  }
}
