import CadreABI
import OpBridge
import Synchronization
import TensorCore

/// What one agent gets from the host, behind its `cadre_host`.
final class HostServices: Sendable {
  /// A line of an agent's log.
  typealias Log = @Sendable (_ agent: String, _ level: LogLevel, _ text: String) -> Void

  let agent: String
  let agentNumber: UInt64
  let log: Log
  let jobs: JobRegistry
  /// Datasets and models that are lent, or that the agent has just built.
  let datasets = HandleTable<DatasetView>(tag: 0x61)
  let models = HandleTable<ModelView>(tag: 0x62)
  let builders = HandleTable<ModelBuilder>(tag: 0x63)
  /// Where the agent's tensors are counted.
  let memory: MemoryAccount

  private let broken = Atomic<Int>(0)
  private let ender = Mutex<(@Sendable (Job, Result<Void, AgentError>) -> Void)?>(nil)

  init(agent: String, memory: MemoryAccount, log: @escaping Log) {
    self.agent = agent
    self.memory = memory
    self.log = log
    agentNumber = JobNumber.nextAgent()
    jobs = JobRegistry(agent: agentNumber)
  }

  /// How often the agent broke a rule of the ABI that the host could see.
  var violationCount: Int { broken.load(ordering: .relaxed) }

  /// Counts a broken rule and says so in the log.
  func violation(_ message: String) {
    broken.add(1, ordering: .relaxed)
    log(agent, .warning, "broken rule: \(message)")
  }

  /// Who is told that a job has ended: the shell around the agent, once it is there.
  func onEnd(_ end: @escaping @Sendable (Job, Result<Void, AgentError>) -> Void) {
    ender.withLock { $0 = end }
  }

  /// Lets go of the shell, when the agent is closed.
  func forgetOwner() { ender.withLock { $0 = nil } }

  /// A job has ended.
  func endJob(_ job: Job, _ result: Result<Void, AgentError>) {
    let end = ender.withLock { $0 }
    end?(job, result)
  }

  /// The services behind the host that a call names.
  static func of(_ host: UnsafePointer<cadre_host>?) throws -> HostServices {
    // Only this module makes anchors with owners, and only with this class.
    guard let services = try HostAnchor.of(host).owner as? HostServices else {
      throw AgentError(.invalidArgument, "the host is none of this process", where: "cadre_host")
    }
    return services
  }
}

/// How important a line of an agent's log is.
public enum LogLevel: UInt32, Sendable, Hashable, CaseIterable, Comparable {
  /// For the agent's author.
  case debug = 1
  /// For the user who asks.
  case info = 2
  /// Something that may be wrong.
  case warning = 3
  /// Something that is wrong.
  case error = 4

  /// By importance.
  public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}

extension HostServices {
  /// An agent says that a pending job has ended.
  func done(_ number: cadre_job, _ result: Result<Void, AgentError>) {
    guard let job = try? jobs.job(number) else {
      violation("`done` of \(JobNumber(rawValue: number)), which has ended or never was")
      return
    }
    switch job.done(result) {
    case .ends: endJob(job, result)
    case .early: break
    case .twice: violation("`done` of \(job.number) was called twice")
    }
  }
}
