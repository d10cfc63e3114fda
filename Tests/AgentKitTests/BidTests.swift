import AgentKit
import CadreABI
import Testing

extension BoundaryTests {
  @Suite struct BidTests {
    private let test = TestHost()

    private func call() -> cadre_call {
      var call = cadre_call()
      call.size = UInt32(CADRE_END_cadre_call_explain)
      call.task = test.memory.str("org.example.all/1")
      call.settings = test.memory.str(#"{"k": 5}"#)
      call.dims = UnsafePointer(
        test.memory.array([
          cadre_dim(symbol: test.memory.str("rows"), min: 10, max: 10, estimate: 10),
          cadre_dim(symbol: test.memory.str("classes"), min: 2, max: -1, estimate: -1),
        ]))
      call.dim_count = 2
      call.items = 1000
      call.team_size = 3
      call.thread_limit = 4
      call.memory_limit = 1 << 30
      call.deadline = 2_500_000_000
      call.data = Unmanaged.passUnretained(test).toOpaque()
      call.explain = { call, what, text in
        guard let data = call?.pointee.data else { return }
        Unmanaged<TestHost>.fromOpaque(data).takeUnretainedValue()
          .explanations.append("\(what) \(text.string)")
      }
      return call
    }

    private func bid(
      _ call: cadre_call, capacity: Int = CADRE_END_cadre_bid_quality,
      _ answer: @escaping (Call) throws -> BidAnswer
    ) throws -> cadre_bid {
      ScriptedAgent.script = ScriptedAgent.Script(
        offers: [Offer("org.example.all/1", settings: [.i64("k", 3), .f64("rate", 0.5)])],
        bid: answer)
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      var call = call
      var out = cadre_bid()
      out.size = UInt32(capacity)
      out.quality = 123
      try Refusal.check(opened.table.pointee.bid(opened.table, &call, &out))
      return out
    }

    @Test("a call crosses field by field")
    func callCrosses() throws {
      var asked: Call?
      _ = try bid(call()) {
        asked = $0
        return .yes()
      }
      let seen = try #require(asked)
      #expect(seen.task == "org.example.all/1")
      #expect(try seen.settings.int("k") == 5)
      #expect(try seen.settings.double("rate") == 0.5, "completed with the default")
      #expect(seen.dim("rows") == Dim("rows", min: 10, max: 10, estimate: 10))
      #expect(seen.dim("classes") == Dim("classes", min: 2))
      #expect(seen.items == 1000)
      #expect(seen.teamSize == 3)
      #expect(seen.threadLimit == 4)
      #expect(seen.memoryLimit == 1 << 30)
      #expect(seen.deadline == .milliseconds(2500))
    }

    @Test("a yes crosses with its figures and reason")
    func yes() throws {
      let out = try bid(call()) { _ in
        .yes(
          Estimate(
            fixed: .microseconds(3), perItem: .nanoseconds(40), perItemP95: .nanoseconds(90),
            warmUp: .seconds(1), memory: 4096, quality: 0.75, reason: "measured"))
      }
      #expect(Int(out.verdict) == CADRE_BID_YES)
      #expect((out.fixed_p50, out.fixed_p95) == (3000, 3000))
      #expect((out.item_p50, out.item_p95) == (40, 90))
      #expect((out.warm_up, out.memory) == (1_000_000_000, 4096))
      #expect(out.quality == 0.75)
      #expect(Int(out.size) == CADRE_END_cadre_bid_quality)
      #expect(test.explanations == ["\(CADRE_EXPLAIN_REASON) measured"])
    }

    @Test("a decline and a wish cross with their words")
    func noAndIf() throws {
      let no = try bid(call()) { _ in .no(reason: "no labels") }
      #expect(Int(no.verdict) == CADRE_BID_NO)
      #expect(no.quality.isNaN)
      let wish = try bid(call()) { _ in .onlyIf(wish: "2 classes") }
      #expect(Int(wish.verdict) == CADRE_BID_IF)
      #expect(
        test.explanations == [
          "\(CADRE_EXPLAIN_REASON) no labels", "\(CADRE_EXPLAIN_WISH) 2 classes",
        ])
    }

    @Test("a bid struct of an older host is written no further than it reaches")
    func shortBid() throws {
      let out = try bid(call(), capacity: CADRE_END_cadre_bid_item_p95) { _ in
        .yes(Estimate(fixed: .seconds(1), warmUp: .seconds(1), quality: 0.5))
      }
      #expect(out.fixed_p50 == 1_000_000_000)
      #expect(out.warm_up == 0)
      #expect(out.quality == 123, "beyond the stated size")
      #expect(Int(out.size) == CADRE_END_cadre_bid_item_p95)
    }

    @Test("a call cut at any field is read as far as it reaches")
    func shortCall() throws {
      let ends = [
        CADRE_END_cadre_call_offer, CADRE_END_cadre_call_task, CADRE_END_cadre_call_settings,
        CADRE_END_cadre_call_dims, CADRE_END_cadre_call_dim_count, CADRE_END_cadre_call_items,
        CADRE_END_cadre_call_team_size, CADRE_END_cadre_call_thread_limit,
        CADRE_END_cadre_call_memory_limit, CADRE_END_cadre_call_deadline, CADRE_END_cadre_call_data,
      ]
      for end in ends {
        var short = call()
        short.size = UInt32(end)
        let known = end
        _ = try bid(short) { seen in
          #expect((seen.items != nil) == (known >= CADRE_END_cadre_call_items))
          #expect(seen.dims.isEmpty == (known < CADRE_END_cadre_call_dim_count))
          #expect((seen.deadline != nil) == (known >= CADRE_END_cadre_call_deadline))
          try #require(
            try seen.settings.int("k") == (known >= CADRE_END_cadre_call_settings ? 5 : 3))
          return .no(reason: "explained to nobody")
        }
      }
      #expect(test.explanations.isEmpty)
    }

    @Test("a call for an offer that is not there is refused")
    func unknownOffer() throws {
      var wrong = call()
      wrong.offer = 4
      let refusal = #expect(throws: Refusal.self) { try bid(wrong) { _ in .yes() } }
      #expect(refusal?.code == Int(CADRE_INVALID_ARGUMENT))
    }

    @Test("an agent without a bid of its own says yes")
    func defaultBid() throws {
      let opened = try OpenedAgent(PlainAgent.self, test)
      defer { opened.close() }
      var call = call()
      call.settings = cadre_str()
      var out = cadre_bid()
      out.size = UInt32(CADRE_END_cadre_bid_quality)
      try Refusal.check(opened.table.pointee.bid(opened.table, &call, &out))
      #expect(Int(out.verdict) == CADRE_BID_YES)
      #expect(out.quality.isNaN)
    }
  }
}
