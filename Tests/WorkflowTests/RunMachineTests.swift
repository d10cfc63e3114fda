import Contracts
import Testing

@testable import Workflow

@Suite("The run's machine: sequences, branches, failures")
struct RunMachineTests {
  static let chain = """
      a: {needs: {task: t.a/1}, out: {x: json}}
      b: {needs: {task: t.b/1}, in: {x: a.x}, out: {x: json}}
      c: {needs: {task: t.c/1}, in: {x: b.x}}
    """

  static let branches = """
      a: {needs: {task: t.a/1}, out: {x: json}}
      b: {needs: {task: t.b/1}, in: {x: a.x}, out: {x: json}}
      c: {needs: {task: t.b/1}, in: {x: a.x}, out: {x: json}}
      d: {needs: {task: t.b/1}, in: {x: a.x}, out: {x: json}}
      e: {needs: {task: t.c/1}, in: {x: b.x, y: c.x, z: d.x}}
    """

  @Test("a chain runs in order and finishes")
  func sequence() throws {
    var machine = try machine(Self.chain)
    #expect(machine.begin() == ["start a"])
    #expect(machine.begin() == [])
    #expect(try machine.succeed(path("a")) == ["start b"])
    #expect(try machine.succeed(path("b")) == ["start c"])
    #expect(!machine.isFinished)
    #expect(try machine.succeed(path("c")) == ["finish succeeded"])
    #expect(machine.isFinished)
  }

  @Test("independent branches run side by side up to the limit, in the order of the file")
  func parallel() throws {
    var machine = try machine(Self.branches, concurrency: 2)
    _ = machine.begin()
    #expect(try machine.succeed(path("a")) == ["start b", "start c"])
    #expect(try machine.succeed(path("c")) == ["start d"])
    #expect(try machine.succeed(path("b")) == [])
    #expect(try machine.succeed(path("d")) == ["start e"])
  }

