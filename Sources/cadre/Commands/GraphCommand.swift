import ArgumentParser
import Workflow

/// `cadre graph`.
struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draw a workflow as a Mermaid flowchart.",
    discussion: "Paste the output into any Mermaid viewer, or a Markdown file.")

  @Argument(help: "The workflow file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  func run() async throws {
    try await reporting {
      Console.standardOutput.write(mermaid(try Session.read(file)))
    }
  }
}
