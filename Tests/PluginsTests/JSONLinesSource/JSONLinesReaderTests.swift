import AgentKit
import Foundation
import RowSources
import Testing

@testable import JSONLinesReading

/// Writes a text to a file, calls `body` with its path, and removes the file.
private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl")
  try Data(text.utf8).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

private func table(_ text: String, _ others: JSONValue = [:]) throws -> Table {
  try withFile(text) { path in
    let given = try Settings(["path": .string(path)]).overridden(by: Settings(others))
    let offer = Offer.source("jsonl", about: "")
    return try JSONLinesReader.table(SourceSettings(given.completed(by: offer.settings)))
  }
}

private func caught(_ text: String) -> AgentFailure? {
  do {
    _ = try table(text)
    return nil
  } catch {
    return AgentFailure(error)
  }
}

@Suite struct JSONLinesReaderTests {
  @Test("every key is a column; what an object does not have is missing; types are kept")
  func columns() throws {
    let table = try table(
      """
      {"text": "a\\nb", "label": "x", "n": 1}\r

      {"label": null, "text": "ü", "ok": true, "n": 2.5, "tags": ["p", {"q": 1}]}
      """)
    #expect(table.columns.map(\.name) == ["text", "label", "n", "ok", "tags"])
    #expect(try table.strings("text") == ["a\nb", "ü"])
    #expect(try table.strings("label") == ["x", nil])
    #expect(try table.doubles("n") == [1, 2.5])
    #expect(try table.bools("ok") == [nil, true])
    #expect(try table.strings("tags") == [nil, #"["p",{"q":1}]"#])
  }

  @Test("numbers and truth values are labels as well; an empty label is none")
  func labels() throws {
    let table = try table(
      """
      {"t": "a", "c": 1}
      {"t": "b", "c": false}
      {"t": "c", "c": ""}
      """, ["text": "t", "label": "c"])
    #expect(try table.strings("label") == ["1", "false", nil])
  }

  @Test("a byte-order mark is skipped")
  func byteOrderMark() throws {
    #expect(try table("\u{FEFF}{\"text\":\"a\",\"label\":\"b\"}\n").rowCount == 1)
  }

  @Test(
    "a broken line is found at its line and column",
    arguments: [
      (#"{"text": "a", "label": "b"}"# + "\n" + #"{"text": x}"#, ":2:10"),
      (#"{"text": "a" "label": "b"}"#, ":1:14"),
      ("\n[1]\n", ":2:1"),
      (#"{"text": ["a"], "label": "b"}"#, ":1:1"),
      (#"{"text": "a", "text": "b"}"#, ":1:"),
    ])
  func broken(text: String, place: String) throws {
    let failure = try #require(caught(text))
    #expect(failure.code == .invalidArgument)
    #expect(failure.place.contains(".jsonl" + place), "\(failure.place)")
  }

  @Test("broken UTF-8 is found at its line")
  func invalidUTF8() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(Array("{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\"".utf8) + [0xFF, 0x22, 0x7D])
      .write(to: url)
    let offer = Offer.source("jsonl", about: "")
    let settings = try Settings(["path": .string(url.path)]).completed(by: offer.settings)
    let failure = #expect(throws: AgentFailure.self) {
      _ = try JSONLinesReader.table(SourceSettings(settings))
    }
    #expect(failure?.place.hasPrefix("\(url.path):2:") == true)
  }

  @Test("files without objects and without the chosen columns are refused")
  func nothing() {
    #expect(caught("")?.message.contains("no rows") == true)
    #expect(caught("\n \n")?.message.contains("no rows") == true)
    #expect(
      caught("{\"body\":\"a\",\"label\":\"b\"}")?.message
        .contains("no column 'text'; it has 'body', 'label'") == true)
  }

  @Test("lines are split wherever the pieces end", arguments: 1...6)
  func splitting(size: Int) {
    let bytes = Array("ab\r\n\ncd\r\ne".utf8)
    var splitter = LineSplitter()
    var lines: [String] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      splitter.split(bytes[start..<min(start + size, bytes.count)]) {
        lines.append(String(decoding: $0, as: UTF8.self))
      }
    }
    splitter.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
    #expect(lines == ["ab", "", "cd", "e"])
  }
}
