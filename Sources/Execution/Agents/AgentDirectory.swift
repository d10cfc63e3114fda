import AgentHost
import Contracts
import PluginLoader
import Synchronization

/// A plug-in that was found and not taken, with the remedy.
public struct Refusal: Hashable, Sendable {
  /// The file.
  public let file: String
  /// What is wrong.
  public let message: String
  /// What to do about it.
  public let remedy: String
}

/// The installed agents, opened in this process, by rising id.
public final class AgentDirectory: Sendable {
  /// The opened agents.
  public let agents: [HostedAgent]
  /// The plug-ins that were found and not taken.
  public let refusals: [Refusal]
  /// Where each agent's library stands, by id.
  public let libraries: [String: String]

  private init(agents: [HostedAgent], refusals: [Refusal], libraries: [String: String]) {
    self.agents = agents.sorted { $0.id < $1.id }
    self.refusals = refusals
    self.libraries = libraries
  }

  /// Finds, loads and opens the agents of this process's search path.
  ///
  /// A plug-in that cannot be taken is in ``refusals``; the others are not affected.
  ///
  /// - Parameters:
  ///   - threads: compute threads an agent may use.
  ///   - events: gets what agents log.
  public static func open(
    hostVersion: String, threads: Int, setup: LoaderSetup = .ofThisProcess(),
    events: @escaping RunEventSink = { _ in }
  ) async throws -> AgentDirectory {
    let host = AgentHost(name: "cadre", version: hostVersion, threads: threads) {
      agent, level, text in
      events(.log(agent: agent, level: "\(level)", text: text))
    }
    let loader = PluginLoader(setup: setup)
    // Loading blocks on the disk and on probes: a thread of its own, not the cooperative pool's.
    let (images, failures) = await onThread { () -> ([(String, PluginImage)], [PluginError]) in
      let scan = loader.scan()
      var failures = scan.refusals
      var images: [(String, PluginImage)] = []
      func load(_ candidate: PluginCandidate) -> Bool {
        do throws(PluginError) {
          images.append((candidate.library, try loader.load(candidate)))
          return true
        } catch {
          failures.append(error)
          return false
        }
      }
      for candidate in scan.candidates { _ = load(candidate) }
      // A broken copy that comes first must not switch off the good one behind it.
      for (candidate, refusal) in scan.alternatives
      where !images.contains(where: { $0.1.manifest.id == candidate.manifest.id }) {
        if load(candidate) { failures.removeAll { $0 == refusal } }
      }
      return (images, failures)
    }
    var refusals = failures.map { Refusal(file: $0.file, message: $0.message, remedy: $0.remedy) }
    var agents: [HostedAgent] = []
    var libraries: [String: String] = [:]
    for (library, image) in images {
      do {
        let agent = try await host.open(
          ModuleHandle(
            module: image.module, id: image.manifest.id, digest: image.digest),
          config: Setting.object([]))
        agents.append(agent)
        libraries[agent.id] = library
      } catch {
        refusals.append(
          Refusal(
            file: library, message: "\(image.manifest.id) did not open: \(error)",
            remedy: "tell its author, or remove the plug-in"))
      }
    }
    return AgentDirectory(agents: agents, refusals: refusals, libraries: libraries)
  }

  /// All offers, by agent and index.
  public var offers: [Offer] { agents.flatMap(\.offers) }

  /// The agent of that id, or nil.
  public func agent(_ id: String) -> HostedAgent? { agents.first { $0.id == id } }

  /// The offer of an agent for a task, or nil.
  public func offer(of agent: String, task: String) -> Offer? {
    self.agent(agent)?.offers.first { $0.task == task }
  }

  /// Closes the agents.
  ///
  /// One that does not close in time is left alone: the process is about to end.
  public func close() async {
    for agent in agents { try? await agent.close() }
  }
}
