import Contracts
import Testing

@testable import Workflow

@Suite("Problems of meaning are reported with their place and remedy")
struct MeaningProblemTests {
  @Test(
    "references",
    arguments: [
      ProblemCase(
        "rows: collect.rows", "rows: colect.rows", 15, 16, "there is no step 'colect'",
        remedy: "did you mean 'collect'?", text: "colect.rows"),
      ProblemCase(
        "rows: collect.rows", "rows: collect.row", 15, 16,
        "the step 'collect' declares no output 'row'", remedy: "did you mean 'rows'?"),
      ProblemCase(
        "score: evaluate.macro_f1", "score: evaluate.log_loss", 43, 21,
        "the step 'improve.evaluate' declares no output 'log_loss'",
        remedy: "add log_loss: f64 to out of 'improve.evaluate'"),
      ProblemCase(
        "{model: improve.train.model, fitted", "{model: train.model, fitted", 49, 17,
        "there is no step 'train'", remedy: "a step inside of a loop is named improve.train"),
      ProblemCase(
        "{model: improve.train.model, fitted", "{model: improve.trane.model, fitted", 49, 17,
        "the loop 'improve' has no step 'trane'", remedy: "did you mean 'train'?"),
      ProblemCase(
        "{model: improve.train.model, fitted", "{model: improve.model, fitted", 49, 17,
        "'improve' is a loop, not a step", remedy: "name one of its steps: train, execute"),
      ProblemCase(
        "in: {model: train.model}", "in: {model: improve.train.model}", 33, 21,
        "'improve' is the loop around this step", remedy: "leave out 'improve.'"),
      ProblemCase(
        "loop.previous.optimise.next?", "loop.previous.optimise.next", 27, 64,
        "is missing in the first round", remedy: "write loop.previous.optimise.next?"),
      ProblemCase(
        "loop.previous.optimise.next?", "loop.previous.prepare.fitted?", 27, 64,
        "the loop 'improve' has no step 'prepare'", remedy: "write prepare.fitted"),
      ProblemCase(
        "fitted: prepare.fitted}", "fitted: loop.previous.train.model?}", 49, 46,
        "stands outside of every loop", remedy: "refer to the step itself: train.model"),
      ProblemCase(
        "truth: prepare.val", "truth: prepare.val?", 38, 41,
        "may be missing, but the input 'truth' is required", remedy: "remove the '?'"),
      ProblemCase(
        "[improve.train, improve.execute]", "[improve.train, improve.exec]", 56, 31,
        "the loop 'improve' has no step 'exec'", remedy: "did you mean 'execute'?"),
      ProblemCase(
        "[improve.train, improve.execute]", "[improve]", 56, 16, "'improve' is a loop, not a step",
        remedy: "name one of its steps: train"),
      ProblemCase(
        "      optimise:\n", "      collect:\n", 40, 7,
        "'collect' is also the name of a step outside of this loop",
        remedy: "choose another name"),
    ])
  func references(_ problem: ProblemCase) throws {
    let sample = try SampleWorkflows.changed(
      SampleWorkflows.complete, "loop.previous.optimise",
      problem.new.contains("collect:") ? "loop.previous.collect" : "loop.previous.optimise")
    try problem.verify(in: sample)
  }

  @Test("steps that wait for one another are reported once, with their path")
  func cycle() throws {
    let problem = ProblemCase(
      "settings: \"loop.previous.optimise.next?\"", "settings: optimise.next", 27, 63,
      "these steps wait for one another: train → optimise → evaluate → execute → train",
      remedy: "loop.previous.optimise.next?", text: "optimise.next")
    try problem.verify(in: SampleWorkflows.complete)
    let own = ProblemCase(
      "rows: collect.rows", "rows: prepare.train", 12, 16,
      "these steps wait for one another: prepare → prepare", remedy: "remove one")
    let text = try SampleWorkflows.changed(SampleWorkflows.short, own.old, own.new)
    #expect(SampleWorkflows.problems(text).map(\.message) == [own.message])
  }

