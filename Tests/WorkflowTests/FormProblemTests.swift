import Contracts
import Testing

@testable import Workflow

/// One change to a sound workflow and the one problem that must come of it.
struct ProblemCase: Sendable, CustomTestStringConvertible {
  var old: String
  var new: String
  var line: Int
  var column: Int
  var message: String
  var remedy: String
  var text: String?

  init(
    _ old: String, _ new: String, _ line: Int, _ column: Int, _ message: String,
    remedy: String, text: String? = nil
  ) {
    self.old = old
    self.new = new
    self.line = line
    self.column = column
    self.message = message
    self.remedy = remedy
    self.text = text
  }

  var testDescription: String { new }

  /// Expects exactly this problem.
  func verify(in sample: String) throws {
    let changed = try SampleWorkflows.changed(sample, old, new)
    let problems = SampleWorkflows.problems(changed)
    #expect(problems.count == 1, "\(problems.map(\.description).joined(separator: "\n"))")
    let problem = try #require(problems.first)
    #expect(problem.message.contains(message), "\(problem)")
    #expect(problem.remedy.contains(remedy), "\(problem)")
    #expect("\(problem.line):\(problem.column)" == "\(line):\(column)", "\(problem)")
    if let text { #expect(problem.offendingText == text, "\(problem)") }
  }
}

@Suite("Problems of form are reported with their place and remedy")
struct FormProblemTests {
  @Test(
    "in the whole file",
    arguments: [
      ProblemCase(
        "schema: cadre/1", "schema: cadre/9", 1, 9, "does not know the schema 'cadre/9'",
        remedy: "write schema: cadre/1", text: "cadre/9"),
      ProblemCase(
        "schema: cadre/1\n", "", 1, 1, "does not say its schema",
        remedy: "begin the file with schema: cadre/1"),
      ProblemCase(
        "workflow: short\n", "", 1, 1, "the workflow has no name",
        remedy: "add workflow: my-workflow"),
      ProblemCase(
        "workflow: short", "workflow: ../short", 2, 11, "'../short' cannot name a workflow",
        remedy: "use letters, digits"),
      ProblemCase(
        "workflow: short", "workflow: short\nseed: -1", 3, 7,
        "'seed' takes a whole number from 0, not '-1'", remedy: "write seed: 7", text: "-1"),
      ProblemCase(
        "workflow: short", "workflow: short\nsede: 1", 3, 1, "'sede' is no key of a workflow",
        remedy: "did you mean 'seed'?", text: "sede"),
      ProblemCase(
        "workflow: short", "workflow: short\nparams: [1]", 3, 9,
        "'params' is a mapping, not a list",
        remedy: "write it as {min_f1: 0.88}"),
      ProblemCase(
        "workflow: short", "workflow: short\nparams: {a-b: 1}", 3, 10,
        "'a-b' cannot name a parameter", remedy: "use letters, digits and '_'"),
    ])
  func file(_ problem: ProblemCase) throws { try problem.verify(in: SampleWorkflows.short) }

