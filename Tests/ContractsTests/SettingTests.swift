import Contracts
import Testing

@Suite("Settings are read from JSON and written back")
struct SettingTests {
  @Test(
    "JSON comes back as it was, keys in order",
    arguments: [
      "null", "true", "[]", "{}", "-12", "0", "1.5", "1e-05", "\"\"", "[1,[2,{\"a\":null}]]",
      "{\"z\":1,\"a\":2}", "\"q\\\" b\\\\ n\\n t\\t \\u0001 é 💥\"", "2.0", "9223372036854775807",
    ])
  func roundTrip(_ text: String) throws {
    #expect(try Setting(json: text).json == text)
  }

  @Test("escapes are decoded, surrogate pairs too")
  func escapes() throws {
    #expect(try Setting(json: #""\u00e9\ud83d\udca5\/""#) == .string("é💥/"))
  }

  @Test(
    "what is no JSON is refused with its place",
    arguments: [
      ("", 0), ("[1,]", 3), ("{\"a\":1,\"a\":2}", 7), ("01", 0), ("1.", 2), ("tru", 0), ("'a'", 0),
      ("\"a", 0), ("1 2", 2), ("{a:1}", 1), ("\"\\ud83d\"", 7), ("\"\\x\"", 2), ("[1", 2),
      ("1e999", 0), ("\"\u{1}\"", 1), ("nan", 0), ("\"\\u00g0\"", 3),
    ])
  func errors(_ text: String, _ offset: Int) throws {
    let error = try #require(throws: SettingError.self) { try Setting(json: text) }
    #expect(error.offset == offset, "\(error)")
  }

  @Test("depth is bounded")
  func depth() throws {
    let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    #expect(throws: SettingError.self) { try Setting(json: deep) }
    #expect(throws: SettingError.self) {
      try Setting(json: String(repeating: "[", count: 100_000))
    }
    #expect(try Setting(json: "[[1]]", depthLimit: 3) == [[1]])
  }

  // Takes minutes where each key is compared with all earlier ones.
  @Test("an object of 50,000 keys is read in order, and its one doubled key is found")
  func manyKeys() throws {
    let fields = (0..<50_000).map { "\"key \($0)\":\($0)" }
    let text = "{" + fields.joined(separator: ",")
    let read = try #require(Setting(json: text + "}").fields)
    #expect(read == (0..<50_000).map { Setting.Field("key \($0)", .int($0)) })
    let error = try #require(throws: SettingError.self) {
      try Setting(json: text + ",\"key 0\":0}")
    }
    #expect(error.message == "the key \"key 0\" stands twice")
    #expect(error.offset == text.utf8.count + 1)
  }

  @Test("keys that differ in their code points alone are one key")
  func equivalentKeys() throws {
    #expect(throws: SettingError.self) { try Setting(json: #"{"\u00e9":1,"e\u0301":2}"#) }
  }

  @Test("values answer for their own kind only")
  func accessors() {
    let setting: Setting = ["a": 1, "b": [true, "x", 2.5, nil]]
    #expect(setting["a"]?.intValue == 1)
    #expect(setting["a"]?.doubleValue == 1)
    #expect(setting["a"]?.stringValue == nil)
    #expect(setting["b"]?.listValue?.count == 4)
    #expect(setting["c"] == nil)
    #expect(Setting.double(2).intValue == nil)
    #expect(Setting.double(.nan).json == "null")
  }
}
