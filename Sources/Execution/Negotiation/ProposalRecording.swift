import Contracts
import Journal
import Planning

extension ProposalRecord {
  /// The journal's row for a judged proposal.
  init(_ judged: JudgedProposal) {
    let offer = judged.proposal.offer
    var verdict = Verdict.decline
    var cost: Cost?
    var reason = ""
    switch judged.proposal.verdict {
    case .bid(let bid):
      verdict = .bid
      reason = bid.reason
      cost = Cost(
        fixedSecondsP50: bid.fixedP50.seconds, fixedSecondsP95: bid.fixedP95.seconds,
        itemSecondsP50: bid.itemP50.seconds, itemSecondsP95: bid.itemP95.seconds,
        warmUpSeconds: bid.warmUp.seconds, memoryBytes: Int64(clamping: bid.memory),
        quality: bid.quality)
    case .decline(let text): reason = text
    case .conditional(let wish): reason = "would bid if: \(wish)"
    case .ineligible(let text):
      verdict = .ineligible
      reason = text
    }
    self.init(
      agentID: offer.agent, agentVersion: offer.agentVersion, verdict: verdict, cost: cost,
      correctedQuality: judged.corrected?.quality, correctedSeconds: judged.corrected?.seconds,
      score: judged.score, reason: reason, isAwarded: judged.isAwarded,
      decision: judged.decision)
  }
}

extension MeasuredRecord {
  /// The planning's view of the journal's record.
  init(_ record: AgentRecord) {
    self.init(
      jobs: record.jobs, failures: record.failures, latencyRatio: record.latencyRatio,
      qualityBias: record.qualityBias, qualityCount: record.comparedQualityCount,
      meanQuality: record.meanQuality, meanQualityCount: record.qualityCount)
  }
}
