import ArgumentParser
import Execution
import Foundation
import TensorCore
import Workflow

/// `cadre run`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a workflow.",
    discussion: """
      Checks the file, lets the installed agents bid for each step, runs the steps and writes a summary. \
      Every step's result is kept: 'cadre show' shows it again. Ctrl-C stops the run cleanly.

        cadre run workflow.yaml
        cadre run workflow.yaml --set min_f1=0.9 --json > summary.json
      """)

  @Argument(help: "The workflow file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String
  @Option(
    name: .customLong("set"), help: "Set a parameter of the workflow: name=value. Repeatable.")
  var param: [String] = []
  @Option(name: .long, help: "Compute threads that an agent may use (default: the cores).")
  var threads: Int?
  @OptionGroup(title: "Priorities")
  var priorities: PriorityOptions
  @Flag(name: .long, help: "Print the summary as JSON; progress goes to standard error.")
  var json = false
  @Flag(name: .long, help: "Exit with 4 when the target of a loop ('until') was not met.")
  var requireTarget = false
  @Flag(name: .shortAndLong, help: "No progress, only the summary.")
  var quiet = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1") }
  }

  func run() async throws {
    try await reporting {
      let progress = json ? Console.standardError : Console.standardOutput
      let view = LiveView(console: progress)
      Console.rememberLostOutput()
      let quiet = quiet
      let session = try await Session.open(threads: threads) { event in
        if !quiet { view.show(event) }
      }
      let workflow = try session.workflow(file, params: param)
      let engine = try RunEngine(
        workflow, home: session.home, directory: session.directory, threads: session.threads,
        hostVersion: hostVersion, isa: try InstructionSet.processDefault.get().name,
        priorities: try priorities.priorities(agents: session.directory.agents.map(\.id)),
        events: { event in if !quiet { view.show(event) } })
      let result = try await Interruption.cancelling(notice: { view.show(notice: $0) }) {
        try await engine.run()
      }
      await session.directory.close()
      if json {
        Console.standardOutput.line(result.summary.setting.json)
      } else {
        Console.standardOutput.line()
        Console.standardOutput.write(
          SummaryText(summary: result.summary, console: .standardOutput).text)
        Console.standardOutput.line("\nall of it again: cadre show \(result.id)")
      }
      if let reason = Console.lostOutput {
        throw ExecutionError(
          .dataLoss, "output could not be written: \(reason)",
          remedy: "the run itself is kept: cadre show \(result.id)")
      }
      switch result.outcome {
      case .succeeded: break
      case .failed(let path, _, let message):
        throw ExecutionError(.internal, "\(path): \(message)")
      case .cancelled: throw ExitStatus.interrupted
      }
      if requireTarget, result.summary.setting["target"]?["met"]?.boolValue == false {
        throw ExitStatus.targetMissed
      }
    }
  }
}
