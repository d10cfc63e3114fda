import Contracts
import Testing

@testable import Workflow

@Suite("Needs that nobody meets are explained")
struct NeedsTests {
  private func problem(
    _ old: String, _ new: String, offers: [Offer] = SampleOffers.all
  ) throws -> Diagnostic {
    let text = try SampleWorkflows.changed(SampleWorkflows.complete, old, new)
    let problems = SampleWorkflows.problems(text, offers: offers)
    #expect(problems.count == 1, "\(problems)")
    return try #require(problems.first)
  }

  @Test("a task that nobody offers names the nearest that somebody does")
  func unknownTask() throws {
    let problem = try problem("task: model.optimise/1", "task: model.optimize/1")
    #expect(problem.message == "no agent offers the task 'model.optimize/1'")
    #expect(problem.remedy == "did you mean 'model.optimise/1'?")
    #expect(problem.position == SourcePosition(line: 42, column: 23))
    #expect(problem.offendingText == "model.optimize/1")
    let none = SampleWorkflows.problems(SampleWorkflows.short, offers: [])
    #expect(
      none.map(\.remedy)
        == Array(repeating: "no agents are installed: see cadre agents list", count: 2))
  }

  @Test("an attribute that nobody has says what each one has instead")
  func attribute() throws {
    let problem = try problem("source: csv", "source: xml")
    #expect(problem.message == "no agent that offers 'data.collect/1' meets these needs")
    #expect(problem.remedy == "change them; offered: org.cadre.csv (its 'source' is csv)")
    #expect(problem.position == SourcePosition(line: 8, column: 43))
    #expect(problem.offendingText == "xml")
  }

  @Test("an agent asked for by name and a task that models are for are needs too")
  func agentAndTarget() throws {
    let target = try problem("for: text.classify/1", "for: image.classify/1")
    #expect(target.remedy.contains("org.cadre.mlp (its 'for' is text.classify/1); org.cadre.bayes"))
    let agent = try problem("for: text.classify/1", "agent: org.acme.x")
    #expect(agent.remedy.contains("org.cadre.mlp (it is not 'org.acme.x')"))
  }

  @Test("where each agent fails for a reason of its own, each reason is listed")
  func eachItsReason() throws {
    var slow = SampleOffers.train("org.acme.slow")
    slow.floorThreads = 8
    var picky = SampleOffers.train("org.acme.picky")
    picky.inputs.append(SampleOffers.port("vocabulary", "json"))
    let offers = SampleOffers.all.filter { $0.task != "model.train/1" } + [slow, picky]
    let problem = try problem("seed: 7", "seed: 8", offers: offers)
    #expect(
      problem.message == "none of the 2 agents that offer 'model.train/1' fits this step")
    #expect(
      problem.remedy == "change the step to fit one of them: org.acme.slow (2 cores are fewer than "
        + "the 8 that the agent works with); org.acme.picky (the input 'vocabulary' is missing)")
    #expect(problem.position == SourcePosition(line: 25, column: 23))
  }

  @Test("a team needs as many different agents as it has members")
  func teamTooLarge() throws {
    let problem = try problem("team: 2", "team: 3")
    #expect(
      problem.message == "a team of 3 needs as many different agents, but only 2 fit: "
        + "org.cadre.bayes, org.cadre.mlp")
    #expect(problem.remedy == "write team: 2, or install another agent")
    #expect(problem.position == SourcePosition(line: 26, column: 15))
  }

  @Test("the host's own tasks have no teams")
  func hostTeam() throws {
    let problem = try problem(
      "with: {alias: support@prod", "team: 2\n    with: {alias: support@prod")
    #expect(problem.message == "the host runs 'model.deploy/1' itself, so there is no team for it")
    #expect(problem.remedy == "remove 'team'")
    #expect(problem.position == SourcePosition(line: 50, column: 5))
  }

  @Test("resources below an agent's least are refused")
  func resources() throws {
    let problem = try problem("memory: 1GiB", "memory: 1MiB")
    #expect(
      problem.message == "1048576 bytes are fewer than the 67108864 that the agent works with")
    #expect(problem.remedy == "write memory: 64MiB")
  }

  @Test("each offer can be asked what speaks against it")
  func objections() throws {
    let file = try SampleWorkflows.file(SampleWorkflows.complete)
    var offers = SampleOffers.all
    var slow = SampleOffers.train("org.acme.slow")
    slow.floorThreads = 8
    offers.append(slow)
    let types = StepTypes(file, offers: offers)
    let train = StepPath(["improve", "train"])
    func objections(_ offer: Offer) -> [String] {
      file.objections(to: offer, for: train, types: types, offers: offers)
    }
    #expect(objections(SampleOffers.train("org.cadre.mlp")) == [])
    #expect(objections(slow) == ["2 cores are fewer than the 8 that the agent works with"])
    #expect(
      objections(SampleOffers.collect) == ["it offers 'data.collect/1', not 'model.train/1'"])
  }

  @Test("a team's size comes round a loop, whatever is settled first")
  func teamRoundLoop() throws {
    let text = """
      schema: cadre/1
      workflow: w
      steps:
        source: {needs: {task: t.a/1}, team: 2, out: {m: model}}
        around:
          loop: {max: 2}
          steps:
            first: {needs: {task: t.b/1}, in: {s: loop.previous.second.s?, m: source.m}, out: {s: json}}
            second: {needs: {task: t.c/1}, in: {s: first.s}, out: {s: json}}
      """
    let file = try #require(WorkflowFile.read(text, path: "w.yaml").file)
    let types = StepTypes(file, offers: [])
    #expect(types.teamSize(of: StepPath(["around", "first"])) == 2)
    #expect(types.teamSize(of: StepPath(["around", "second"])) == 2)
    #expect(types.type(of: StepPath(["around", "second"]), port: "s")?.description == "team<json>")
  }

  @Test("parts need a split; a fitted state needs an agent that fits")
  func splitParts() throws {
    let text = try SampleWorkflows.changed(
      SampleWorkflows.short, "with: {split: {train: 0.8, val: 0.2}}", "with: {clean: [trim]}")
    let problems = SampleWorkflows.problems(text)
    #expect(
      problems.map(\.message) == [
        "'data.prepare/1' has no output 'train'", "'data.prepare/1' has no output 'val'",
      ])
    #expect(problems.allSatisfy { $0.remedy.hasPrefix("divide the rows, with split:") })
    let noFit = SampleOffers.all.filter { $0.task != "data.fit/1" }
    let fitted = SampleWorkflows.problems(SampleWorkflows.complete, offers: noFit)
    #expect(fitted.map(\.message) == ["'data.prepare/1' has no output 'fitted'"])
  }
}
