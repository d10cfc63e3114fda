import ArgumentParser
import ArtifactStore
import Contracts
import Execution
import Journal

/// `cadre show`.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run: its steps, artefacts and summary.",
    discussion: """
        cadre show                          the last run
        cadre show last improve[1]/evaluate a step: attempts, metrics, artefacts
        cadre show last prepare --port report   print an artefact
      """)

  @Argument(help: "A run's id, the beginning of one, or 'last'.")
  var run: String = "last"
  @Argument(help: "A step, such as improve[1]/train.")
  var step: String?
  @Option(name: .long, help: "Print the artefact on this output of the step.")
  var port: String?
  @Option(name: .long, help: "Which member's artefact, from 0.")
  var member = 0
  @Flag(name: .long, help: "Print a sealed artefact all the same.")
  var unsealed = false
  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  func validate() throws {
    if port != nil, step == nil { throw ValidationError("--port needs a run and a step") }
  }

  func run() async throws {
    try await reporting {
      let journal = try openJournal()
      let record = try journal.run(run)
      let steps = try journal.steps(of: record.id)
      guard let step else { return try show(record, steps) }
      guard let found = steps.first(where: { $0.path == step }) else {
        throw ExecutionError(
          .notFound, "run \(record.id) has no step '\(step)'",
          remedy: "it has \(steps.map(\.path).joined(separator: ", "))")
      }
      if let port {
        try printArtifact(journal.artifacts(of: record.id, step: step), port: port)
      } else {
        try show(found, journal: journal)
      }
    }
  }

  private func show(_ record: RunRecord, _ steps: [StepRecord]) throws {
    let console = Console.standardOutput
    let summary = try record.summary.map { try RunSummary(json: $0) }
    if json {
      var fields = RunsCommand.setting(record).fields ?? []
      fields.append(Setting.Field("summary", summary?.setting ?? .null))
      console.line(Setting.object(fields).json)
      return
    }
    console.line("\(console.paint("run \(record.id)", .bold))  \(record.pinned.workflow)")
    console.line(
      "file \(record.pinned.workflowPath), seed \(record.pinned.seed), host "
        + "\(record.pinned.hostVersion), ABI \(record.pinned.abiVersion), \(record.pinned.isa), "
        + "\(record.pinned.threads) threads")
    let rows = steps.map { step in
      [
        step.path, step.task,
        // A run that was killed could not say of its steps that they have ended.
        record.state == .interrupted && step.state == .running
          ? "interrupted" : step.state.rawValue,
        step.endedAt.map { secondsText($0.timeIntervalSince(step.startedAt)) } ?? "",
        step.error ?? "",
      ]
    }
    console.write(table(rows, indent: "  "))
    console.line()
    if let summary {
      console.write(SummaryText(summary: summary, console: console).text)
    } else {
      console.line("the run is \(record.state.rawValue); it has left no summary")
    }
  }

  private func show(_ step: StepRecord, journal: RunJournal) throws {
    let console = Console.standardOutput
    let attempts = try journal.attempts(of: step.run, step: step.path)
    let metrics = try journal.metrics(of: step.run, step: step.path)
    let artifacts = try journal.artifacts(of: step.run, step: step.path)
    if json {
      console.line(
        Setting.object([
          Setting.Field("step", .string(step.path)), Setting.Field("task", .string(step.task)),
          Setting.Field("state", .string(step.state.rawValue)),
          Setting.Field("error", step.error.map(Setting.string) ?? .null),
          Setting.Field(
            "artifacts",
            .list(
              artifacts.map { row in
                [
                  "port": .string(row.port), "member": row.member.map(Setting.int) ?? .null,
                  "digest": .string(row.digest.description), "kind": .string(row.kind),
                  "type": .string(row.type), "bytes": .int(Int(row.byteCount)),
                ]
              })),
          Setting.Field(
            "attempts",
            .list(
              attempts.map { row in
                [
                  "number": .int(row.number), "member": row.member.map(Setting.int) ?? .null,
                  "agent": .string(row.agentID), "outcome": .string(row.outcome),
                  "seconds": .double(row.seconds), "message": .string(row.message),
                ]
              })),
          Setting.Field(
            "metrics",
            .list(
              metrics.map { row in
                [
                  "name": .string(row.name), "member": row.member.map(Setting.int) ?? .null,
                  "value": .double(row.value), "low": row.low.map(Setting.double) ?? .null,
                  "high": row.high.map(Setting.double) ?? .null,
                ]
              })),
        ]).json)
      return
    }
    console.line("\(console.paint(step.path, .bold))  \(step.task)  \(step.state.rawValue)")
    if let error = step.error { console.line("  \(console.paint(error, .red))") }
    console.write(
      table(
        attempts.map { row in
          [
            "attempt \(row.number)", row.agentID, row.outcome, secondsText(row.seconds),
            row.message,
          ]
        }, indent: "  "))
    console.write(
      table(
        metrics.map { row in
          [row.name + (row.member.map { "[\($0)]" } ?? ""), numberText(row.value)]
        }, indent: "  "))
    console.write(
      table(
        artifacts.map { row in
          [
            row.port + (row.member.map { "[\($0)]" } ?? ""), row.type, "\(row.byteCount) bytes",
            row.digest.description,
          ]
        }, indent: "  "))
  }

  private func printArtifact(_ artifacts: [ArtifactRecord], port: String) throws {
    guard
      let artifact = artifacts.first(where: { $0.port == port && ($0.member ?? 0) == member })
    else {
      let known = artifacts.map { $0.port + ($0.member.map { "[\($0)]" } ?? "") }
      throw ExecutionError(
        .notFound, "the step has no output '\(port)' of member \(member)",
        remedy: "it has \(known.joined(separator: ", "))")
    }
    guard unsealed || !artifact.type.hasPrefix("sealed ") else {
      throw ExecutionError(
        .permissionDenied, "'\(port)' is sealed: who looks at it tunes to it",
        remedy: "add --unsealed to print it all the same")
    }
    let store = try ObjectStore(root: Home.current().artifacts, readOnly: true)
    if artifact.kind == "safetensors" || artifact.kind == "bytes" {
      Console.standardOutput.line(store.path(of: artifact.digest))
    } else {
      let text = String(decoding: try store.read(artifact.digest), as: UTF8.self)
      Console.standardOutput.write(text.hasSuffix("\n") ? text : text + "\n")
    }
  }
}
