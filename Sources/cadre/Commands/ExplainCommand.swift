import ArgumentParser
import Contracts
import Execution
import Journal

/// `cadre explain`.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell why an agent was or was not chosen in a run.",
    discussion: """
        cadre explain                       the last run, all steps
        cadre explain last improve[1]/train that step
        cadre explain 20260101-1200 --agent org.cadre.text-mlp
      """)

  @Argument(help: "A run's id, the beginning of one, or 'last'.")
  var run: String = "last"
  @Argument(help: "A step, such as improve[1]/train (default: all).")
  var step: String?
  @Option(name: .long, help: "Only this agent.")
  var agent: String?
  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let journal = try openJournal()
      let record = try journal.run(run)
      let steps = try journal.steps(of: record.id).filter { step == nil || $0.path == step }
      if steps.isEmpty, let step {
        let known = try journal.steps(of: record.id).map(\.path).joined(separator: ", ")
        throw ExecutionError(
          .notFound, "run \(record.id) has no step '\(step)'", remedy: "it has \(known)")
      }
      var all: [Setting] = []
      var asked: Set<String> = []
      for step in steps {
        let proposals = try journal.proposals(of: record.id, step: step.path)
        asked.formUnion(proposals.map(\.agentID))
        let rows = proposals.filter { agent == nil || $0.agentID == agent }
        if rows.isEmpty { continue }
        if json {
          all.append(["step": .string(step.path), "proposals": .list(rows.map(Self.setting))])
        } else {
          show(step, rows)
        }
      }
      if let agent, !asked.contains(agent) {
        throw ExecutionError(
          .notFound, "no agent '\(agent)' was considered in these steps of run \(record.id)",
          remedy: "considered were \(asked.sorted().joined(separator: ", "))")
      }
      if json { Console.standardOutput.line(Setting.list(all).json) }
    }
  }

  private func show(_ step: StepRecord, _ rows: [ProposalRecord]) {
    let console = Console.standardOutput
    console.line("\(console.paint(step.path, .bold))  \(step.task)")
    for row in rows {
      let mark = row.isAwarded ? console.paint("✓", .green) : console.paint("✗", .red)
      console.line("  \(mark) \(row.agentID) \(row.agentVersion): \(row.decision)")
      if let cost = row.cost {
        let quality = cost.quality.map { decimals($0) } ?? "not stated"
        console.line(
          "      claimed: quality \(quality), \(secondsText(cost.fixedSecondsP50)) a job + "
            + "\(milliseconds(cost.itemSecondsP50)) ms an item, \(cost.memoryBytes / 1024) KiB"
            + (row.reason.isEmpty ? "" : "; \(row.reason)"))
        console.line(
          "      heard as: quality \(row.correctedQuality.map { decimals($0) } ?? "?"), "
            + "\(secondsText(row.correctedSeconds ?? 0)) in all, score "
            + "\(row.score.map { decimals($0) } ?? "none")")
      }
    }
  }

  private func milliseconds(_ seconds: Double) -> String { decimals(seconds * 1000) }

  private static func setting(_ row: ProposalRecord) -> Setting {
    [
      "agent": .string(row.agentID), "version": .string(row.agentVersion),
      "verdict": .string(row.verdict.rawValue), "awarded": .bool(row.isAwarded),
      "quality": row.cost?.quality.map(Setting.double) ?? .null,
      "corrected_quality": row.correctedQuality.map(Setting.double) ?? .null,
      "corrected_seconds": row.correctedSeconds.map(Setting.double) ?? .null,
      "score": row.score.map(Setting.double) ?? .null, "reason": .string(row.reason),
      "decision": .string(row.decision),
    ]
  }
}

/// The journal of this home, for reading.
func openJournal() throws -> RunJournal { try RunJournal.openReadOnly(Home.current().journal) }
