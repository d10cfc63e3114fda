import ArgumentParser
import Contracts
import Foundation
import Journal

/// `cadre runs`.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List runs, the newest first.")

  @Option(name: .long, help: "How many.")
  var limit = 20
  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit takes a number from 1") }
  }

  func run() async throws {
    try await reporting {
      let runs: [RunRecord]
      do {
        runs = try openJournal().runs(limit: limit)
      } catch let error as JournalError where error.code == .missing {
        runs = []
      }
      let console = Console.standardOutput
      if json {
        console.line(Setting.list(runs.map(Self.setting)).json)
        return
      }
      if runs.isEmpty {
        console.line("no run yet; 'cadre run workflow.yaml' makes one")
        return
      }
      let time = Date.ISO8601FormatStyle(timeZone: .current)
      var rows = [["run", "workflow", "state", "started", "took"]]
      rows += runs.map { run in
        [
          run.id.rawValue, run.pinned.workflow, run.state.rawValue,
          run.startedAt.formatted(time),
          run.endedAt.map { secondsText($0.timeIntervalSince(run.startedAt)) } ?? "",
        ]
      }
      console.write(table(rows))
    }
  }

  static func setting(_ run: RunRecord) -> Setting {
    [
      "run": .string(run.id.rawValue), "workflow": .string(run.pinned.workflow),
      "file": .string(run.pinned.workflowPath), "state": .string(run.state.rawValue),
      "seed": .string(String(run.pinned.seed)),
      "started": .string(run.startedAt.ISO8601Format()),
      "ended": run.endedAt.map { .string($0.ISO8601Format()) } ?? .null,
      "host": .string(run.pinned.hostVersion), "abi": .string(run.pinned.abiVersion),
      "isa": .string(run.pinned.isa), "threads": .int(run.pinned.threads),
      "error": run.error.map(Setting.string) ?? .null,
    ]
  }
}
