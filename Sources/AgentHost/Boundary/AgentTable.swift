import CadreABI

/// An agent's table, checked: the only place that calls its functions.
///
/// Optional functions may be absent, by NULL or by a table that ends before them. Mandatory ones were
/// found in `init`.
///
/// `@unchecked Sendable`: the table is constant until `close`, and the shell keeps each call to the
/// threads and the time that its tag names.
struct AgentTable: @unchecked Sendable {
  private let agent: UnsafeMutablePointer<cadre_agent>
  private let id: String

  /// Checks that all mandatory functions are there.
  ///
  /// - Throws: `AgentError` that names those that are missing; the agent is closed then, if it can be.
  init(_ agent: UnsafeMutablePointer<cadre_agent>, id: String) throws {
    self.agent = agent
    self.id = id
    let size = Int(agent.pointee.size)
    func has(_ end: Int, _ isSet: @autoclosure () -> Bool) -> Bool { size >= end && isSet() }
    let mandatory: [(String, Bool)] = [
      (
        "offer_count",
        has(CADRE_END_cadre_agent_offer_count, agent.pointee.offer_count != nil)
      ),
      ("offer", has(CADRE_END_cadre_agent_offer, agent.pointee.offer != nil)),
      ("prepare", has(CADRE_END_cadre_agent_prepare, agent.pointee.prepare != nil)),
      ("run", has(CADRE_END_cadre_agent_run, agent.pointee.run != nil)),
      ("release", has(CADRE_END_cadre_agent_release, agent.pointee.release != nil)),
      ("close", has(CADRE_END_cadre_agent_close, agent.pointee.close != nil)),
    ]
    let missing = mandatory.filter { !$0.1 }.map(\.0)
    guard missing.isEmpty else {
      close()
      throw AgentError(
        .failedPrecondition,
        "the agent's table of \(size) bytes lacks \(missing.joined(separator: ", ")), which every "
          + "agent must have",
        where: "cadre_agent", agent: id)
    }
  }

  private func has(_ end: Int) -> Bool { Int(agent.pointee.size) >= end }

  /// [control] The number of offers.
  func offerCount() -> Int { agent.pointee.offer_count.map { Int($0(agent)) } ?? 0 }

  /// [control] An offer, borrowed until `close`.
  func offer(_ index: Int) -> UnsafePointer<cadre_offer>? {
    agent.pointee.offer.flatMap { $0(agent, UInt32(index)) }
  }

  /// [any] Asks for a bid.
  ///
  /// - Returns: false where the agent has no such function.
  func bid(
    _ call: UnsafePointer<cadre_call>, _ out: UnsafeMutablePointer<cadre_bid>
  ) throws -> Bool {
    guard has(CADRE_END_cadre_agent_bid), let bid = agent.pointee.bid else { return false }
    if let error = bid(agent, call, out) { throw AgentError(taking: error, agent: id) }
    return true
  }

  /// [control|drain] Accepts an award; the agent may give NULL, for no state of its own.
  func prepare(_ award: UnsafePointer<cadre_award>) throws -> OpaquePointer? {
    var assignment: OpaquePointer?
    guard let prepare = agent.pointee.prepare else { return nil }
    if let error = prepare(agent, award, &assignment) { throw AgentError(taking: error, agent: id) }
    return assignment
  }

  /// [job] Runs one job.
  ///
  /// - Returns: what the agent said: finished, pending, or a number that means nothing.
  func run(_ assignment: OpaquePointer?, _ job: JobNumber) throws -> UInt32 {
    var state: UInt32 = 0
    guard let run = agent.pointee.run else { return 0 }
    if let error = run(agent, assignment, job.rawValue, &state) {
      throw AgentError(taking: error, agent: id)
    }
    return state
  }

  /// [any] Tells the agent that a job is to stop.
  func cancel(_ job: JobNumber) {
    guard has(CADRE_END_cadre_agent_cancel), let cancel = agent.pointee.cancel else { return }
    cancel(agent, job.rawValue)
  }

  /// [drain] Ends an assignment.
  func release(_ assignment: OpaquePointer?) { agent.pointee.release?(agent, assignment) }

  /// [drain] Lets the agent finish what is pending.
  func quiesce(within limit: Duration) throws {
    guard has(CADRE_END_cadre_agent_quiesce), let quiesce = agent.pointee.quiesce else { return }
    if let error = quiesce(agent, limit.abiNanoseconds) {
      throw AgentError(taking: error, agent: id)
    }
  }

  /// [control] Closes the agent; the table is gone afterwards.
  func close() {
    guard has(CADRE_END_cadre_agent_close), let close = agent.pointee.close else { return }
    close(agent)
  }

  /// [drain] Hands the agent feedback.
  ///
  /// - Returns: false where the agent takes no feedback.
  func receive(
    _ message: UnsafePointer<cadre_feedback_message>, _ assignment: OpaquePointer?
  ) throws -> Bool {
    guard has(CADRE_END_cadre_agent_extension), let find = agent.pointee.extension,
      let raw = BoundaryText.with(CADRE_FEEDBACK_ID, { find(agent, $0) })
    else { return false }
    let table = raw.assumingMemoryBound(to: cadre_feedback.self)
    guard Int(table.pointee.size) >= CADRE_END_cadre_feedback_receive,
      let receive = table.pointee.receive
    else { return false }
    if let error = receive(agent, assignment, message) {
      throw AgentError(taking: error, agent: id)
    }
    return true
  }
}
