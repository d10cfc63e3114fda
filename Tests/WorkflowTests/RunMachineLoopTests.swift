import Contracts
import Testing

@testable import Workflow

@Suite("The run's machine: loops")
struct RunMachineLoopTests {
  static let loop = """
      prepare: {needs: {task: t.a/1}, out: {d: dataset}}
      improve:
        loop: {max: 3, until: "evaluate.f1 >= params.goal", keep: "max(evaluate.f1)"}
        steps:
          train:
            needs: {task: t.a/1}
            in: {d: prepare.d, settings: "loop.previous.optimise.next?"}
            out: {model: model}
          evaluate: {needs: {task: t.a/1}, in: {m: train.model}, out: {f1: f64}}
          optimise:
            if: "evaluate.f1 < params.goal"
            needs: {task: t.a/1}
            in: {score: evaluate.f1}
            out: {next: settings}
      deploy: {needs: {task: t.a/1}, in: {m: improve.train.model, n: improve.optimise.next?}}
    """

  private func round(
    _ machine: inout RunMachine, _ number: Int, _ f1: ReportedScalar, optimise: Bool = true
  ) throws -> [RunAction] {
    _ = try machine.handle(.stepSucceeded(path("train", "improve", number), scalars: [:]))
    let actions = try machine.handle(
      .stepSucceeded(path("evaluate", "improve", number), scalars: ["f1": f1]))
    guard optimise else { return actions }
    return try machine.handle(.stepSucceeded(path("optimise", "improve", number), scalars: [:]))
  }

