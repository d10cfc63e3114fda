import ArtifactStore
import Contracts
import Deployment
import Execution
import Foundation
import TensorCore
import Workflow

/// What most commands begin with: the home, the installed agents, a workflow file.
struct Session {
  let home: Home
  let directory: AgentDirectory
  let threads: Int

  /// Opens the installed agents.
  ///
  /// - Parameter events: gets what agents log.
  static func open(
    threads: Int? = nil, events: @escaping RunEventSink = { _ in }
  ) async throws -> Session {
    let home = try Home.current()
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    // Before anything computes: all agents share these threads.
    ComputePool.configure(threads: threads)
    let directory = try await AgentDirectory.open(
      hostVersion: hostVersion, threads: threads, events: events)
    return Session(home: home, directory: directory, threads: threads)
  }

  /// All offers: the agents' and the host's.
  var offers: [Offer] { directory.offers + HostOffers.all(version: hostVersion) }

  /// Reads and checks a workflow file with parameters set on the command line.
  ///
  /// - Throws: `WorkflowError` with every problem at once.
  func workflow(_ path: String, params: [String] = []) throws -> WorkflowFile {
    let reading = WorkflowFile.read(
      bytes: try Self.bytes(of: path), path: path, params: try Self.values(params))
    var problems = reading.check(offers: offers)
    problems += Self.aliasProblems(reading.file)
    guard let file = reading.file, !problems.contains(where: { $0.severity == .error }) else {
      throw WorkflowError(diagnostics: problems)
    }
    for warning in problems { Console.standardError.line(warning.description) }
    return file
  }

  /// Aliases that cannot be names: found before anything is trained, not at the end.
  private static func aliasProblems(_ file: WorkflowFile?) -> [Diagnostic] {
    guard let file else { return [] }
    return file.allSteps.compactMap { _, step in
      guard step.needs.task == TaskNames.deploy,
        let setting = step.with.first(where: { $0.key == "alias" }),
        let alias = setting.value.stringValue, !alias.isEmpty
      else { return nil }
      do throws(DeploymentError) {
        _ = try ModelReference(parsing: alias)
        return nil
      } catch {
        return Diagnostic(
          file: file.path, position: setting.position, message: error.message,
          offendingText: alias, remedy: error.remedy)
      }
    }
  }

  /// Reads a workflow file without asking any agent.
  static func read(_ path: String) throws -> WorkflowFile {
    let reading = WorkflowFile.read(bytes: try bytes(of: path), path: path)
    guard let file = reading.file, reading.problems.allSatisfy({ $0.severity != .error }) else {
      throw WorkflowError(diagnostics: reading.problems)
    }
    return file
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    do {
      // A workflow is written by hand: what is larger than this is another file by mistake.
      return try readFile(path, limit: 4 << 20)
    } catch {
      throw ExecutionError(
        error.code == .missing ? .notFound : .invalidArgument, error.message,
        remedy: error.remedy)
    }
  }

  /// `name=value`; the value is JSON, or else a text.
  private static func values(_ params: [String]) throws -> [String: Setting] {
    var values: [String: Setting] = [:]
    for param in params {
      guard let equals = param.firstIndex(of: "=") else {
        throw ExecutionError(
          .invalidArgument, "'\(param)' sets no parameter", remedy: "write --set name=value")
      }
      let text = String(param[param.index(after: equals)...])
      values[String(param[..<equals])] = (try? Setting(json: text)) ?? .string(text)
    }
    return values
  }
}
