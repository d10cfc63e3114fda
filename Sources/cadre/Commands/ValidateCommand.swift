import ArgumentParser
import Contracts
import Workflow

/// `cadre validate`.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a workflow file: every problem at once, with its place and remedy.")

  @Argument(help: "The workflow file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String
  @Flag(name: .long, help: "Print the problems as JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let session = try await Session.open()
      await session.directory.close()
      do {
        let workflow = try session.workflow(file)
        let steps = workflow.allSteps.count
        Console.standardOutput.line(
          json ? "[]" : "\(file): \(workflow.name), \(steps) steps, no problem found")
      } catch let problems as WorkflowError where json {
        let all = problems.diagnostics.map { problem -> Setting in
          [
            "file": .string(problem.file), "line": .int(problem.line),
            "column": .int(problem.column), "severity": .string(problem.severity.rawValue),
            "message": .string(problem.message), "text": .string(problem.offendingText),
            "remedy": .string(problem.remedy),
          ]
        }
        Console.standardOutput.line(Setting.list(all).json)
        throw ExitStatus.invalid
      }
    }
  }
}
