import ArgumentParser
import ArtifactStore
import Contracts
import Deployment
import Execution
import Journal
import TensorCore
import Workflow

/// The documented exit codes.
enum ExitStatus {
  static let failed = ExitCode(1)
  static let invalid = ExitCode(2)
  static let notFound = ExitCode(3)
  static let targetMissed = ExitCode(4)
  static let interrupted = ExitCode(130)

  /// The exit code that tells an error's kind.
  static func code(of error: any Error) -> ExitCode {
    switch error {
    case let error as ExitCode: error
    case is WorkflowError: invalid
    case let error as ExecutionError:
      switch error.code {
      case .notFound: notFound
      case .cancelled: interrupted
      case .invalidArgument: invalid
      default: failed
      }
    case let error as DeploymentError:
      switch error.code {
      case .notFound: notFound
      case .invalidName: invalid
      default: failed
      }
    case let error as JournalError:
      error.code == .runNotFound || error.code == .ambiguousRun || error.code == .missing
        ? notFound : failed
    case let error as ArtifactError where error.code == .malformedDigest: invalid
    case let error as TensorError where error.code == .unsupportedInstructionSet: invalid
    case is CancellationError: interrupted
    default: failed
    }
  }
}

/// Runs a command's body; an error becomes one message on standard error and an exit code.
func reporting(_ body: () async throws -> Void) async throws {
  do {
    try await body()
  } catch let code as ExitCode {
    throw code
  } catch {
    Console.standardError.write("\(Console.standardError.paint("error", .red)): \(error)\n")
    throw ExitStatus.code(of: error)
  }
}
