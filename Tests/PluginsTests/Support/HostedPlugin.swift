import AgentHost
import AgentKit
import CadreABI
import Synchronization

/// An agent type of this process, opened by the real host through the C ABI.
///
/// Tests of first-party agents need no library on disk: an image's entry does no more than
/// `AgentModule.start`.
public struct HostedPlugin: Sendable {
  /// The opened agent.
  public let agent: HostedAgent
  /// What it logged.
  public let log: LogLines

  /// Opens an agent, runs the body, and closes the agent again, also after an error.
  public static func with<A: Agent>(
    _ type: A.Type, _ body: (HostedPlugin) async throws -> Void
  ) async throws {
    let log = LogLines()
    let host = AgentHost(version: "0.1.0", threads: 2) { _, _, text in log.add(text) }
    let agent = try await host.open(module(of: type))
    do {
      try await body(HostedPlugin(agent: agent, log: log))
    } catch {
      try await agent.close()
      throw error
    }
    try await agent.close()
  }

  /// Runs one job under an award of its own.
  public func run(_ request: JobRequest, award: AwardRequest) async throws -> [String: Value] {
    let assignment = try await agent.prepare(award)
    do {
      let outputs = try await assignment.run(request)
      await assignment.release()
      return outputs
    } catch {
      await assignment.release()
      throw error
    }
  }

  private static func module<A: Agent>(of type: A.Type) throws -> ModuleHandle {
    var boot = cadre_boot()
    boot.magic = UInt32(CADRE_BOOT_MAGIC)
    boot.major = UInt16(CADRE_ABI_MAJOR)
    boot.minor = UInt16(CADRE_ABI_MINOR)
    guard let module = AgentModule.start(&boot, type) else {
      throw AgentFailure(.internal, "the module refused this ABI", where: type.identity.id)
    }
    return ModuleHandle(module: module, id: type.identity.id, digest: "sha256:00")
  }
}

/// Lines that come from any thread.
public final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  /// No lines.
  public init() {}

  /// The lines so far.
  public var all: [String] { lines.withLock { $0 } }

  /// Adds a line.
  public func add(_ line: String) { lines.withLock { $0.append(line) } }
}
