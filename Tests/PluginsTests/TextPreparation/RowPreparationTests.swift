import AgentKit
import Testing

@testable import TextCleaning

private func settings(_ others: JSONValue = [:]) throws -> PreparationSettings {
  let offer = Offer("data.prepare/1", settings: PreparationSettings.specs)
  return try PreparationSettings(Settings(others).completed(by: offer.settings))
}

private func table(_ rows: [(text: String?, label: String?)], parts: [String]? = nil) throws
  -> Table
{
  var columns = [
    TableColumn("text", .utf8(rows.map(\.text)), tags: ["pii"]),
    TableColumn("label", .utf8(rows.map(\.label))),
    TableColumn("number", .i64(rows.indices.map { Int64($0) })),
  ]
  if let parts { columns.append(TableColumn("part", .utf8(parts))) }
  return try Table(columns: columns)
}

@Suite struct RowPreparationTests {
  @Test("texts are cleaned, rows without text or label go, the order and other columns stay")
  func rows() throws {
    let table = try table([
      (" <p>hello</p> ", "a"), (nil, "a"), ("\u{200B} ", "b"), ("bye", nil), ("good  bye", "b"),
    ])
    let (result, report) = try RowPreparation.prepare(table, settings())
    #expect(try result.strings("text") == ["hello", "good bye"])
    #expect(try result.integers("number") == [0, 4])
    #expect(result.column("text")?.tags == ["pii"])
    #expect(report.rowsIn == 5 && report.rowsOut == 2)
    #expect(report.withoutText == 2 && report.withoutLabel == 1)
    #expect(report.steps[.html] == 1 && report.steps[.controls] == 1)
    #expect(report.changed == 3)
  }

  @Test("rows without a label stay where that is wished")
  func missingLabel() throws {
    let (result, _) = try RowPreparation.prepare(
      table([("x", nil), ("y", "a")]), settings(["missing_label": "keep"]))
    #expect(result.rowCount == 2)
  }

  @Test("of duplicates the first one with the label of most stays; a tie drops all")
  func conflicts() throws {
    let table = try table([
      ("Help me!", "b"), ("help me", "a"), ("HELP ME", "a"),  // most say a
      ("what now", "a"), ("What now?", "b"),  // undecided
      ("same", "a"), ("same.", "a"),
    ])
    let (result, report) = try RowPreparation.prepare(table, settings())
    #expect(try result.integers("number") == [1, 5])
    #expect(report.duplicates == 5)
    #expect(report.conflicts == 2 && report.conflictingRows == 2)
    #expect(report.json["undecided_rows"]?.intValue == 2)
  }

  @Test("a row without a label neither votes nor survives one that has a label")
  func unlabelled() throws {
    let (result, _) = try RowPreparation.prepare(
      table([("x", nil), ("X", "a"), ("y", nil), ("Y", nil)]), settings(["missing_label": "keep"]))
    #expect(try result.integers("number") == [1, 2])
  }

  @Test("rows of different parts are no duplicates")
  func parts() throws {
    let rows = [("x", "a"), ("x", "a"), ("x", "b")] as [(String?, String?)]
    let (result, report) = try RowPreparation.prepare(
      table(rows, parts: ["train", "train", "test"]), settings())
    #expect(try result.integers("number") == [0, 2])
    #expect(report.conflicts == 0)
  }

  @Test("duplicates stay where dedup is not asked for")
  func noDedup() throws {
    let (result, _) = try RowPreparation.prepare(
      table([("x", "a"), ("x", "a")]), settings(["clean": ["trim"]]))
    #expect(result.rowCount == 2)
  }

  @Test(
    "wrong settings are named with what they may be",
    arguments: [
      (["clean": ["trim", "wash"]], "settings.clean"), (["clean": "trim"], "settings.clean"),
      (["stop_words": "german"], "settings.stop_words"), (["max_df": 0], "settings.max_df"),
      (["missing_label": "guess"], "settings.missing_label"),
    ] as [(JSONValue, String)])
  func wrongSettings(json: JSONValue, place: String) throws {
    let failure = #expect(throws: AgentFailure.self) { _ = try settings(json) }
    #expect(failure?.place == place)
  }

  @Test("the message of an unknown step names the steps, dedup among them")
  func unknownStep() throws {
    let failure = #expect(throws: AgentFailure.self) { _ = try settings(["clean": ["wash"]]) }
    #expect(failure?.message.contains("'wash' is none of mojibake, html") == true)
    #expect(failure?.message.contains("dedup") == true)
  }
}