  @Test("inputs say where they come from; the seed differs between steps, not between attempts")
  func instances() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}, out: {x: json}}
        b:
          needs: {task: t.b/1}
          in: {x: a.x, goal: params.goal}
          map: {over: a.x, batch: 2}
          deadline: 2s
          retry: {max: 1, on_errors: [internal]}
      """)
    guard case .start(let first)? = machine.start().first else {
      Issue.record("nothing started")
      return
    }
    let actions = try machine.handle(.stepSucceeded(path("a"), scalars: [:]))
    guard case .start(let second)? = actions.first else {
      Issue.record("b did not start")
      return
    }
    #expect(
      second.inputs == [
        ResolvedInput(port: "x", source: .output(path("a"), port: "x")),
        ResolvedInput(port: "goal", source: .param(name: "goal", value: 0.9)),
      ])
    #expect(second.mapOver == .output(path("a"), port: "x"))
    #expect(second.deadline == .seconds(2))
    #expect(second.round == 0)
    #expect(first.seed != second.seed)
    _ = try machine.handle(.stepFailed(path("b"), code: "internal", message: ""))
    guard case .start(let again)? = try machine.handle(.timerFired(path("b"))).first else {
      Issue.record("b was not tried again")
      return
    }
    #expect(again.seed == second.seed)
    #expect(again.attempt == 2)
  }

  @Test("a failure that may pass is tried again with growing pauses, then fails the run")
  func retry() throws {
    var machine = try machine(
      "  a: {needs: {task: t.a/1}, retry: {max: 3, on_errors: [unavailable], backoff: 1s..3s}}")
    #expect(machine.begin() == ["start a"])
    for (attempt, pause) in [(2, "1.0"), (3, "2.0"), (4, "3.0")] {
      #expect(try machine.fail(path("a"), "unavailable") == ["wait a \(pause) seconds"])
      #expect(words(try machine.handle(.timerFired(path("a")))) == ["start a #\(attempt)"])
    }
    #expect(try machine.fail(path("a"), "unavailable") == ["finish failed a unavailable"])
  }

  @Test("a code that is not listed is not tried again")
  func retryCodes() throws {
    var machine = try machine(
      "  a: {needs: {task: t.a/1}, retry: {max: 3, on_errors: [unavailable]}}")
    _ = machine.begin()
    #expect(try machine.fail(path("a"), "internal") == ["finish failed a internal"])
  }

  @Test("a pause gives its place to others and takes one again")
  func pauseFreesPlace() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}, retry: {max: 1, backoff: 1s}}
        b: {needs: {task: t.a/1}}
      """, concurrency: 1)
    #expect(machine.begin() == ["start a"])
    #expect(try machine.fail(path("a"), "unavailable") == ["wait a 1.0 seconds", "start b"])
    #expect(words(try machine.handle(.timerFired(path("a")))) == [])
    #expect(try machine.succeed(path("b")) == ["start a #2"])
    #expect(try machine.succeed(path("a")) == ["finish succeeded"])
  }

  @Test("a failed step fails the run after what runs has ended; pauses are called off")
  func failure() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}, out: {x: json}}
        b: {needs: {task: t.a/1}}
        c: {needs: {task: t.a/1}, retry: {max: 2}}
        d: {needs: {task: t.a/1}, in: {x: a.x}}
      """)
    #expect(machine.begin() == ["start a", "start b", "start c"])
    _ = try machine.fail(path("c"), "unavailable")
    #expect(try machine.fail(path("b")) == ["cancelWait c"])
    #expect(words(try machine.handle(.timerFired(path("c")))) == [])
    #expect(try machine.succeed(path("a")) == ["finish failed b internal"])
    #expect(words(try machine.handle(.cancel)) == [])
  }

  @Test("cancelling stops what runs, calls off pauses, and finishes when all has ended")
  func cancel() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}}
        b: {needs: {task: t.a/1}, retry: {max: 2}}
        c: {needs: {task: t.a/1}}
      """, concurrency: 3)
    _ = machine.begin()
    _ = try machine.fail(path("b"), "unavailable")
    #expect(words(try machine.handle(.cancel)) == ["cancelWait b", "stop a", "stop c"])
    #expect(words(try machine.handle(.cancel)) == [])
    #expect(try machine.fail(path("a"), "cancelled") == [])
    #expect(try machine.succeed(path("c")) == ["finish cancelled"])
  }

  @Test("cancelling before the start finishes at once")
  func cancelEarly() throws {
    var machine = try machine(Self.chain)
    #expect(words(try machine.handle(.cancel)) == ["finish cancelled"])
    #expect(machine.begin() == [])
  }

  @Test("a step whose 'if' does not hold is skipped, and so is what needs it")
  func skip() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}, out: {f: f64}}
        b: {needs: {task: t.a/1}, if: "a.f >= params.goal", out: {x: json}}
        c: {needs: {task: t.a/1}, in: {x: b.x}, out: {x: json}}
        d: {needs: {task: t.a/1}, in: {x: c.x}}
        e: {needs: {task: t.a/1}, in: {x: b.x?}}
        f: {needs: {task: t.a/1}, if: "a.f < params.goal"}
      """)
    _ = machine.begin()
    let actions = try machine.handle(.stepSucceeded(path("a"), scalars: ["f": 0.5]))
    #expect(
      words(actions) == ["skipped b", "skipped c", "skipped d", "start e", "start f"])
    #expect(actions.first == .skipped(path("b"), reason: "if: a.f >= params.goal does not hold"))
    #expect(actions[1] == .skipped(path("c"), reason: "'b' was skipped"))
    guard case .start(let e) = actions[3] else {
      Issue.record("e did not start")
      return
    }
    #expect(e.inputs == [])
  }

  @Test("a step must report what expressions use")
  func unreported() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}, out: {f: f64}}
        b: {needs: {task: t.a/1}, if: "a.f > 1"}
      """)
    _ = machine.begin()
    let actions = try machine.handle(.stepSucceeded(path("a"), scalars: ["g": 1.0]))
    #expect(
      actions == [
        .finish(
          .failed(
            path("a"), code: "internal",
            message: "the step did not report 'f', which an expression uses"))
      ])
  }

  @Test("an event that cannot happen is refused and changes nothing")
  func unexpected() throws {
    var machine = try machine(Self.chain)
    _ = machine.begin()
    #expect(throws: RunMachineError.self) {
      try machine.handle(.stepSucceeded(path("b"), scalars: [:]))
    }
    #expect(throws: RunMachineError.self) { try machine.handle(.timerFired(path("a"))) }
    #expect(throws: RunMachineError.self) {
      try machine.handle(.stepFailed(path("zzz"), code: "internal", message: ""))
    }
    #expect(try machine.succeed(path("a")) == ["start b"])
    #expect(throws: RunMachineError.self) {
      try machine.handle(.stepSucceeded(path("a"), scalars: [:]))
    }
  }

  @Test("steps that wait for one another end the run instead of hanging it")
  func uncheckedCycle() throws {
    var machine = try machine(
      """
        a: {needs: {task: t.a/1}, in: {x: b.x}, out: {x: json}}
        b: {needs: {task: t.a/1}, in: {x: a.x}, out: {x: json}}
      """)
    #expect(machine.begin() == ["finish failed a internal"])
  }
}