  @Test("a loop ends when 'until' holds and hands out the kept round")
  func until() throws {
    var machine = try machine(Self.loop)
    _ = machine.begin()
    #expect(try machine.succeed(path("prepare")) == ["start improve[1]/train"])
    #expect(
      words(try round(&machine, 1, 0.5)) == ["round 1 kept 1", "start improve[2]/train"])
    let end = try round(&machine, 2, 0.95, optimise: false)
    #expect(words(end) == ["skipped improve[2]/optimise", "round 2 kept 2 last", "start deploy"])
    #expect(
      end.contains(
        .roundEnded(
          RoundReport(
            loop: LoopPath(name: "improve"), round: 2, score: 0.95, kept: 2, untilHolds: true,
            isLast: true))))
    guard case .start(let deploy)? = end.last else {
      Issue.record("deploy did not start")
      return
    }
    // The kept round skipped `optimise`, so its `?` input is left out.
    #expect(
      deploy.inputs == [
        ResolvedInput(port: "m", source: .output(path("train", "improve", 2), port: "model"))
      ])
    #expect(try machine.succeed(path("deploy")) == ["finish succeeded"])
  }

  @Test("a loop ends after its last round; the best round is kept, the first of equals")
  func max() throws {
    var machine = try machine(Self.loop)
    _ = machine.begin()
    _ = try machine.succeed(path("prepare"))
    _ = try round(&machine, 1, 0.7)
    #expect(words(try round(&machine, 2, 0.8)).first == "round 2 kept 2")
    let end = try round(&machine, 3, 0.8)
    #expect(words(end) == ["round 3 kept 2 last", "start deploy"])
    guard case .start(let deploy)? = end.last else {
      Issue.record("deploy did not start")
      return
    }
    #expect(
      deploy.inputs.map(\.source) == [
        .output(path("train", "improve", 2), port: "model"),
        .output(path("optimise", "improve", 2), port: "next"),
      ])
  }

  @Test("'loop.previous' is missing in the first round and the round before in the others")
  func previous() throws {
    var machine = try machine(Self.loop)
    _ = machine.begin()
    let first = try machine.handle(.stepSucceeded(path("prepare"), scalars: [:]))
    guard case .start(let train)? = first.last else {
      Issue.record("train did not start")
      return
    }
    #expect(train.inputs.map(\.port) == ["d"])
    #expect(train.round == 1)
    let second = try round(&machine, 1, 0.5)
    guard case .start(let next)? = second.last else {
      Issue.record("train did not start again")
      return
    }
    #expect(
      next.inputs == [
        ResolvedInput(port: "d", source: .output(path("prepare"), port: "d")),
        ResolvedInput(
          port: "settings", source: .output(path("optimise", "improve", 1), port: "next")),
      ])
    #expect(next.round == 2)
    #expect(next.seed != train.seed)
  }

  @Test("of a team the best member counts: the largest, or the smallest under min")
  func members() throws {
    var machine = try machine(Self.loop)
    _ = machine.begin()
    _ = try machine.succeed(path("prepare"))
    let end = try round(&machine, 1, [0.2, .nan, 0.92, 0.4], optimise: false)
    #expect(words(end).dropFirst().first == "round 1 kept 1 last")
    let minimum = Self.loop.replacing("max(evaluate.f1)", with: "min(evaluate.f1)")
    var other = try RunMachineLoopTests.machineFor(minimum)
    _ = other.begin()
    _ = try other.succeed(path("prepare"))
    let report = try round(&other, 1, [0.95, 0.3]).compactMap { action in
      if case .roundEnded(let report) = action { report.score } else { nil }
    }
    #expect(report == [0.3])
  }

  private static func machineFor(_ steps: String) throws -> RunMachine { try machine(steps) }

  @Test("a member can be named")
  func namedMember() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}, out: {f: f64}}
        b: {needs: {task: t.a/1}, if: "a.f[1] > 0.5"}
        c: {needs: {task: t.a/1}, if: "a.f[0] > 0.5"}
      """)
    _ = machine.begin()
    #expect(try machine.succeed(path("a"), ["f": [0.9, 0.1]]) == ["skipped b", "start c"])
  }

  @Test("without 'keep' the last round leaves the loop; 'loop.round' counts")
  func keepLast() throws {
    var machine = try machine(
      """
        l:
          loop: {max: 9, until: "loop.round >= 2"}
          steps:
            a: {needs: {task: t.a/1}, out: {x: json}}
        b: {needs: {task: t.a/1}, in: {x: l.a.x}}
      """)
    #expect(machine.begin() == ["start l[1]/a"])
    #expect(try machine.succeed(path("a", "l", 1)) == ["round 1 kept 1", "start l[2]/a"])
    #expect(try machine.succeed(path("a", "l", 2)) == ["round 2 kept 2 last", "start b"])
  }

  @Test("a round in which nothing ran ends the loop")
  func emptyRound() throws {
    var machine = try machine(
      """
        l:
          loop: {max: 9}
          steps:
            a: {needs: {task: t.a/1}, if: "loop.round == 1 and params.goal < 0.5", out: {x: json}}
        b: {needs: {task: t.a/1}, in: {x: l.a.x}}
        c: {needs: {task: t.a/1}}
      """)
    #expect(
      machine.begin() == ["skipped l[1]/a", "round 1 kept 0 last", "skipped b", "start c"])
    #expect(try machine.succeed(path("c")) == ["finish succeeded"])
  }

  @Test("loops in loops begin anew in each round of the outer one")
  func nested() throws {
    var machine = try machine(
      """
        outer:
          loop: {max: 2}
          steps:
            inner:
              loop: {max: 2, keep: "min(a.f)"}
              steps:
                a: {needs: {task: t.a/1}, in: {x: "loop.previous.a.x?"}, out: {x: json, f: f64}}
            b: {needs: {task: t.a/1}, in: {x: inner.a.x}, out: {x: json}}
        c: {needs: {task: t.a/1}, in: {x: outer.inner.a.x}}
      """)
    func inner(_ outer: Int, _ inner: Int) -> InstancePath {
      InstancePath(
        rounds: [.init(loop: "outer", number: outer), .init(loop: "inner", number: inner)],
        name: "a")
    }
    #expect(machine.begin() == ["start outer[1]/inner[1]/a"])
    #expect(
      try machine.succeed(inner(1, 1), ["f": 1]) == ["round 1 kept 1", "start outer[1]/inner[2]/a"])
    let end = try machine.handle(.stepSucceeded(inner(1, 2), scalars: ["f": 2]))
    #expect(words(end) == ["round 2 kept 1 last", "start outer[1]/b"])
    guard case .start(let b)? = end.last else {
      Issue.record("b did not start")
      return
    }
    #expect(b.inputs.map(\.source) == [.output(inner(1, 1), port: "x")])
    let again = try machine.handle(.stepSucceeded(path("b", "outer", 1), scalars: [:]))
    #expect(words(again) == ["round 1 kept 1", "start outer[2]/inner[1]/a"])
    guard case .start(let a)? = again.last else {
      Issue.record("the inner loop did not begin anew")
      return
    }
    #expect(a.inputs == [])
    _ = try machine.succeed(inner(2, 1), ["f": 5])
    _ = try machine.succeed(inner(2, 2), ["f": 4])
    let last = try machine.handle(.stepSucceeded(path("b", "outer", 2), scalars: [:]))
    guard case .start(let c)? = last.last else {
      Issue.record("c did not start")
      return
    }
    #expect(c.inputs.map(\.source) == [.output(inner(2, 2), port: "x")])
  }

  @Test("feedback waits for the steps that it goes to and names their kept runs")
  func feedback() throws {
    var machine = try machine(
      Self.loop + "\n  tell: {needs: {task: t.a/1}, feedback: [improve.train, improve.evaluate]}")
    #expect(machine.begin() == ["start prepare"])
    _ = try machine.succeed(path("prepare"))
    let end = try round(&machine, 1, 0.99, optimise: false)
    guard case .start(let tell)? = end.last else {
      Issue.record("tell did not start")
      return
    }
    #expect(tell.path == path("tell"))
    #expect(tell.feedback == [path("train", "improve", 1), path("evaluate", "improve", 1)])
  }

  @Test("a random but honest caller always comes to an end, whatever fails")
  func randomRuns() throws {
    for seed in 0..<200 {
      var state = UInt64(seed) &* 7_919 &+ 1
      func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
      }
      var machine = try machine(
        Self.loop.replacing(
          "prepare: {", with: "prepare: {retry: {max: 2, on_errors: [unavailable]}, "),
        concurrency: 1 + next(3))
      var running: [InstancePath] = []
      var waiting: [InstancePath] = []
      var outcomes = 0
      func take(_ actions: [RunAction]) {
        for action in actions {
          switch action {
          case .start(let instance): running.append(instance.path)
          case .wait(let path, _): waiting.append(path)
          case .cancelWait(let path): waiting.removeAll { $0 == path }
          case .finish: outcomes += 1
          default: break
          }
        }
      }
      take(machine.start())
      var events = 0
      while !machine.isFinished {
        events += 1
        try #require(events < 100)
        if next(40) == 0 { take(try machine.handle(.cancel)) }
        if !waiting.isEmpty, running.isEmpty || next(2) == 0 {
          take(try machine.handle(.timerFired(waiting.removeFirst())))
        } else if !running.isEmpty {
          let path = running.remove(at: next(running.count))
          if next(8) == 0 {
            let code = next(2) == 0 ? "unavailable" : "internal"
            take(try machine.handle(.stepFailed(path, code: code, message: "")))
          } else {
            let f1 = Double(next(100)) / 100
            take(try machine.handle(.stepSucceeded(path, scalars: ["f1": .one(.number(f1))])))
          }
        }
      }
      #expect(outcomes == 1)
      #expect(running.isEmpty)
    }
  }
}