  @Test("a loop that waits for a step that waits for the loop is a cycle")
  func cycleThroughLoop() throws {
    let text =
      try SampleWorkflows.changed(
        SampleWorkflows.complete, "data: prepare.train", "data: late.train")
        + """
          late:
            needs: {task: data.prepare/1}
            in: {rows: collect.rows}
            with: {split: {train: 0.8, val: 0.2}}
            out: {train: dataset}
            if: "improve.evaluate.macro_f1 > 0.5"

        """
    #expect(
      SampleWorkflows.problems(text).map(\.message) == [
        "these steps wait for one another: improve → late → improve"
      ])
  }

  @Test("a step further down is the future")
  func future() throws {
    let text = """
      schema: cadre/1
      workflow: w
      steps:
        prepare:
          needs: {task: data.prepare/1}
          in: {rows: collect.rows}
          out: {rows: "table<text:utf8, label:utf8>"}
        collect:
          needs: {task: data.collect/1}
          with: {path: a.csv}
          out: {rows: "table<text:utf8, label:utf8>"}
      """
    let problems = SampleWorkflows.problems(text)
    #expect(
      problems.map(\.message) == [
        "'collect.rows' refers to the future: 'collect' stands below 'prepare'"
      ])
    #expect(problems.first?.remedy == "write the step 'collect' above 'prepare'")
    #expect(problems.first?.position == SourcePosition(line: 6, column: 16))
  }

  @Test(
    "types and inputs",
    arguments: [
      ProblemCase(
        "in: {rows: collect.rows}", "in: {row: collect.rows}", 15, 10,
        "'data.prepare/1' has no input 'row'", remedy: "did you mean 'rows'?", text: "row"),
      ProblemCase(
        "logp: execute.logp, truth: prepare.val", "logp: execute.logp", 38, 9,
        "the input 'truth' is missing",
        remedy: "add truth to in of 'evaluate': it takes 'dataset<label:utf8>'"),
      ProblemCase(
        "fitted: prepare.fitted}", "fitted: prepare.blend}", 49, 46,
        "'dataset' does not fit 'state': they are of different kinds",
        remedy: "bind an output of the type 'state'", text: "prepare.blend"),
      ProblemCase(
        "\"table<text:utf8 @pii, label:utf8>\"", "\"table<text:utf8 @pii, label:i64>\"", 10, 17,
        "the output 'rows': 'table<text:utf8, label:utf8, ...>' does not fit "
          + "'table<text:utf8 @pii, label:i64>': the column 'label' is utf8, not i64",
        remedy: "declare rows: table<text:utf8, label:utf8, ...>"),
      ProblemCase(
        "macro_f1: f64, report: json", "macro_f1: f64, reprot: json", 39, 30,
        "'evaluate.classification/1' has no output 'reprot'", remedy: "did you mean 'report'?"),
      ProblemCase(
        "test: sealed<dataset>", "test: dataset", 19, 63,
        "the output 'test': 'sealed<dataset<text:utf8, label:utf8, ...>>' does not fit 'dataset'",
        remedy: "sealed"),
      ProblemCase(
        "val: prepare.val, settings", "val: prepare.test, settings", 27, 40,
        "does not fit 'dataset<text:utf8, label:utf8>': it is sealed",
        remedy: "give it to a step that declares a sealed input"),
      ProblemCase(
        "over: prepare.val", "over: prepare.test", 32, 21, "it is sealed", remedy: "another part"),
      ProblemCase(
        "logp: \"tensor<f32,[team,rows,classes]>\"", "logp: \"tensor<f64,[team,rows,classes]>\"",
        35, 21, "f32 is not f64", remedy: "declare logp: tensor<f32,[rows,classes]>"),
      ProblemCase(
        "fitted: prepare.fitted}", "fitted: params.min_f1}", 49, 46,
        "the parameter 'min_f1' is a number, but the input 'fitted' takes 'state'",
        remedy: "bind an output"),
      ProblemCase(
        "batch: 32}", "batch: 32, as: row}", 32, 9, "has no input 'row' for the rows of 'map'",
        remedy: "its inputs are rows, model, context"),
    ])
  func types(_ problem: ProblemCase) throws {
    // Both agents of a task must fail alike for the problem to be the file's; 'row' leaves 'rows'
    // without a value too, which is the same mistake.
    let changed = try SampleWorkflows.changed(SampleWorkflows.complete, problem.old, problem.new)
    let problems = SampleWorkflows.problems(changed).filter {
      !$0.message.hasPrefix("the input 'rows' is missing")
        && !$0.message.contains("refers to")
    }
    let found = problems.filter { $0.message.contains(problem.message) }
    #expect(found.count == 1, "\(problems.map(\.description).joined(separator: "\n"))")
    let first = try #require(found.first)
    #expect("\(first.line):\(first.column)" == "\(problem.line):\(problem.column)")
    #expect(first.remedy.contains(problem.remedy), "\(first)")
    if let text = problem.text { #expect(first.offendingText == text) }
  }

  @Test(
    "settings",
    arguments: [
      ProblemCase(
        "with: {path: tickets.csv, ", "with: {", 9, 5, "the setting 'path' is missing",
        remedy: "add path to with of 'collect': the file"),
      ProblemCase(
        "text: message", "txt: message", 9, 31, "'data.collect/1' has no setting 'txt'",
        remedy: "did you mean 'text'?", text: "txt"),
      ProblemCase(
        "text: message", "text: 5", 9, 37, "'text' takes text, not a whole number",
        remedy: "write text, such as text: text", text: "5"),
      ProblemCase(
        "phi: concat", "phi: sum", 55, 17, "'phi' cannot be sum", remedy: "choose from concat"),
      ProblemCase(
        "test: 0.15, ", "test: 0.25, ", 18, 14, "the shares of 'split' sum to 1.1, not 1",
        remedy: "make them sum to 1"),
      ProblemCase(
        "val: 0.1, ", "val: 10, ", 18, 32, "'val' takes a share between 0 and 1",
        remedy: "write val: 0.1", text: "10"),
      ProblemCase(
        "stratify: label", "stratify: lable", 18, 72, "have no column 'lable'",
        remedy: "did you mean 'label'?", text: "lable"),
      ProblemCase(
        "stratify: label", "startify: label", 18, 62, "'startify' is no key of 'split'",
        remedy: "did you mean 'stratify'?"),
      ProblemCase(
        "1e-4..1e-1 log", "1e-1..1e-4 log", 44, 28, "'lr': the range '1e-1..1e-4 log' is empty",
        remedy: "write the smaller number first", text: "1e-1..1e-4 log"),
      ProblemCase(
        "1e-4..1e-1 log", "0..1 log", 44, 28, "a logarithmic range begins above 0",
        remedy: "begin above 0"),
    ])
  func settings(_ problem: ProblemCase) throws { try problem.verify(in: SampleWorkflows.complete) }

  @Test("by a column, val and blend are shares of what the column calls train")
  func splitByColumn() throws {
    let plan = try SplitPlan(["by": "part", "val": 0.1, "blend": 0.05, "stratify": "label"])
    #expect(plan.parts == [.train, .val, .blend, .test])
    #expect(plan.by == "part")
    let refused = SplitPlan.read(["by": "part", "train": 0.5, "val": 0.1]).problems
    #expect(refused.map(\.error.message) == ["with 'by' the column says which rows are train"])
    #expect(refused.map(\.key) == ["train"])
    #expect(try SplitPlan(["train": 0.8, "val": 0.2]).parts == [.train, .val])
    #expect(throws: NotationError.self) { try SplitPlan("by part") }
  }

  @Test(
    "expressions",
    arguments: [
      ProblemCase(
        "until: \"evaluate.macro_f1 >= params.min_f1\"", "until: \"evaluate.macro_f1\"", 22, 28,
        "'until' takes a condition, but 'evaluate.macro_f1' is a number",
        remedy: "compare it, as in evaluate.macro_f1 >= 0.5"),
      ProblemCase(
        "until: \"evaluate.macro_f1 >= params.min_f1\"", "until: \"params.min_f1 > 0.9\"", 22, 28,
        "'until' looks at no number that this loop calculates", remedy: "evaluate.macro_f1 >= 0.9"),
      ProblemCase(
        "until: \"evaluate.macro_f1 >= params.min_f1\"", "until: \"evaluate.report >= 1\"", 22, 28,
        "'evaluate.report' is 'team<json>', which no expression can use", remedy: "a number"),
      ProblemCase(
        ">= params.min_f1", ">= params.min_f", 22, 49, "there is no parameter 'min_f'",
        remedy: "did you mean 'min_f1'?", text: "params.min_f"),
      ProblemCase(
        ">= params.min_f1", ">= 'high'", 22, 49,
        "'>=' takes a number, but ''high'' is text", remedy: "write a number here"),
      ProblemCase(
        "max(evaluate.macro_f1)", "max(evaluate.report)", 22, 76, "which no expression can use",
        remedy: "use an output that is a number"),
      ProblemCase(
        "if: \"evaluate.macro_f1 <", "if: \"evaluate.macro_f1[2] <", 41, 14,
        "'improve.evaluate' has 2 members, so there is no [2]",
        remedy: "members count from 0 to 1"),
    ])
  func expressions(_ problem: ProblemCase) throws {
    try problem.verify(in: SampleWorkflows.complete)
  }

  @Test("a condition on a later step is a cycle or the future as well")
  func conditionOnFuture() throws {
    var text = try SampleWorkflows.changed(
      SampleWorkflows.complete, "in: {model: improve.train.model, fitted",
      "out: {version: utf8}\n    in: {model: improve.train.model, fitted")
    text = try SampleWorkflows.changed(
      text, "if: \"evaluate.macro_f1 < params.min_f1\"", "if: \"deploy.version == 'x'\"")
    #expect(
      SampleWorkflows.problems(text).map(\.message) == [
        "these steps wait for one another: improve → deploy → improve"
      ])
  }

  @Test("the sealed part is opened once, by the host, outside of loops")
  func seals() throws {
    let second =
      SampleWorkflows.complete + """
          again:
            needs: {task: collaborate.decide/1}
            in: {team: improve.train.model, fit_on: prepare.blend, run_on: prepare.test}

        """
    #expect(
      SampleWorkflows.problems(second).map(\.message) == [
        "'prepare.test' is sealed and 'collaborate' opens it already"
      ])
    let inLoop = try SampleWorkflows.changed(
      SampleWorkflows.complete, "      execute:\n",
      """
            peek:
              needs: {task: collaborate.decide/1}
              in: {team: train.model, fit_on: prepare.blend, run_on: prepare.test}
            execute:

      """)
    let messages = SampleWorkflows.problems(inLoop).map(\.message)
    #expect(
      messages.contains("'prepare.test' is sealed and a loop would open it again in each round"))
    var greedy = SampleOffers.evaluate
    greedy.inputs[1].type = SampleOffers.type("sealed<dataset<label:utf8>>")
    let offers = SampleOffers.all.filter { $0.task != greedy.task } + [greedy]
    #expect(
      SampleWorkflows.problems(SampleWorkflows.complete, offers: offers).map(\.message)
        .contains("the agent asks for sealed data, which only the host may open"))
  }

  @Test("personal data does not reach an agent that asks for the network")
  func personalData() {
    let spies = SampleOffers.all.map { offer in
      guard offer.task == "model.train/1" else { return offer }
      return SampleOffers.train(offer.agent, flags: .network)
    }
    let problems = SampleWorkflows.problems(SampleWorkflows.complete, offers: spies)
    #expect(
      problems.map(\.message) == [
        "'prepare.train' holds the column 'text', tagged @pii, and the agent asks for the network",
        "'prepare.val' holds the column 'text', tagged @pii, and the agent asks for the network",
      ])
    #expect(problems.first?.position == SourcePosition(line: 27, column: 20))
  }
}
