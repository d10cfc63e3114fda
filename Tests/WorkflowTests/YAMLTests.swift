import Contracts
import Testing

@testable import Workflow

@Suite("YAML is read by YAML 1.2's core rules and within bounds")
struct YAMLTests {
  private func load(_ text: String) -> (value: YAMLValue?, problems: [Diagnostic]) {
    var loader = YAMLLoader(problems: ProblemList(file: "w.yaml", source: text))
    let value = loader.load(text)
    return (value, loader.problems.all)
  }

  @Test(
    "plain scalars",
    arguments: [
      ("on", Setting.string("on")), ("no", "no"), ("Yes", "Yes"), ("off", "off"), ("y", "y"),
      ("true", true), ("False", false), ("null", nil), ("~", nil), ("", nil), ("12", 12),
      ("-0", 0), ("+7", 7), ("0o17", 15), ("0x1F", 31), ("010", 10), ("1_000", "1_000"),
      ("1:30", "1:30"), ("1.5", 1.5), (".5", 0.5), ("-.5", -0.5), ("5.", 5.0), ("1e-4", 1e-4),
      ("1e3", 1_000.0), ("1.e2", 100.0), ("1e", "1e"), (".", "."), ("-", "-"), ("0b1", "0b1"),
      ("2001-01-01", "2001-01-01"), ("1e-4..1e-1 log", "1e-4..1e-1 log"), ("<<", "<<"),
      (".inf", .double(.infinity)), ("-.INF", .double(-.infinity)), ("5%", "5%"),
      ("٣", "٣"), ("99999999999999999999", 1e20),
    ])
  func plain(_ text: String, _ value: Setting) {
    #expect(CoreSchema.resolve(plain: text) == value)
  }

  @Test("keys and quoted values are text")
  func text() throws {
    let (value, problems) = load("on: \"no\"\n1: '2'\n3: !!str 4\nn: |\n  12\n")
    #expect(problems == [])
    #expect(
      try #require(value).setting == ["on": "no", "1": "2", "3": "4", "n": "12\n"])
  }

  @Test("places count lines and columns from 1, in Unicode scalars")
  func places() throws {
    let (value, _) = load("é: {b: 'x', c: [1, 2]}\r\nd: 3\r\n")
    let positions = try #require(value).positions.values
    #expect(positions["é.b"] == SourcePosition(line: 1, column: 8))
    #expect(positions["é.c.1"] == SourcePosition(line: 1, column: 20))
    #expect(positions["d"] == SourcePosition(line: 2, column: 4))
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var text: String
    var place: String
    var message: String
    var remedy: String
    var testDescription: String { String(text.prefix(40)) }
  }

