import CadreABI
import Contracts
import OpBridge
import TensorCore

/// Opens agents and gives each of them its own view of the host.
///
///     let host = AgentHost(version: "0.1.0", threads: 2) { agent, level, text in ... }
///     let agent = try await host.open(ModuleHandle(module: module, id: id, digest: digest))
///     let assignment = try await agent.prepare(AwardRequest(offer: 0))
///     let outputs = try await assignment.run(JobRequest(inputs: ["text": .text("…")]))
///     await assignment.release()
///     try await agent.close()
public final class AgentHost: Sendable {
  /// A line of an agent's log, or of the host about an agent; called on any thread.
  public typealias Log = @Sendable (_ agent: String, _ level: LogLevel, _ text: String) -> Void

  /// What agents see as the host's name.
  public let name: String
  /// What agents see as the host's version.
  public let version: String
  /// The most threads that one operation of an agent may use.
  public let threads: Int
  /// How patient the host is.
  public let limits: HostLimits

  private let log: Log

  /// Makes a host.
  ///
  /// - Parameters:
  ///   - name: what agents see as the host's name.
  ///   - version: what agents see as the host's version.
  ///   - threads: the most threads that one operation of an agent may use.
  ///   - limits: how patient the host is.
  ///   - log: takes the lines of agents' logs.
  public init(
    name: String = "cadre", version: String, threads: Int = 1, limits: HostLimits = HostLimits(),
    log: @escaping Log
  ) {
    self.name = name
    self.version = version
    self.threads = max(1, threads)
    self.limits = limits
    self.log = log
  }

  /// More offers than any agent has; a larger count is a wrong table.
  private static let offerLimit = 256

  /// Opens an agent of an image.
  ///
  /// It must be closed.
  ///
  /// The agent's `open` runs on a thread of the host's own.
  ///
  /// - Parameters:
  ///   - module: the image's module.
  ///   - config: an object that the agent understands.
  /// - Throws: `AgentError` for a table that lacks something, an `open` that fails, or a bad offer. What
  ///   was opened until then is closed again.
  public func open(
    _ module: ModuleHandle, config: Setting = .object([])
  ) async throws -> HostedAgent {
    let (id, version) = try module.identity()
    let memory = MemoryAccount()
    let services = HostServices(agent: id, memory: memory, log: log)
    let runtime = OpRuntime(memory: memory, threadLimit: threads)
    let host = HostTable(
      name: name, version: self.version, services: services, ops: runtime)
    let control = AgentThreads(limit: 1)
    do {
      let (table, contracts) = try await control.perform {
        let table = try AgentTable(
          try module.open(host: host.pointer, config: config.json), id: id)
        do {
          return (table, try Self.offers(of: table, id: id, version: version))
        } catch {
          table.close()
          throw error
        }
      }
      return HostedAgent(
        id: id, version: version, digest: module.digest, contracts: contracts, table: table,
        host: host, services: services, runtime: runtime, control: control, limits: limits)
    } catch {
      control.stop(joining: true)
      runtime.releaseAll()
      host.free()
      throw error
    }
  }

  private static func offers(
    of table: AgentTable, id: String, version: String
  ) throws -> [OfferContract] {
    let count = table.offerCount()
    guard (1...offerLimit).contains(count) else {
      throw AgentError(
        .invalidArgument, "the agent has \(count) offers; 1 to \(offerLimit) are taken",
        where: "cadre_agent.offer_count", agent: id)
    }
    let reader = OfferReader(agent: id, version: version)
    return try (0..<count).map { try reader.read(table.offer($0), index: $0) }
  }
}
