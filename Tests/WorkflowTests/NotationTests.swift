import Contracts
import Testing

@testable import Workflow

@Suite("Durations, sizes, search ranges and expressions")
struct NotationTests {
  @Test(
    "durations",
    arguments: [
      ("250ms", Duration.milliseconds(250)), ("60s", .seconds(60)), ("1.5m", .seconds(90)),
      ("2h", .seconds(7_200)), ("1d", .seconds(86_400)), ("0.1s", .milliseconds(100)),
      ("2 s", .seconds(2)),
    ])
  func durations(_ text: String, _ duration: Duration) throws {
    #expect(try Quantity.duration(text) == duration)
  }

  @Test(
    "what is no duration is refused",
    arguments: ["", "s", "5", "5 weeks", "-1s", "1e9s", "1.2.3s", "99999999999999999999s", "1.s"])
  func noDurations(_ text: String) {
    #expect(throws: NotationError.self) { try Quantity.duration(text) }
  }

  @Test("ranges of durations and sizes in bytes")
  func rangesAndSizes() throws {
    let range = try Quantity.durationRange("1s..30s")
    #expect((range.first, range.last) == (.seconds(1), .seconds(30)))
    let single = try Quantity.durationRange("5s")
    #expect((single.first, single.last) == (.seconds(5), .seconds(5)))
    #expect(try Quantity.bytes("1GiB") == 1 << 30)
    #expect(try Quantity.bytes("1.5KB") == 1_500)
    #expect(throws: NotationError.self) { try Quantity.bytes("1G") }
    #expect(throws: NotationError.self) { try Quantity.bytes("99999999TiB") }
  }

  @Test("search ranges")
  func searchRanges() throws {
    #expect(
      try SearchRange("1e-4..1e-1 log")
        == .numbers(low: 1e-4, high: 0.1, whole: false, logarithmic: true))
    #expect(
      try SearchRange("16..256") == .numbers(low: 16, high: 256, whole: true, logarithmic: false))
    #expect(
      try SearchRange(" -1 .. 1.0") == .numbers(low: -1, high: 1, whole: false, logarithmic: false))
    #expect(try SearchRange([64, 128]) == .choices([64, 128]))
    #expect(try SearchRange("relu") == .choices(["relu"]))
    #expect(try SearchRange(0.5) == .choices([0.5]))
    for bad: Setting in ["1..a", "2..1", "0..1 log", "log", "5 log", [], ["a": 1]] {
      #expect(throws: NotationError.self, "\(bad)") { try SearchRange(bad) }
    }
  }

  private func value(
    _ text: String, _ values: [String: ExpressionValue] = [:]
  ) throws -> ExpressionValue? {
    try Expression(parsing: text, position: .start).evaluate { values[$0.description] }
  }

  @Test(
    "expressions follow precedence",
    arguments: [
      ("1 + 2 * 3", ExpressionValue.number(7)), ("(1 + 2) * 3", 9), ("8 / 2 / 2", 2),
      ("1 - 2 - 3", -4), ("-2 * -3", 6), ("- -2", 2), ("min(3, 1, 2)", 1), ("max(1e-3, 0.5)", 0.5),
      ("abs(-4)", 4), ("1 < 2 and 2 <= 2", true), ("not 1 > 2", true),
      ("not (1 < 2) or true", true), ("true or false and false", true), ("1 == 1.0", true),
      ("'a' == \"a\"", true), ("'a' != 'b'", true), ("true == false", false),
      ("0.1 + 0.2 > 0.3", true),
      ("1 / 0 > 5", true), ("0 / 0 >= 0", false),
    ])
  func expressions(_ text: String, _ expected: ExpressionValue) throws {
    #expect(try value(text) == expected)
  }

  @Test("paths name values and members")
  func paths() throws {
    let values: [String: ExpressionValue] = ["evaluate.f1": 0.5, "evaluate.f1[1]": 0.75]
    #expect(try value("evaluate.f1[1] - evaluate.f1", values) == 0.25)
    let expression = try Expression(
      parsing: "not evaluate.f1[1] < params.x", position: .start)
    #expect(expression.paths.map(\.path.description) == ["evaluate.f1[1]", "params.x"])
    #expect(expression.paths.map(\.offset) == [4, 21])
    #expect(expression.paths.map(\.length) == [14, 8])
  }

  @Test("a missing value makes what needs it missing, and no more")
  func missing() throws {
    #expect(try value("a.b > 1") == nil)
    #expect(try value("a.b > 1 or true") == true)
    #expect(try value("a.b > 1 and false") == false)
    #expect(try value("not a.b > 1") == nil)
    #expect(try value("max(a.b, 1)") == nil)
    let condition = try Expression(parsing: "a.b > 1", position: .start)
    #expect(!condition.holds { _ in nil })
  }

  @Test(
    "what is no expression is refused with its place",
    arguments: [
      ("", 0), ("1 +", 3), ("a", -1), ("(1", 2), ("1 < 2 < 3", 6), ("f(1)", 0), ("a..b", 2),
      ("a.b[x]", 4), ("a.b[0", 5), ("'a", 0), ("1 = 2", 2), ("and", 0), ("1.2.3 > 1", 0),
      ("2x > 1", 0), ("abs(1, 2)", 0), ("a & b", 2), ("a. b", 2), (".5 > 1", 0),
    ])
  func noExpressions(_ text: String, _ offset: Int) throws {
    // A lone name parses: whether it means something is the check's question.
    guard offset >= 0 else {
      #expect(try Expression(parsing: text, position: .start).paths.count == 1)
      return
    }
    let error = try #require(throws: NotationError.self) {
      try Expression(parsing: text, position: .start)
    }
    #expect(error.offset == offset, "\(error)")
  }

  @Test("nesting and length are bounded")
  func bounds() {
    let deep = String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100)
    #expect(throws: NotationError.self) { try Expression(parsing: deep, position: .start) }
    let minus = String(repeating: "-", count: 3_000) + "1"
    #expect(throws: NotationError.self) { try Expression(parsing: minus, position: .start) }
    let long = "1" + String(repeating: "+1", count: 3_000)
    #expect(throws: NotationError.self) { try Expression(parsing: long, position: .start) }
  }

  @Test(
    "types are checked before the run",
    arguments: [
      ("x.n and true", "'and' takes a condition, but 'x.n' is a number"),
      ("x.n + 'a' > 1", "'+' takes a number, but ''a'' is text"),
      ("not x.n", "'not' takes a condition, but 'x.n' is a number"),
      ("-x.b > 1", "'-' takes a number, but 'x.b' is a condition"),
      ("max(x.n, x.b) > 1", "max(…) takes a number, but 'x.b' is a condition"),
      ("x.n == 'a'", "'==' compares a number with text"),
    ])
  func typing(_ text: String, _ message: String) throws {
    let expression = try Expression(parsing: text, position: .start)
    let error = try #require(throws: NotationError.self) {
      try expression.type { $0.names == ["x", "n"] ? .number : .bool }
    }
    #expect(error.message == message)
  }
}