  @Test(
    "in a step",
    arguments: [
      ProblemCase(
        "    team: 2", "    tem: 2", 26, 9, "'tem' is no key of a step",
        remedy: "did you mean 'team'?", text: "tem"),
      ProblemCase(
        "team: 2", "team: two", 26, 15, "'team' takes a whole number from 1, not 'two'",
        remedy: "write team: 2", text: "two"),
      ProblemCase(
        "team: 2", "team: 0", 26, 15, "'team' takes a whole number from 1", remedy: "write team"),
      ProblemCase(
        "    needs: {task: data.prepare/1}\n", "", 13, 3, "the step 'prepare' has no 'needs'",
        remedy: "add needs: {task: …}", text: "prepare"),
      ProblemCase(
        "task: data.prepare/1", "job: data.prepare/1", 14, 12, "'needs' names no task",
        remedy: "add task"),
      ProblemCase(
        "task: data.prepare/1", "task: data.prepare", 14, 19,
        "the task 'data.prepare' has no version", remedy: "write task: data.prepare/1"),
      ProblemCase(
        "in: {rows: collect.rows}", "in: {rows: collect}", 15, 16, "names a step but no port of it",
        remedy: "refer to a port as collect.port", text: "collect"),
      ProblemCase(
        "in: {rows: collect.rows}", "in: {rows: collect..rows}", 15, 24, "a name is missing",
        remedy: "refer to a port as step.port"),
      ProblemCase(
        "table<text:utf8 @pii, label:utf8>", "tabel<text:utf8>", 10, 18, "'tabel' is no type",
        remedy: "did you mean 'table'?", text: "tabel"),
      ProblemCase(
        "table<text:utf8 @pii, label:utf8>", "table<text:utf8 @pii, label:utf9>", 10, 46,
        "'utf9' is no column type", remedy: "did you mean 'utf8'?", text: "utf9"),
      ProblemCase(
        "deadline: 2s", "deadline: 2", 34, 19, "'2' has no unit", remedy: "units are ms, s",
        text: "2"),
      ProblemCase(
        "deadline: 2s", "deadline: 2 weeks", 34, 20, "'weeks' is no unit of a duration",
        remedy: "as in 60s"),
      ProblemCase(
        "deadline: 2s", "deadline: 0s", 34, 19, "leaves no time", remedy: "above zero"),
      ProblemCase(
        "backoff: 1s..30s", "backoff: 30s..1s", 11, 56, "the range '30s..1s' is empty",
        remedy: "write the shorter duration first"),
      ProblemCase(
        "on_errors: [unavailable]", "on_errors: [unavailible]", 11, 33,
        "'unavailible' is no error code", remedy: "did you mean 'unavailable'?"),
      ProblemCase(
        "retry: {max: 4, ", "retry: {", 11, 12, "'retry' has no 'max'", remedy: "add max"),
      ProblemCase(
        "memory: 1GiB", "memory: 1Gib", 29, 30, "'Gib' is no unit of a size", remedy: "as in 1GiB"),
      ProblemCase(
        "{over: prepare.val, batch: 32}", "{over: prepare.val}", 32, 9,
        "'map' does not say how many rows a job gets", remedy: "add batch"),
      ProblemCase(
        "if: \"evaluate.macro_f1 < params.min_f1\"", "if: \"evaluate.macro_f1 <\"", 41, 33,
        "the expression ends where a value should stand", remedy: "write a value here"),
      ProblemCase(
        "feedback: [improve.train, improve.execute]", "feedback: improve.train", 56, 15,
        "'feedback' takes a list of steps", remedy: "write feedback: [improve.train]"),
      ProblemCase(
        "alias: support@prod", "alias: \"${params.nam}\"", 50, 19, "no parameter '${params.nam}'",
        remedy: "add it to params"),
    ])
  func step(_ problem: ProblemCase) throws { try problem.verify(in: SampleWorkflows.complete) }

  @Test(
    "in a loop",
    arguments: [
      ProblemCase(
        "loop: {max: 6, ", "loop: {", 22, 5, "the loop 'improve' has no 'max'",
        remedy: "add max, as in loop: {max: 6}"),
      ProblemCase(
        "max: 6", "max: 0", 22, 17, "'max' takes a whole number from 1", remedy: "write max: 6"),
      ProblemCase(
        "max: 6", "max: 6, rounds: 2", 22, 20, "'rounds' is no key of 'loop'",
        remedy: "keys of 'loop' are max, until, keep"),
      ProblemCase(
        "keep: \"max(evaluate.macro_f1)\"", "keep: best", 22, 71,
        "does not say which round to keep", remedy: "write max(step.port), min(step.port) or last"),
      ProblemCase(
        "evaluate.macro_f1 >= params.min_f1", "evaluate.macro_f1 => params.min_f1", 22, 46,
        "expected the end of the expression, found '='", remedy: "'and' or 'or'"),
    ])
  func loop(_ problem: ProblemCase) throws { try problem.verify(in: SampleWorkflows.complete) }

  @Test("all problems come at once, in the order of the file")
  func allAtOnce() throws {
    var text = try SampleWorkflows.changed(SampleWorkflows.complete, "seed: 7", "seed: x")
    text = try SampleWorkflows.changed(text, "source: csv", "source: xml")
    text = try SampleWorkflows.changed(text, "team: 2  ", "team: two")
    text = try SampleWorkflows.changed(text, "truth: prepare.val", "truth: prepare.vall")
    text = try SampleWorkflows.changed(text, "phi: concat", "phy: concat")
    let problems = SampleWorkflows.problems(text)
    #expect(problems.map(\.line) == [3, 8, 26, 38, 55], "\(problems)")
    let error = try #require(throws: WorkflowError.self) { try SampleWorkflows.file(text) }
    #expect(error.diagnostics == problems)
  }

  @Test("what could not be read is not blamed a second time")
  func noFollowUps() throws {
    var text = try SampleWorkflows.changed(
      SampleWorkflows.complete, "\"table<text:utf8 @pii, label:utf8>\"", "\"tablet<>\"")
    text = try SampleWorkflows.changed(text, "task: model.optimise/1", "task: [1]")
    #expect(SampleWorkflows.problems(text).map(\.line) == [10, 42])
  }

  @Test("a problem is shown as a compiler shows it")
  func rendering() throws {
    let text = try SampleWorkflows.changed(SampleWorkflows.complete, "team: 2", "tem: 2")
    let problem = try #require(SampleWorkflows.problems(text).first)
    #expect(
      problem.description == """
        w.yaml:26:9: error: 'tem' is no key of a step
         26 |         tem: 2                                   # two different agents win this step
            |         ^~~
            = did you mean 'team'?
        """)
  }
}
