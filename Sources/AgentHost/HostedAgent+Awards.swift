import CadreABI
import Contracts
import OpBridge
import Synchronization

/// An award as the host keeps it: the agent's pointer, what is lent, what its ports bound.
///
/// `@unchecked Sendable`: `pointer` is written once, by `prepare`, before the machine lets any call use
/// it.
final class AssignmentRecord: @unchecked Sendable {
  let number: AssignmentNumber
  let contract: OfferContract
  let check: PortCheck
  let memory: UInt64?
  let loans = Loans()
  let released = Gate()
  fileprivate(set) var pointer: OpaquePointer?

  init(
    number: AssignmentNumber, contract: OfferContract, check: PortCheck, memory: UInt64?
  ) {
    self.number = number
    self.contract = contract
    self.check = check
    self.memory = memory
  }
}

extension HostedAgent.Core {
  func record(_ number: AssignmentNumber) -> AssignmentRecord? { assignments[number] }

  /// The agent's budget: the sum over its awards, where each states one.
  fileprivate var memoryLimit: Int? {
    var sum = 0
    for record in assignments.values {
      guard let memory = record.memory else { return nil }
      sum =
        sum.addingReportingOverflow(Int(clamping: memory)).overflow
        ? .max : sum + Int(clamping: memory)
    }
    return assignments.isEmpty ? nil : sum
  }
}

extension HostedAgent {
  /// Accepts an offer: the agent gets settings, budget and bound values, and warms up.
  ///
  /// - Parameter award: its settings are checked and completed with the offer's defaults.
  /// - Returns: an assignment that must be released.
  /// - Throws: `AgentError`: of code `invalidArgument` for settings or bound values that do not fit,
  ///   `unavailable` when the agent is closing, else what the agent says.
  public func prepare(_ award: AwardRequest) async throws -> HostedAssignment {
    let contract = try contract(award.offer)
    let settings = try checkSettings(award.settings, against: contract.offer.settings, agent: id)
    var check = PortCheck(offer: contract.offer)
    let bound = try checkInputs(award.bound, contract: contract, bound: true, check: &check)
    let bindings = check
    let (record, actions) = core.withLock { core in
      core.lastAssignment += 1
      let record = AssignmentRecord(
        number: AssignmentNumber(rawValue: core.lastAssignment), contract: contract,
        check: bindings, memory: award.memory)
      let actions = core.lifecycle.handle(
        .prepare(record.number, maxJobs: contract.offer.maxJobs))
      if actions == [.callPrepare(record.number)] {
        core.assignments[record.number] = record
        services.memory.limit = core.memoryLimit
      }
      return (record, actions)
    }
    guard actions == [.callPrepare(record.number)] else { throw closing }
    let context = AwardContext(
      services: services, contract: contract, bound: bound, loans: record.loans)
    do {
      try await control.perform { [table] in
        record.pointer = try context.prepare(
          table, award: award, id: record.number.rawValue, settings: settings.json)
      }
    } catch {
      forget(record)
      tell(.prepareFailed(record.number))
      throw error
    }
    let (after, limit) = core.withLock {
      ($0.lifecycle.handle(.prepared(record.number)), $0.lifecycle.jobLimit)
    }
    workers.grow(to: limit)
    perform(after)
    guard after.isEmpty else { throw closing }
    return HostedAssignment(agent: self, record: record)
  }

  private var closing: AgentError {
    AgentError(.unavailable, "the agent is closing and takes no more awards", agent: id)
  }

  private func forget(_ record: AssignmentRecord) {
    core.withLock { core in
      core.assignments[record.number] = nil
      services.memory.limit = core.memoryLimit
    }
    record.loans.end()
  }

  func callRelease(_ number: AssignmentNumber) {
    guard let record = core.withLock({ $0.record(number) }) else { return tell(.released(number)) }
    control.submit { [self] in
      table.release(record.pointer)
      forget(record)
      tell(.released(number))
      record.released.open()
    }
  }

  /// Releases an assignment; its jobs are asked to stop first.
  func release(_ record: AssignmentRecord) async {
    tell(.release(record.number))
    guard await record.released.wait(atMost: limits.grace * 2 + limits.quiesce) else {
      services.log(
        id, .warning,
        "an assignment is not released yet, since a job of it did not stop; it will be when the job "
          + "ends")
      return
    }
  }

  /// Tells an agent what the host learned about its work.
  func give(_ feedback: FeedbackMessage, to record: AssignmentRecord) async throws -> Bool {
    try await control.perform { [self] in
      guard core.withLock({ $0.lifecycle.isReady(record.number) }) else {
        throw AgentError(.failedPrecondition, "the assignment is released", agent: id)
      }
      let arena = TextArena()
      var message = cadre_feedback_message(
        size: UInt32(CADRE_END_cadre_feedback_message_report), reserved: 0,
        task: arena.copy(feedback.task), metric: arena.copy(feedback.metric), own: feedback.own,
        team: feedback.team, weight: feedback.weight, report: arena.copy(feedback.report))
      return try withExtendedLifetime(arena) { try table.receive(&message, record.pointer) }
    }
  }
}

/// What `cadre_award.data` points to while `prepare` runs.
private final class AwardContext: Sendable {
  let services: HostServices
  let contract: OfferContract
  let bound: [String: Value]
  let loans: Loans

  init(
    services: HostServices, contract: OfferContract, bound: [String: Value], loans: Loans
  ) {
    self.services = services
    self.contract = contract
    self.bound = bound
    self.loans = loans
  }

  /// Calls the agent. [control|drain]
  func prepare(
    _ table: AgentTable, award: AwardRequest, id: UInt64, settings: String
  ) throws -> OpaquePointer? {
    let arena = TextArena()
    var terms = cadre_award(
      size: UInt32(CADRE_END_cadre_award_input), offer: UInt32(clamping: award.offer), id: id,
      task: arena.copy(contract.offer.task), role: arena.copy(award.role),
      team_size: UInt32(clamping: max(1, award.teamSize)), member: UInt32(clamping: award.member),
      settings: arena.copy(settings), seed: award.seed, memory: award.memory ?? 0,
      threads: UInt32(clamping: max(1, award.threads)), reserved: 0,
      data: Unmanaged.passUnretained(self).toOpaque(), input: Self.input)
    return try withExtendedLifetime((self, arena)) { try table.prepare(&terms) }
  }

  private static let input:
    @convention(c) (
      UnsafePointer<cadre_award>?, cadre_str, UnsafeMutablePointer<cadre_value>?
    ) -> UnsafeMutablePointer<cadre_error>? = { award, port, out in
      ErrorObject.catching {
        guard let data = award?.pointee.data else {
          throw AgentError(.invalidArgument, "the award is NULL", where: "cadre_award.input")
        }
        let context = Unmanaged<AwardContext>.fromOpaque(data).takeUnretainedValue()
        let name = try BoundaryText.read(port, limit: 256, place: "port")
        guard let contract = context.contract.inputs[name], contract.port.bound,
          let value = context.bound[name]
        else {
          throw AgentError(
            .notFound, "the award has no value on a bound port '\(name)'", where: name)
        }
        try ValueLender(services: context.services, loans: context.loans).lend(
          value, on: contract, rememberedAs: name, into: out)
      }
    }
}
