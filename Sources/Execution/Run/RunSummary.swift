import AgentHost
import Contracts
import Journal
import Workflow

/// What a run found: who won and why, metrics, the rounds, what is deployed, what the team decided.
public struct RunSummary: Sendable {
  /// The whole of it as JSON, as the journal keeps it and `--json` prints it.
  public let setting: Setting

  /// A summary that a journal kept.
  public init(setting: Setting) { self.setting = setting }

  /// A summary from its JSON.
  ///
  /// - Throws: `SettingError` when it is no JSON.
  public init(json: String) throws { setting = try Setting(json: json) }
}

/// Collects a summary while a run goes on.
struct SummaryBuilder: Sendable {
  private let workflow: WorkflowFile
  private var awards: [Setting] = []
  private var rounds: [Setting] = []
  private var metrics: [Setting] = []
  private var target: Setting = .null
  private var deployed: Setting = .null
  private var joint: Setting = .null
  private var steps: [Setting] = []

  init(workflow: WorkflowFile) { self.workflow = workflow }

  /// A step has ended.
  mutating func add(
    _ path: InstancePath, state: String, headline: String, log: StepLog.Rows?
  ) {
    steps.append([
      "step": .string(path.description), "state": .string(state), "result": .string(headline),
    ])
    guard let log else { return }
    if !log.proposals.isEmpty {
      awards.append([
        "step": .string(path.description),
        "proposals": .list(
          log.proposals.map { row in
            [
              "agent": .string(row.agentID), "awarded": .bool(row.isAwarded),
              "verdict": .string(row.verdict.rawValue),
              "score": row.score.map(Setting.double) ?? .null,
              "decision": .string(row.decision), "reason": .string(row.reason),
            ]
          }),
      ])
    }
    for metric in log.metrics {
      metrics.append([
        "step": .string(path.description), "name": .string(metric.name),
        "member": metric.member.map(Setting.int) ?? .null,
        "agent": metric.member.flatMap { log.credits[$0] }.map(Setting.string) ?? .null,
        "value": .double(metric.value),
        "low": metric.low.map(Setting.double) ?? .null,
        "high": metric.high.map(Setting.double) ?? .null,
      ])
    }
  }

  /// The outputs that have a place of their own in the summary.
  mutating func add(_ outputs: [String: PortValue], of instance: StepInstance) {
    switch instance.step.needs.task {
    case TaskNames.deploy:
      if case .scalar(.utf8(let version))? = outputs["version"]?.members.first?.value {
        deployed = .string(version)
      }
    case TaskNames.decide:
      if case .json(let text)? = outputs["report"]?.members.first?.value,
        let report = try? Setting(json: text)
      {
        joint = report
      }
    default: break
    }
  }

  /// A round of a loop has ended.
  mutating func add(_ report: RoundReport) {
    rounds.append([
      "loop": .string(report.loop.description), "round": .int(report.round),
      "score": report.score.map(Setting.double) ?? .null, "kept": .int(report.kept),
    ])
    guard report.isLast, report.loop.rounds.isEmpty else { return }
    let until = workflow.steps.compactMap { node -> String? in
      if case .loop(let loop) = node, loop.name == report.loop.name {
        loop.until?.text
      } else {
        nil
      }
    }.first
    guard let until, let met = report.untilHolds else { return }
    target = [
      "loop": .string(report.loop.description), "until": .string(until), "met": .bool(met),
      "rounds": .int(report.round), "kept": .int(report.kept),
    ]
  }

  /// The summary.
  func build(id: String, outcome: RunOutcome, seconds: Double) -> RunSummary {
    var error: Setting = .null
    if case .failed(let path, let code, let message) = outcome {
      error = [
        "step": .string(path.description), "code": .string(code), "message": .string(message),
      ]
    }
    return RunSummary(setting: [
      "run": .string(id), "workflow": .string(workflow.name),
      "state": .string(outcome.runState.rawValue), "seconds": .double(seconds), "error": error,
      "steps": .list(steps), "awards": .list(awards), "metrics": .list(metrics),
      "rounds": .list(rounds), "target": target, "deployed": deployed, "decision": joint,
    ])
  }
}
