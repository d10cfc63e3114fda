import Contracts
import Testing

@testable import Workflow

/// Workflows for the machine need no offers: they are read, not checked.
func machine(_ steps: String, concurrency: Int = 4) throws -> RunMachine {
  let text = """
    schema: cadre/1
    workflow: w
    seed: 3
    params: {goal: 0.9}
    steps:

    """ + steps
  let reading = WorkflowFile.read(text, path: "w.yaml")
  #expect(reading.problems.map(\.description) == [])
  return RunMachine(file: try #require(reading.file), concurrency: concurrency)
}

func path(_ name: String, _ loop: String? = nil, _ round: Int = 1) -> InstancePath {
  InstancePath(rounds: loop.map { [.init(loop: $0, number: round)] } ?? [], name: name)
}

/// Actions in few words: `start a`, `wait a 2.0 seconds`, `finish succeeded`.
func words(_ actions: [RunAction]) -> [String] {
  actions.map { action in
    switch action {
    case .start(let instance):
      "start \(instance.path)" + (instance.attempt > 1 ? " #\(instance.attempt)" : "")
    case .wait(let path, let delay): "wait \(path) \(delay)"
    case .cancelWait(let path): "cancelWait \(path)"
    case .stop(let path): "stop \(path)"
    case .skipped(let path, _): "skipped \(path)"
    case .roundEnded(let report):
      "round \(report.round) kept \(report.kept)" + (report.isLast ? " last" : "")
    case .finish(.succeeded): "finish succeeded"
    case .finish(.failed(let path, let code, _)): "finish failed \(path) \(code)"
    case .finish(.cancelled): "finish cancelled"
    }
  }
}

extension RunMachine {
  mutating func succeed(
    _ path: InstancePath, _ scalars: [String: ReportedScalar] = [:]
  ) throws -> [String] {
    words(try handle(.stepSucceeded(path, scalars: scalars)))
  }

  mutating func fail(
    _ path: InstancePath, _ code: String = "internal"
  ) throws -> [String] {
    words(try handle(.stepFailed(path, code: code, message: "m")))
  }

  mutating func begin() -> [String] { words(start()) }
}
