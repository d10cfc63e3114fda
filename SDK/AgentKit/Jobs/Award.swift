/// An award: what an agent is to do from now on.
///
/// Valid until `prepare` returns; what its bound ports gave lives as long as the assignment.
public final class Award: InputSource {
  /// The host.
  public let host: Host
  /// The place of the accepted offer in the agent's list.
  public let offerIndex: Int
  /// The accepted offer.
  public let offer: Offer
  /// The award's number.
  public let id: UInt64
  /// The task.
  public let task: String
  /// The part in a team; empty outside of one.
  public let role: String
  /// The number of members of the team.
  public let teamSize: Int
  /// The 0-based place in the team.
  public let member: Int
  /// The settings, completed with the offer's defaults.
  public let settings: Settings
  /// The award's seed.
  public let seed: UInt64
  /// Bytes that may be used; nil: no limit stated.
  public let memory: UInt64?
  /// Threads that may be used; 0: the host's choice.
  public let threads: Int
  private let table: AwardTable

  init(_ table: AwardTable, host: Host, offers: [Offer]) throws(AgentFailure) {
    self.table = table
    self.host = host
    offerIndex = table.offer
    guard offers.indices.contains(offerIndex) else {
      throw AgentFailure(
        .invalidArgument, "the award is for offer \(offerIndex) of \(offers.count)")
    }
    offer = offers[offerIndex]
    id = table.id
    task = table.task
    role = table.role
    teamSize = table.teamSize
    member = table.member
    seed = table.seed
    memory = table.memory
    threads = table.threads
    settings = try Settings(table.settings).completed(by: offer.settings)
  }

  /// The value on a bound port.
  public func input(_ port: String) throws(AgentFailure) -> InputValue { try table.input(port) }

  /// The host's tensor operations, for warming up.
  ///
  /// - Throws: `AgentFailure` with `unimplemented` when the host has none.
  public func ops() throws(AgentFailure) -> OpTable { try OpTable(host, threads: threads) }
}
