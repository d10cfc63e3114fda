import ArgumentParser
import Execution

/// `cadre resume`, refused by name: its floor does not stand yet.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Not available in this version.", shouldDisplay: false)

  @Argument(help: "A run's id.")
  var run: String = "last"

  func run() async throws {
    try await reporting {
      throw ExecutionError(
        .invalidArgument, "'resume' is not available in this version",
        remedy: "run the workflow again; 'cadre show \(run)' shows how far that run came")
    }
  }
}
