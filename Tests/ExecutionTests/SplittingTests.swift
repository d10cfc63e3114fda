import ArrowTables
import Contracts
import Testing
import Workflow

@testable import Execution

@Suite struct SplittingTests {
  private func table(_ rows: [(text: String, label: String?)], parts: [String]? = nil) throws
    -> Table
  {
    var columns = [
      TableColumn("text", .utf8(rows.map(\.text))), TableColumn("label", .utf8(rows.map(\.label))),
    ]
    if let parts { columns.append(TableColumn("part", .utf8(parts))) }
    return try Table(columns: columns)
  }

  private func plan(_ json: String) throws -> SplitPlan { try SplitPlan(Setting(json: json)) }

  private func split(_ table: Table, _ json: String, seed: UInt64 = 1) throws -> Split {
    try Splitter(plan: plan(json), seed: seed, labelColumn: "label").split(table)
  }

  private static let shares = """
    {"train": 0.7, "val": 0.1, "blend": 0.05, "test": 0.15, "stratify": "label"}
    """

  @Test("every row goes to one part, classes in proportion, the same for the same seed")
  func stratified() throws {
    let rows = (0..<1000).map { (text: "message \($0)", label: $0 % 10 == 0 ? "rare" : "common") }
    let table = try table(rows)
    let result = try split(table, Self.shares)
    let all = result.rows.values.flatMap { $0 }
    #expect(all.sorted() == Array(0..<1000))
    #expect(result.rows[.train]?.count == 700)
    #expect(result.rows[.test]?.count == 150)
    for (part, share) in [(SplitPlan.Part.train, 70), (.val, 10), (.blend, 5), (.test, 15)] {
      let rare = (result.rows[part] ?? []).filter { rows[$0].label == "rare" }
      #expect(rare.count == share)
    }
    #expect(try split(table, Self.shares) == result)
    #expect(try split(table, Self.shares, seed: 2) != result)
  }

  @Test(
    "no normalised text of the test part occurs in another part, also where nobody removed doubles")
  func groups() throws {
    let rows = (0..<400).map { number in
      let text = "Where is parcel \(number / 4)"
      return (
        text: [text, text.uppercased() + "!!", "  " + text, text + "."][number % 4], label: "a"
      )
    }
    let other = (0..<100).map { (text: "invoice \($0)", label: "b") }
    let table = try table(rows + other)
    let result = try split(table, Self.shares)
    let texts = try table.strings("text").map { normalisedKey($0 ?? "") }
    let test = Set((result.rows[.test] ?? []).map { texts[$0] })
    for part in [SplitPlan.Part.train, .val, .blend] {
      #expect((result.rows[part] ?? []).allSatisfy { !test.contains(texts[$0]) })
    }
  }

  @Test("a split by a column keeps the test rows whole and drops their doubles from the rest")
  func byColumn() throws {
    let rows = (0..<200).map { (text: "text \($0 % 190)", label: $0 % 2 == 0 ? "a" : "b") }
    let parts = (0..<200).map { $0 < 180 ? "train" : "test" }
    let result = try split(
      try table(rows, parts: parts),
      #"{"by": "part", "val": 0.1, "blend": 0.1, "stratify": "label"}"#)
    #expect(result.rows[.test] == Array(180..<200))
    // Rows 190..<200 repeat the texts 0..<10.
    #expect(result.leaks == 10)
    let rest = [SplitPlan.Part.train, .val, .blend].flatMap { result.rows[$0] ?? [] }
    #expect(rest.sorted() == Array(10..<180))
  }

  @Test("an unknown part, a missing column and an empty part are refused by name")
  func refused() throws {
    let rows = (0..<10).map { (text: "text \($0)", label: "a") }
    #expect {
      try split(try table(rows, parts: Array(repeating: "dev", count: 10)), #"{"by": "part"}"#)
    } throws: {
      "\($0)".contains("row 1 is marked as part 'dev'")
    }
    #expect {
      try split(try table(rows), #"{"by": "fold"}"#)
    } throws: {
      "\($0)".contains("'fold'") && "\($0)".contains("text, label")
    }
    #expect {
      try split(try table(Array(rows.prefix(2))), Self.shares)
    } throws: {
      "\($0)".contains("without a row")
    }
  }

  @Test("a class that the training part lacks leaves val and blend, not the test part")
  func strangers() throws {
    var rows = (0..<100).map { (text: "text \($0)", label: "a") }
    rows.append((text: "alone", label: "z"))
    for seed in 0..<20 {
      let result = try split(
        try table(rows), #"{"train": 0.5, "val": 0.3, "test": 0.2}"#, seed: UInt64(seed))
      let isTraining = (result.rows[.train] ?? []).contains(100)
      #expect(isTraining || !(result.rows[.val] ?? []).contains(100))
    }
  }

  @Test("shares are apportioned by largest remainders and sum to the whole")
  func apportioned() {
    #expect(apportion(10, shares: [0.7, 0.1, 0.05, 0.15]) == [7, 1, 1, 1])
    #expect(apportion(1, shares: [0.5, 0.5]) == [1, 0])
    for total in 0..<50 {
      #expect(apportion(total, shares: [0.7, 0.1, 0.05, 0.15]).reduce(0, +) == total)
    }
  }

  @Test(
    "texts are the same by letters and digits in NFKC, whatever case, signs and spaces",
    arguments: [
      ("Ｗhere  is—my ORDER?!", "where is my order"), ("It\u{2019}s 4\u{200B}5", "its 45"),
      ("caf\u{65}\u{301}", "caf\u{e9}"), ("?!", "?!"),
    ])
  func keys(text: String, key: String) {
    #expect(normalisedKey(text) == key)
  }
}
