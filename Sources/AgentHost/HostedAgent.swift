import Contracts
import OpBridge
import Synchronization
import TensorCore

/// An opened agent: the shell that carries out what `AgentLifecycle` decides.
///
/// It must be closed; one that is dropped without `close` stays in memory, since nobody may free what
/// an agent could still use.
public final class HostedAgent: Sendable {
  struct Core {
    var lifecycle = AgentLifecycle()
    var lastAssignment: UInt64 = 0
    var assignments: [AssignmentNumber: AssignmentRecord] = [:]
    /// `close` gave up waiting; who closes late ends the threads.
    var isStranded = false
  }

  /// The agent's id, `org.cadre.text-mlp`.
  public let id: String
  /// The agent's semantic version.
  public let version: String
  /// The digest of the image that it came from.
  public let digest: String
  /// What it can do.
  public let offers: [Offer]

  let contracts: [OfferContract]
  let table: AgentTable
  let host: HostTable
  let services: HostServices
  let runtime: OpRuntime
  let control: AgentThreads
  let workers: AgentThreads
  let limits: HostLimits
  let calls = CallGate()
  let closed = Gate()
  let core = Mutex(Core())

  init(
    id: String, version: String, digest: String, contracts: [OfferContract], table: AgentTable,
    host: HostTable, services: HostServices, runtime: OpRuntime, control: AgentThreads,
    limits: HostLimits
  ) {
    self.id = id
    self.version = version
    self.digest = digest
    self.contracts = contracts
    self.offers = contracts.map(\.offer)
    self.table = table
    self.host = host
    self.services = services
    self.runtime = runtime
    self.control = control
    self.limits = limits
    workers = AgentThreads(limit: 1)
    services.onEnd { self.end($0, $1) }
  }

  /// How often the agent broke a rule of the ABI that the host could see: a job ended twice, a call
  /// with the number of a job that has ended.
  ///
  /// Each stands in the log.
  public var violationCount: Int { services.violationCount }

  /// Bytes of tensors that the agent holds now.
  public var memoryInUse: Int { services.memory.currentBytes }

  /// Jobs that have not ended, abandoned ones among them.
  public var aliveJobCount: Int { core.withLock { $0.lifecycle.aliveJobs.count } }

  func contract(_ index: Int) throws -> OfferContract {
    guard contracts.indices.contains(index) else {
      throw AgentError(
        .outOfRange, "offer \(index) of \(contracts.count); they count from 0", agent: id)
    }
    return contracts[index]
  }

  /// Tells the machine what happened and carries out what it says.
  func tell(_ event: AgentLifecycle.Event) {
    perform(core.withLock { $0.lifecycle.handle(event) })
  }

  func perform(_ actions: [AgentLifecycle.Action]) {
    for action in actions {
      switch action {
      case .callRun(let job): callRun(job)
      case .stop(let job): services.jobs.find(job).map { stop($0, .shutdown) }
      case .refuseJob(let job, let reason): refuse(job, reason)
      case .callRelease(let assignment): callRelease(assignment)
      case .callQuiesce: callQuiesce()
      case .callClose: callClose()
      // Both belong to the call of `prepare` that told the event.
      case .callPrepare, .refuseAward: break
      case .violation(let violation): services.violation("\(violation)")
      }
    }
  }
}
