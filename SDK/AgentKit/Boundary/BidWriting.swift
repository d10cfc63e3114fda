import CadreABI

extension Call {
  /// Reads a call field by field.
  init(reading call: UnsafePointer<cadre_call>, offers: [Offer]) throws(AgentFailure) {
    let size = call.pointee.size
    func read<Value>(_ end: Int, _ value: @autoclosure () -> Value, or other: Value) -> Value {
      reaches(size, end) ? value() : other
    }
    offer = Int(read(CADRE_END_cadre_call_offer, call.pointee.offer, or: 0))
    guard offers.indices.contains(offer) else {
      throw AgentFailure(.invalidArgument, "the call is for offer \(offer) of \(offers.count)")
    }
    task = read(CADRE_END_cadre_call_task, call.pointee.task.text, or: "")
    let text = read(CADRE_END_cadre_call_settings, call.pointee.settings.bytes, or: [])
    settings = try Settings(text.isEmpty ? .null : JSONValue(parsing: text))
      .completed(by: offers[offer].settings)
    let given = read(CADRE_END_cadre_call_dims, call.pointee.dims, or: nil)
    let count = read(CADRE_END_cadre_call_dim_count, call.pointee.dim_count, or: 0)
    dims = (0..<Int(clamping: given == nil ? 0 : count)).compactMap { index in
      given.map { dims in
        Dim(
          dims[index].symbol.text, min: Int(dims[index].min),
          max: dims[index].max < 0 ? nil : Int(dims[index].max),
          estimate: dims[index].estimate < 0 ? nil : Int(dims[index].estimate))
      }
    }
    let expected = read(CADRE_END_cadre_call_items, call.pointee.items, or: -1)
    items = expected < 0 ? nil : Int(expected)
    teamSize = Int(read(CADRE_END_cadre_call_team_size, call.pointee.team_size, or: 1))
    threadLimit = Int(read(CADRE_END_cadre_call_thread_limit, call.pointee.thread_limit, or: 0))
    let memory = read(CADRE_END_cadre_call_memory_limit, call.pointee.memory_limit, or: 0)
    memoryLimit = memory == 0 ? nil : memory
    let nanoseconds = read(CADRE_END_cadre_call_deadline, call.pointee.deadline, or: 0)
    deadline = nanoseconds == 0 ? nil : Duration(nanoseconds: nanoseconds)
  }
}

extension BidAnswer {
  /// Writes the answer as far as the host's struct reaches, and tells reason or wish.
  func write(to out: UnsafeMutablePointer<cadre_bid>, call: UnsafePointer<cadre_call>) {
    let size = out.pointee.size
    func write(_ end: Int, _ body: () -> Void) { if reaches(size, end) { body() } }
    func explain(_ what: Int, _ text: String) {
      guard !text.isEmpty, reaches(call.pointee.size, CADRE_END_cadre_call_explain),
        let explain = call.pointee.explain
      else { return }
      withStr(text) { explain(call, UInt32(what), $0) }
    }
    write(CADRE_END_cadre_bid_quality) { out.pointee.quality = .nan }
    switch self {
    case .no(let reason):
      write(CADRE_END_cadre_bid_verdict) { out.pointee.verdict = UInt32(CADRE_BID_NO) }
      explain(CADRE_EXPLAIN_REASON, reason)
    case .onlyIf(let wish):
      write(CADRE_END_cadre_bid_verdict) { out.pointee.verdict = UInt32(CADRE_BID_IF) }
      explain(CADRE_EXPLAIN_WISH, wish)
    case .yes(let estimate):
      write(CADRE_END_cadre_bid_verdict) { out.pointee.verdict = UInt32(CADRE_BID_YES) }
      write(CADRE_END_cadre_bid_fixed_p50) { out.pointee.fixed_p50 = estimate.fixed.nanoseconds }
      write(CADRE_END_cadre_bid_fixed_p95) {
        out.pointee.fixed_p95 = (estimate.fixedP95 ?? estimate.fixed).nanoseconds
      }
      write(CADRE_END_cadre_bid_item_p50) { out.pointee.item_p50 = estimate.perItem.nanoseconds }
      write(CADRE_END_cadre_bid_item_p95) {
        out.pointee.item_p95 = (estimate.perItemP95 ?? estimate.perItem).nanoseconds
      }
      write(CADRE_END_cadre_bid_warm_up) { out.pointee.warm_up = estimate.warmUp.nanoseconds }
      write(CADRE_END_cadre_bid_memory) { out.pointee.memory = estimate.memory }
      write(CADRE_END_cadre_bid_quality) { out.pointee.quality = estimate.quality ?? .nan }
      explain(CADRE_EXPLAIN_REASON, estimate.reason)
    }
    out.pointee.size = min(size, UInt32(CADRE_END_cadre_bid_quality))
  }
}