  @Test(
    "what is refused says where and what to do",
    arguments: [
      Refusal(text: "", place: "1:1", message: "the file is empty", remedy: "begin with schema"),
      Refusal(
        text: "# nothing\n", place: "1:1", message: "the file is empty", remedy: "begin with"),
      Refusal(
        text: "a: 1\n\tb: 2\n", place: "2:1", message: "a tab indents this line",
        remedy: "indent with spaces"),
      Refusal(
        text: "a:\n  b: 1\n  b: 2\n", place: "3:3",
        message: "the key 'b' stands twice in one mapping",
        remedy: "remove one of them; the first is in line 2"),
      Refusal(
        text: "a: b: c\n", place: "1:5", message: "a ':' stands where no key can",
        remedy: "quote a value"),
      Refusal(text: "a: [1, 2\n", place: "2:1", message: "is not closed", remedy: "']'"),
      Refusal(text: "a: {b: 1\n", place: "2:1", message: "is not closed", remedy: "'}'"),
      Refusal(text: "a: \"b\n", place: "2:1", message: "a quote is not closed", remedy: "close"),
      Refusal(text: "a: @b\n", place: "1:4", message: "cannot begin a value", remedy: "quotes"),
      Refusal(text: "a: *b\n", place: "1:4", message: "names no anchor", remedy: "write the value"),
      Refusal(text: "a: 1\n---\nb: 2\n", place: "2:1", message: "second document", remedy: "one"),
      Refusal(text: "a: \u{7}b", place: "1:4", message: "U+0007 may not", remedy: "remove it"),
      Refusal(text: "? [a]\n: 1\n", place: "1:3", message: "a key that is a list", remedy: "word"),
      Refusal(
        text: "a: !!set {b}\nc: !x 1\n", place: "2:4", message: "the tag '!x'", remedy: "tag"),
      Refusal(
        text: String(repeating: "[", count: 30) + String(repeating: "]", count: 30),
        place: "1:25", message: "nested deeper than 24", remedy: "flatten"),
      Refusal(
        text: String(repeating: "[", count: 5_000), place: "1:1",
        message: "nested deeper than 24 levels", remedy: "flatten"),
      Refusal(
        text: "a: [" + String(repeating: "1,", count: 25_000) + "]", place: "1:40001",
        message: "more than 20000 values", remedy: "shorten"),
      Refusal(
        text: "a: " + String(repeating: "x", count: 300_000), place: "1:1",
        message: "the file has 300003 bytes, more than 262144", remedy: "files of its own"),
    ])
  func refusals(_ refusal: Refusal) throws {
    let (value, problems) = load(refusal.text)
    #expect(value == nil)
    #expect(problems.count == 1)
    let problem = try #require(problems.first)
    #expect(problem.position.description == refusal.place, "\(problem.message)")
    #expect(problem.message.contains(refusal.message), "\(problem.message)")
    #expect(problem.remedy.contains(refusal.remedy), "\(problem.remedy)")
  }

  @Test("aliases are allowed, but not so many that they grow")
  func aliases() throws {
    let (value, problems) = load("a: &x [1, 2]\nb: *x\nc: \"w * logp *y\" # *z\n")
    #expect(problems == [])
    #expect(try #require(value).setting["b"] == [1, 2])
    var laughs = "a0: &a0 [x, x]\n"
    for level in 1...30 { laughs += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let (none, refusal) = load(laughs)
    #expect(none == nil)
    #expect(refusal.map(\.message) == ["more than 16 aliases"])
    #expect(refusal.first?.position == SourcePosition(line: 10, column: 10))
  }

  @Test("bytes that are not UTF-8 are refused with their place; a byte order mark is not")
  func bytes() {
    let bad = WorkflowFile.read(bytes: Array("a: 1\nb: ".utf8) + [0xFF], path: "w.yaml")
    #expect(bad.file == nil)
    #expect(bad.problems.map(\.message) == ["bytes that are not UTF-8"])
    #expect(bad.problems.first?.position == SourcePosition(line: 2, column: 4))
    let marked = WorkflowFile.read("\u{FEFF}" + SampleWorkflows.short, path: "w.yaml")
    #expect(marked.problems == [])
  }

  @Test("cut and mutilated workflows give problems, never a crash")
  func fuzz() {
    let scalars = Array(SampleWorkflows.complete.unicodeScalars)
    let alphabet = Array("\n :{}[]\"'#&*|>-%@,?!.\t\0é0aZ".unicodeScalars)
    var state: UInt64 = 99
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var refused = 0
    for round in 0..<300 {
      var mutated = scalars
      if round.isMultiple(of: 3) {
        mutated.removeLast(next(mutated.count))
      } else {
        for _ in 0...next(4) {
          mutated[next(mutated.count)] = alphabet[next(alphabet.count)]
        }
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: mutated)
      let problems = SampleWorkflows.problems(String(view))
      if !problems.isEmpty { refused += 1 }
      for problem in problems {
        #expect(problem.line >= 1 && problem.column >= 1)
        #expect(!problem.remedy.isEmpty, "\(problem)")
      }
    }
    #expect(refused > 200)
  }
}
