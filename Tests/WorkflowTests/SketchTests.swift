import Contracts
import Testing

@testable import Workflow

@Suite("The complete workflow")
struct SketchTests {
  @Test("it has no problems and everything arrives in the values")
  func reading() throws {
    #expect(SampleWorkflows.problems(SampleWorkflows.complete).map(\.description) == [])
    let file = try SampleWorkflows.file(SampleWorkflows.complete)
    #expect(file.name == "support-desk")
    #expect(file.seed == 7)
    #expect(file.params == ["min_f1": 0.88])
    #expect(
      file.allSteps.map(\.path.description) == [
        "collect", "prepare", "improve.train", "improve.execute", "improve.evaluate",
        "improve.optimise", "deploy", "collaborate",
      ])
    let collect = try #require(file.step(at: StepPath(["collect"])))
    #expect(collect.needs.attributes == ["source": "csv"])
    #expect(collect.setting("text") == "message")
    #expect(collect.with.map(\.key) == ["path", "text", "label"])
    let retry = try #require(collect.retry)
    #expect(retry.max == 4)
    #expect(retry.onErrors == ["unavailable"])
    #expect((1...7).map(retry.delay) == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    let train = try #require(file.step(at: StepPath(["improve", "train"])))
    #expect(train.team == 2)
    #expect(train.needs.target == "text.classify/1")
    #expect(train.resources == Resources(memoryBytes: 1 << 30, cores: 2))
    #expect(train.input("settings")?.reference.mayBeMissing == true)
    #expect(train.position == SourcePosition(line: 24, column: 7))
    let execute = try #require(file.step(at: StepPath(["improve", "execute"])))
    #expect(execute.map?.batch == 32)
    #expect(execute.deadline == .seconds(2))
    guard case .loop(let loop) = file.steps[2] else {
      Issue.record("the third node is no loop")
      return
    }
    #expect(loop.max == 6)
    #expect(loop.keep?.rule == .max(ExpressionPath(["evaluate", "macro_f1"])))
  }

  @Test("outputs of a team's step and of those that follow its members are a team's")
  func teams() throws {
    let file = try SampleWorkflows.file(SampleWorkflows.complete)
    let types = StepTypes(file, offers: SampleOffers.all)
    func type(_ path: [String], _ port: String) -> String? {
      types.type(of: StepPath(path), port: port)?.description
    }
    #expect(type(["improve", "train"], "model") == "team<model>")
    #expect(type(["improve", "execute"], "z") == "team<tensor<f32,[rows,features]>>")
    #expect(type(["improve", "evaluate"], "macro_f1") == "team<f64>")
    #expect(type(["improve", "optimise"], "next") == "team<settings>")
    #expect(type(["collaborate"], "label") == "tensor<i64,[rows]>")
    #expect(types.teamSize(of: StepPath(["improve", "evaluate"])) == 2)
    #expect(types.teamSize(of: StepPath(["deploy"])) == nil)
  }

  @Test("personal data keeps its label through the split")
  func personalData() throws {
    let file = try SampleWorkflows.file(SampleWorkflows.complete)
    let types = StepTypes(file, offers: SampleOffers.all)
    #expect(types.personalColumns(of: StepPath(["prepare"]), port: "train") == ["text"])
    #expect(types.personalColumns(of: StepPath(["improve", "train"]), port: "model") == [])
  }

  @Test("the same workflow without a team has no teams and no problems")
  func withoutTeam() throws {
    let text = try SampleWorkflows.changed(
      SampleWorkflows.complete, "team: 2    ", "team: 1    ")
    #expect(SampleWorkflows.problems(text).map(\.description) == [])
  }

  @Test(
    "a key whose floor does not stand yet is refused by name",
    arguments: [
      ("deadline: 2s", "isolate: process", "isolate", 34, 9),
      ("deadline: 2s", "checkpoint: 60s", "checkpoint", 34, 9),
      ("warm_up: 50", "canary: 5% for 2m", "canary", 50, 33),
      ("warm_up: 50", "rollback_if: \"errors > 0 or p95 > 1.2 * old.p95\"", "rollback_if", 50, 33),
    ])
  func unavailable(
    _ old: String, _ new: String, _ key: String, _ line: Int, _ column: Int
  ) throws {
    let text = try SampleWorkflows.changed(SampleWorkflows.complete, old, new)
    let problems = SampleWorkflows.problems(text)
    #expect(problems.count == 1, "\(problems)")
    let problem = try #require(problems.first)
    #expect(problem.message == "'\(key)' is not available in this version")
    #expect(problem.remedy.hasPrefix("remove '\(key)'; "))
    #expect((problem.line, problem.column) == (line, column))
    #expect(problem.offendingText == key)
  }

  @Test("its graph shows the loop as a box, references as arrows")
  func graph() throws {
    let graph = mermaid(try SampleWorkflows.file(SampleWorkflows.complete))
    for line in [
      "flowchart TD", "  s1[\"collect<br/>data.collect/1\"]",
      "  subgraph loop_improve[\"improve: at most 6 rounds, until evaluate.macro_f1 #62;= params.min_f1\"]",
      "    s3[\"train ×2<br/>model.train/1\"]", "    s6([\"optimise<br/>model.optimise/1\"])",
      "  s1 -- rows --> s2", "  s6 -. next .-> s3", "  s2 -- val --> s4",
      "  s8 -. feedback .-> s4",
    ] {
      #expect(graph.split(separator: "\n").contains(Substring(line)), "\(line)\n\(graph)")
    }
  }

  @Test("parameters go into settings and needs, keep their type, and can be replaced")
  func parameters() throws {
    let text = """
      schema: cadre/1
      workflow: p
      params: {file: a.csv, source: csv, batch: 32, folder: data}
      steps:
        collect:
          needs: {task: data.collect/1, source: "${params.source}"}
          with: {path: "${params.folder}/${params.file}", text: "${params.batch}"}
          out: {rows: table<text:utf8>}
      """
    let reading = WorkflowFile.read(text, path: "w.yaml", params: ["file": "b.csv"])
    #expect(reading.problems.map(\.description) == [])
    let file = try #require(reading.file)
    let step = try #require(file.step(at: StepPath(["collect"])))
    #expect(step.setting("path") == "data/b.csv")
    #expect(step.setting("text") == 32)
    #expect(step.needs.attributes == ["source": "csv"])
    let other = try #require(WorkflowFile.read(text, path: "w.yaml").file)
    #expect(file.digestText != other.digestText)
    let wrong = WorkflowFile.read(
      text, path: "w.yaml", params: ["fil": "b.csv", "batch": "many"])
    #expect(
      wrong.problems.map(\.message)
        == [
          "the file has no parameter 'fil' to set",
          "the parameter 'batch' is a whole number, but was set to text",
        ].sorted())
  }
}
