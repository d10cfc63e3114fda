import CadreABI
import Contracts

extension HostedAgent {
  /// Asks for a bid.
  ///
  /// Pure on the agent's side: it reserves nothing, and may overlap jobs.
  ///
  /// - Parameters:
  ///   - call: its settings are completed with the offer's defaults, as the award's would be.
  ///   - offer: which of the agent's offers.
  /// - Returns: a bid, a decline or a condition. An agent without `bid` bids without figures.
  /// - Throws: `AgentError` for settings that do not fit, an agent that fails or answers nonsense, or one
  ///   that is closed.
  public func bid(_ call: CallForProposals, offer: Int) throws -> Verdict {
    let contract = try contract(offer)
    let settings = try checkSettings(call.settings, against: contract.offer.settings, agent: id)
    let answer = try calls.enter { () throws -> Verdict in
      let question = BidQuestion()
      var out = cadre_bid()
      out.size = UInt32(CADRE_END_cadre_bid_quality)
      let isAsked = try question.ask(call, offer: offer, settings: settings.json) {
        try table.bid($0, &out)
      }
      guard isAsked else { return .bid(Bid()) }
      return try verdict(out, reason: question.reason, wish: question.wish)
    }
    guard let answer else {
      throw AgentError(.unavailable, "the agent is closed", agent: id)
    }
    return answer
  }

  private func verdict(_ out: cadre_bid, reason: String, wish: String) throws -> Verdict {
    switch Int(out.verdict) {
    case CADRE_BID_NO:
      return .decline(reason: reason.isEmpty ? "the agent gave no reason" : reason)
    case CADRE_BID_IF:
      return .conditional(wish: wish.isEmpty ? "the agent did not say what it needs" : wish)
    case CADRE_BID_YES:
      let hasQuality = Int(out.size) >= CADRE_END_cadre_bid_quality && !out.quality.isNaN
      guard !hasQuality || (0...1).contains(out.quality) else {
        throw AgentError(
          .outOfRange, "the bid's quality of \(out.quality) does not lie in 0...1",
          where: "cadre_bid.quality", agent: id)
      }
      return .bid(
        Bid(
          fixedP50: Duration(nanoseconds: out.fixed_p50),
          // A 95th percentile below the median is a field that was not filled.
          fixedP95: Duration(nanoseconds: max(out.fixed_p50, out.fixed_p95)),
          itemP50: Duration(nanoseconds: out.item_p50),
          itemP95: Duration(nanoseconds: max(out.item_p50, out.item_p95)),
          warmUp: Duration(nanoseconds: out.warm_up), memory: out.memory,
          quality: hasQuality ? out.quality : nil, reason: reason))
    default:
      throw AgentError(
        .internal, "the bid's verdict \(out.verdict) is none of yes, no and if",
        where: "cadre_bid.verdict", agent: id)
    }
  }
}

/// A call for proposals in C, and what the agent explains about its answer.
private final class BidQuestion {
  private(set) var reason = ""
  private(set) var wish = ""

  private static let textLimit = 4096

  /// Runs the body with the call, borrowed during it.
  func ask(
    _ call: CallForProposals, offer: Int, settings: String,
    _ body: (UnsafePointer<cadre_call>) throws -> Bool
  ) throws -> Bool {
    let arena = TextArena()
    let dims = call.dims.map { dim in
      cadre_dim(
        symbol: arena.copy(dim.symbol), min: dim.min, max: dim.max ?? -1,
        estimate: dim.estimate ?? -1)
    }
    return try dims.withUnsafeBufferPointer { dims in
      var question = cadre_call(
        size: UInt32(CADRE_END_cadre_call_explain), offer: UInt32(clamping: offer),
        task: arena.copy(call.task), settings: arena.copy(settings), dims: dims.baseAddress,
        dim_count: UInt64(dims.count), items: call.items ?? -1,
        team_size: UInt32(clamping: max(1, call.teamSize)),
        thread_limit: UInt32(clamping: max(1, call.threadLimit)),
        memory_limit: call.memoryLimit ?? 0, deadline: call.deadline?.abiNanoseconds ?? 0,
        data: Unmanaged.passUnretained(self).toOpaque(), explain: Self.explain)
      return try withExtendedLifetime((self, arena)) { try body(&question) }
    }
  }

  private static let explain:
    @convention(c) (UnsafePointer<cadre_call>?, UInt32, cadre_str) -> Void = { call, what, text in
      guard let data = call?.pointee.data else { return }
      let question = Unmanaged<BidQuestion>.fromOpaque(data).takeUnretainedValue()
      let line = BoundaryText.lossy(text, limit: textLimit)
      switch Int(what) {
      case CADRE_EXPLAIN_REASON: question.reason = line
      case CADRE_EXPLAIN_WISH: question.wish = line
      default: break
      }
    }
}
