import CadreABI
import Contracts
import PluginFixtures
import Synchronization
import Testing

@testable import AgentHost

/// Tests that open the fixtures.
///
/// One after the other: the fixtures count in globals.
@Suite("agents in C", .serialized)
enum FixtureAgents {}

/// What a host logged.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A fixture's module, with the id that it states.
func handle(_ module: UnsafePointer<cadre_module>?) throws -> ModuleHandle {
  let module = try #require(module)
  let id = try BoundaryText.read(module.pointee.id, limit: 256, place: "id")
  return ModuleHandle(module: module, id: id, digest: "sha256:00")
}

/// Opens a fixture.
func open(
  _ module: UnsafePointer<cadre_module>?, config: Setting = .object([]), lines: Lines = Lines(),
  grace: Duration = .seconds(20)
) async throws -> HostedAgent {
  let host = AgentHost(
    version: "0.1.0", limits: HostLimits(grace: grace, quiesce: grace),
    log: { lines.add("\($0) \($1): \($2)") })
  return try await host.open(try handle(module), config: config)
}

/// Opens a fixture, prepares its offer, runs the body, and closes it again.
func withAssignment(
  _ module: UnsafePointer<cadre_module>?, settings: Setting = .object([]),
  bound: [String: Value] = [:],
  _ body: (HostedAgent, HostedAssignment) async throws -> Void
) async throws {
  let agent = try await open(module)
  do {
    let assignment = try await agent.prepare(
      AwardRequest(offer: 0, settings: settings, bound: bound))
    try await body(agent, assignment)
    await assignment.release()
  } catch {
    try await agent.close()
    throw error
  }
  try await agent.close()
}

/// The error that the body throws.
func agentError(
  _ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> AgentError {
  do {
    try await body()
  } catch let error as AgentError {
    return error
  }
  return try #require(nil as AgentError?, "nothing was thrown", sourceLocation: sourceLocation)
}
