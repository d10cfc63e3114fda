import Contracts

/// One row of the negotiation with the host's verdict on it.
public struct JudgedProposal: Hashable, Sendable {
  /// What the agent was asked and what it said.
  public var proposal: Proposal
  /// The bid after correction; nil when there was none.
  public var corrected: CorrectedBid?
  /// The score; nil when the bid could not be considered.
  public var score: Double?
  /// The place in the team when awarded, from 0; nil otherwise.
  public var member: Int?
  /// Why the host decided as it did, in a line.
  public var decision: String

  /// True when this proposal won.
  public var isAwarded: Bool { member != nil }
}

/// The outcome of one call for proposals: every proposal with its score and reason.
public struct AssignmentDecision: Hashable, Sendable {
  /// All proposals: the winners first, by place, then by falling score, then those without a score.
  public var proposals: [JudgedProposal]
  /// What is missing; nil when the team is complete.
  public var shortfall: String?

  /// The awarded proposals, by place in the team.
  public var winners: [JudgedProposal] { proposals.filter(\.isAwarded) }
}

/// Judges the proposals to one call and awards the task to the best, one task at a time.
///
/// score = reliability · (w_q · quality + w_l · fastest/time + w_m · smallest/memory) + preference,
/// over bids that respect the call's limits. A tie goes to the smaller agent id, so that the same
/// proposals always give the same award. A team gets different agents.
///
/// - Complexity: O(n log n) in the number of proposals.
public func decide(
  _ call: CallForProposals, proposals: [Proposal], priorities: Priorities = .standard,
  record: (_ agent: String) -> MeasuredRecord
) -> AssignmentDecision {
  var judged = proposals.map { judge($0, call: call, record: record($0.offer.agent)) }
  score(&judged, priorities: priorities)
  judged.sort(by: isBetter)

  var members: Set<String> = []
  let best = judged.first?.score
  for index in judged.indices {
    guard let score = judged[index].score else { continue }
    if members.contains(judged[index].proposal.offer.agent) {
      judged[index].decision = "another offer of this agent won already"
    } else if members.count < call.teamSize {
      judged[index].member = members.count
      members.insert(judged[index].proposal.offer.agent)
      judged[index].decision =
        call.teamSize == 1
        ? "best score \(decimals(score, places: 2))"
        : "place \(members.count) of \(call.teamSize), score \(decimals(score, places: 2))"
    } else {
      judged[index].decision =
        "score \(decimals(score, places: 2)) is below \(decimals(lowestWinner(judged) ?? best ?? score, places: 2))"
    }
    if let note = judged[index].corrected?.note, !note.isEmpty {
      judged[index].decision += " (\(note))"
    }
  }
  let winners = judged.filter(\.isAwarded)
  let rest = judged.filter { !$0.isAwarded }
  return AssignmentDecision(
    proposals: winners + rest, shortfall: shortfall(call, judged: judged, winners: winners.count))
}

/// Gives a proposal its corrected bid, or the reason why it cannot win.
private func judge(
  _ proposal: Proposal, call: CallForProposals, record: MeasuredRecord
) -> JudgedProposal {
  func out(_ decision: String, _ bid: CorrectedBid? = nil) -> JudgedProposal {
    JudgedProposal(proposal: proposal, corrected: bid, score: nil, member: nil, decision: decision)
  }
  switch proposal.verdict {
  case .decline(let reason): return out("declined: \(reason)")
  case .ineligible(let reason): return out("not asked: \(reason)")
  case .conditional(let wish): return out("would bid if: \(wish)")
  case .bid(let bid):
    let corrected = CorrectedBid(bid, items: call.items ?? 0, record: record)
    if let limit = call.memoryLimit, max(bid.memory, proposal.offer.floorMemory) > limit {
      return out(
        "needs \(max(bid.memory, proposal.offer.floorMemory)) bytes, the limit is \(limit)",
        corrected)
    }
    if proposal.offer.floorThreads > call.threadLimit {
      return out(
        "needs \(proposal.offer.floorThreads) threads, the limit is \(call.threadLimit)", corrected)
    }
    if let deadline = call.deadline, bid.fixedP50 > deadline {
      return out(
        "needs \(decimals(bid.fixedP50.seconds, places: 2)) s a job, the deadline is "
          + "\(decimals(deadline.seconds, places: 2)) s", corrected)
    }
    var result = out("", corrected)
    result.score = 0
    return result
  }
}

/// Fills the scores of the proposals that can win.
private func score(_ judged: inout [JudgedProposal], priorities: Priorities) {
  // A bid of no time or no memory is a bid without a figure: it is neither praised nor blamed.
  let able = judged.filter { $0.score != nil }.compactMap(\.corrected)
  let fastest = able.map(\.seconds).filter { $0 > 0 }.min()
  let smallest = able.map(\.memory).filter { $0 > 0 }.min()
  for index in judged.indices where judged[index].score != nil {
    guard let bid = judged[index].corrected else { continue }
    let latency = fastest.map { bid.seconds > 0 ? $0 / bid.seconds : 0.5 } ?? 0.5
    let memory = smallest.map { bid.memory > 0 ? Double($0) / Double(bid.memory) : 0.5 } ?? 0.5
    let merit =
      priorities.quality * bid.quality + priorities.latency * latency + priorities.memory * memory
    judged[index].score =
      bid.reliability * merit + (priorities.preferences[judged[index].proposal.offer.agent] ?? 0)
  }
}

private func isBetter(_ a: JudgedProposal, _ b: JudgedProposal) -> Bool {
  switch (a.score, b.score) {
  case (let x?, let y?) where x != y: return x > y
  case (_?, nil): return true
  case (nil, _?): return false
  default:
    return (a.proposal.offer.agent, a.proposal.offer.index)
      < (b.proposal.offer.agent, b.proposal.offer.index)
  }
}

private func lowestWinner(_ judged: [JudgedProposal]) -> Double? {
  judged.last(where: \.isAwarded)?.score
}

private func shortfall(
  _ call: CallForProposals, judged: [JudgedProposal], winners: Int
) -> String? {
  guard winners < call.teamSize else { return nil }
  let reasons = judged.filter { !$0.isAwarded }.map {
    "\($0.proposal.offer.agent): \($0.decision)"
  }
  let wanted = call.teamSize == 1 ? "an agent" : "\(call.teamSize) different agents"
  let got = winners == 0 ? "none bid" : "\(winners) bid"
  return "\(call.task) needs \(wanted), \(got)"
    + (reasons.isEmpty ? "; no installed agent offers it" : ": " + reasons.joined(separator: "; "))
}
