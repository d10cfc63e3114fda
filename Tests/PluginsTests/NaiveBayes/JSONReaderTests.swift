import NaiveBayesLearner
import Testing

/// Calls `body` with a span of the text, which lives until it returns.
private func withSpan<Result>(_ text: String, _ body: (nb_span) -> Result) -> Result {
  var text = text
  return text.withUTF8 { bytes in
    bytes.withMemoryRebound(to: CChar.self) { body(nb_span(data: $0.baseAddress, size: $0.count)) }
  }
}

private func decoded(_ text: String) -> String? {
  withSpan(text) { span in
    var buffer = [CChar](repeating: 0, count: span.size + 1)
    let count = nb_json_string(span, &buffer)
    guard count >= 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

@Suite struct NaiveBayesJSONReaderTests {
  @Test(
    "whole texts pass",
    arguments: [
      "{}", "[]", " { \"a\" : [ 1 , -2.5e+3 , true , null , \"x\\u00e9\\n\" ] } ", "0", "-0.5",
      "\"\"",
      "{\"a\":{\"b\":[[]]}}",
    ])
  func whole(text: String) {
    #expect(withSpan(text, nb_json_check) == -1)
  }

  @Test(
    "broken texts are refused at the byte where they break",
    arguments: [
      ("", 0), ("{", 1), ("{\"a\"}", 4), ("[1,]", 3), ("01", 1), ("1.", 2), ("+1", 0), ("\"a", 2),
      ("\"\\x\"", 2), ("\"\\u12g4\"", 5), ("tru", 0), ("{} {}", 3), ("[1 2]", 3), ("\"\n\"", 1),
      ("{'a':1}", 1), ("NaN", 0),
    ])
  func broken(text: String, byte: Int) {
    #expect(withSpan(text, nb_json_check) == byte)
  }

  @Test("deep nesting is refused, not followed")
  func deep() {
    let text = String(repeating: "[", count: 100_000)
    #expect(withSpan(text, nb_json_check) == 33)
  }

  @Test("members are found by name, whatever stands before them; the last one wins")
  func members() {
    withSpan(#"{"b": {"a": 9}, "a": 1, "text": "a", "a": 2.5}"#) { object in
      var number = 0.0
      #expect(nb_json_number(nb_json_member(object, "a"), &number) == 1)
      #expect(number == 2.5)
      #expect(nb_json_member(object, "c").size == 0)
      #expect(nb_json_number(nb_json_member(object, "text"), &number) == 0)
      #expect(nb_json_member(nb_json_member(object, "b"), "a").size == 1)
    }
    withSpan("[]") { #expect(nb_json_member($0, "a").size == 0) }
  }

  @Test("elements are found by index")
  func elements() {
    withSpan(#"["x", [1, 2], 3]"#) { array in
      #expect(nb_json_element(array, 1).size == 6)
      #expect(nb_json_element(array, 2).size == 1)
      #expect(nb_json_element(array, 3).size == 0)
    }
  }

  @Test("truth values are read, and nothing else as one")
  func truth() {
    var value: Int32 = -1
    #expect(withSpan("true") { nb_json_bool($0, &value) } == 1 && value == 1)
    #expect(withSpan("false") { nb_json_bool($0, &value) } == 1 && value == 0)
    #expect(withSpan("1") { nb_json_bool($0, &value) } == 0)
  }

  @Test("strings are decoded; half of a surrogate pair is refused")
  func strings() {
    #expect(decoded(#""a\n\"é\u00e9\ud83d\ude00\/""#) == "a\n\"éé😀/")
    #expect(decoded(#""\ud83d""#) == nil)
    #expect(decoded(#""\ud83dx\ude00""#) == nil)
    #expect(decoded("1") == nil)
  }

  @Test("what is written as a string reads back", arguments: ["", "a\"b\\c", "\u{1}\n\t", "日本 😀"])
  func written(text: String) {
    var out = nb_text()
    nb_text_json_string(&out, text, text.utf8.count)
    let written = String(
      decoding: UnsafeRawBufferPointer(start: out.data, count: out.size), as: UTF8.self)
    nb_text_free(&out)
    #expect(withSpan(written, nb_json_check) == -1)
    #expect(decoded(written) == text)
  }

  @Test(
    "numbers are written so that they read back to the same bits",
    arguments: [0.1, 1e-300, 65536, 1 / 3.0])
  func numbers(number: Double) {
    var out = nb_text()
    nb_text_json_number(&out, number)
    let written = String(
      decoding: UnsafeRawBufferPointer(start: out.data, count: out.size), as: UTF8.self)
    nb_text_free(&out)
    var read = 0.0
    #expect(withSpan(written) { nb_json_number($0, &read) } == 1)
    #expect(read == number)
  }
}
