import Contracts
import Foundation
import Testing

/// Each case: one clear error that names file and remedy, an exit code that is not zero, nothing
/// half-written.
@Suite(.serialized) struct BadInputTests {
  private func expectRefused(
    _ line: CommandLine, _ arguments: [String], status: Int32, naming words: [String],
    source: SourceLocation = #_sourceLocation
  ) throws {
    let result: CommandLine.Result =
      switch arguments.count {
      case 2: try line.cadre(arguments[0], arguments[1])
      default: try line.cadre(arguments[0], arguments[1], arguments[2])
      }
    #expect(result.status == status, "\(result.errors)\(result.output)", sourceLocation: source)
    for word in words {
      #expect(
        (result.errors + result.output).contains(word),
        "'\(word)' is not in: \(result.errors)\(result.output)", sourceLocation: source)
    }
    #expect(!FileManager.default.fileExists(atPath: line.folder + "/home/models"))
  }

  @Test(
    "a workflow that cannot be read is refused with its place",
    arguments: [
      ("", ["w.yaml", "empty"]),
      ("schema: cadre/1\nworkflow: w\nstepps: {}\n", ["w.yaml:3:1", "did you mean 'steps'"]),
      ("schema: cadre/1\n\tworkflow: w\n", ["w.yaml:2", "tab"]),
      (
        """
        schema: cadre/1
        workflow: w
        steps:
          a: {needs: {task: data.prepare/1}, in: {rows: b.rows}, out: {rows: "table<text:utf8, label:utf8>"}}
          b: {needs: {task: data.prepare/1}, in: {rows: a.rows}, out: {rows: "table<text:utf8, label:utf8>"}}
        """, ["w.yaml:4", "wait for one another: a → b → a"]
      ),
      (
        smallWorkflow().replacingOccurrences(
          of: "with: {warm_up: 4}", with: "with: {alias: ../x@prod}"),
        ["w.yaml:4", "../x@prod"]
      ),
      (
        """
        schema: cadre/1
        workflow: w
        steps:
          a: {needs: {task: data.fly/1}, out: {rows: text}}
        """, ["w.yaml:4", "data.fly/1"]
      ),
    ])
  func workflows(text: String, words: [String]) throws {
    let line = try CommandLine()
    defer { line.remove() }
    let file = try line.write("w.yaml", text)
    try expectRefused(line, ["validate", file], status: 2, naming: words)
    try expectRefused(line, ["run", file], status: 2, naming: words)
    #expect(!FileManager.default.fileExists(atPath: line.folder + "/home/journal.sqlite"))
  }

  @Test("a workflow file that is not there")
  func missingWorkflow() throws {
    let line = try CommandLine()
    defer { line.remove() }
    try expectRefused(
      line, ["run", line.folder + "/none.yaml"], status: 3, naming: ["none.yaml"])
  }

  @Test(
    "rows that cannot be used are refused with file and line",
    arguments: [
      ("text,label\na,b\nc,d,e\n", ["rows.csv", "3 fields"]),
      ("text,label\n\u{1}", ["rows.csv"]),
      ("text,label\n", ["rows.csv", "no rows"]),
      ("", ["rows.csv", "empty"]),
      ("text,label\n\"never closed,b\n", ["rows.csv", "quote"]),
      ("body,topic\na,b\n", ["rows.csv", "body"]),
      (
        "text,label\n" + (0..<40).map { "message \($0),spam\n" }.joined(),
        ["one class only: spam", "at least two"]
      ),
      (
        "text,label\n" + (0..<40).map { "message \($0),\n" }.joined(), ["label"]
      ),
    ])
  func rows(text: String, words: [String]) throws {
    let line = try CommandLine()
    defer { line.remove() }
    try line.write("rows.csv", text)
    let file = try line.write("w.yaml", smallWorkflow())
    try expectRefused(line, ["run", file, "--quiet"], status: 1, naming: words)
    let runs = try line.cadre("runs", "--json").json()
    #expect(runs.listValue?.first?["state"]?.stringValue == "failed")
  }

  @Test("broken UTF-8 is refused with its place")
  func brokenUTF8() throws {
    let line = try CommandLine()
    defer { line.remove() }
    try line.write(
      "rows.csv", bytes: Array("text,label\ngood,a\nb".utf8) + [0xFF, 0xFE] + Array(",b\n".utf8))
    let file = try line.write("w.yaml", smallWorkflow())
    try expectRefused(
      line, ["run", file, "--quiet"], status: 1, naming: ["rows.csv", "UTF-8", "rows.csv:3:2"])
  }

  @Test("a source that is not there")
  func missingSource() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let file = try line.write("w.yaml", smallWorkflow())
    try expectRefused(line, ["run", file, "--quiet"], status: 1, naming: ["rows.csv"])
  }

  @Test("a step that is tried again says so, and each attempt is kept with its reason")
  func retried() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let out = #"    out: {rows: "table<text:utf8, label:utf8>"}"#
    let text = smallWorkflow()
    try #require(text.contains(out + "\n"))
    let file = try line.write(
      "w.yaml",
      text.replacingOccurrences(
        of: out + "\n",
        with: out + "\n    retry: {max: 2, on_errors: [not_found], backoff: 10ms}\n"))
    let run = try line.cadre("run", file)
    #expect(run.status == 1)
    #expect(run.output.components(separatedBy: "collect: again in").count == 3, "\(run.output)")
    let step = try line.cadre("show", "last", "collect", "--json").json()
    let attempts = step["attempts"]?.listValue ?? []
    #expect(attempts.compactMap { $0["number"]?.intValue } == [1, 2, 3])
    #expect(attempts.allSatisfy { $0["message"]?.stringValue?.contains("rows.csv") == true })
  }

  @Test(
    "a plug-in that is no library, or that nobody trusts, is refused with the remedy, and the others work"
  )
  func plugins() throws {
    let line = try CommandLine()
    defer { line.remove() }
    let folder = line.folder + "/plugins"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try line.write("plugins/libText.so", "this is no library")
    try line.write(
      "plugins/libText.cadre.json", "{\"format\": \"cadre.plugin/1\", \"surprise\": 1}")
    let result = try line.cadre("agents", pluginPath: folder)
    #expect(result.status == 0)
    #expect(result.output.contains("refused"))
    #expect(result.output.contains("surprise"))
    #expect(result.output.contains("org.cadre.text-mlp"))

    // A truncated copy that comes first is refused, and the good one behind it is used.
    let good = CommandLine.products + "/cadre-plugins/libNaiveBayes"
    for ending in [".so", ".cadre.json"] {
      try FileManager.default.copyItem(
        atPath: good + ending, toPath: folder + "/libNaiveBayes" + ending)
    }
    let handle = try #require(FileHandle(forWritingAtPath: folder + "/libNaiveBayes.so"))
    try handle.truncate(atOffset: 5000)
    try handle.close()
    let broken = try line.cadre("agents", pluginPath: folder)
    #expect(broken.output.contains("org.cadre.naive-bayes 0.1.0"))
    #expect(broken.output.contains(folder + "/libNaiveBayes.so"))
  }
}
