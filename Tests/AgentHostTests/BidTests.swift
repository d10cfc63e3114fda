import Contracts
import PluginFixtures
import Testing

@testable import AgentHost

extension FixtureAgents {
  @Suite("bids")
  struct BidTests {
    private func call(items: Int64?, rows: Int64 = 7) -> CallForProposals {
      CallForProposals(
        task: "test.echo/1", settings: .object([]), dims: [.fixed("rows", rows)], items: items)
    }

    @Test("yes, no and if come with their figures, reason and wish")
    func verdicts() async throws {
      let agent = try await open(fixture_echo())
      let bid = try agent.bid(call(items: 10), offer: 0)
      #expect(
        bid
          == .bid(
            Bid(
              fixedP50: .nanoseconds(1000), fixedP95: .nanoseconds(1000),
              itemP50: .nanoseconds(20), itemP95: .nanoseconds(30), memory: 4096, quality: 0.75,
              reason: "measured")))
      #expect(try agent.bid(call(items: 0), offer: 0) == .decline(reason: "there is nothing to do"))
      #expect(
        try agent.bid(call(items: nil), offer: 0) == .conditional(wish: "the number of items"))
      for _ in 0..<1000 { #expect(try agent.bid(call(items: 10), offer: 0) == bid) }
      try await agent.close()
    }

    @Test("a quality outside 0...1, wrong settings and an offer that is not there are errors")
    func nonsense() async throws {
      let agent = try await open(fixture_echo())
      let error = #expect(throws: AgentError.self) {
        try agent.bid(call(items: 10, rows: 8), offer: 0)
      }
      #expect(error?.code == .outOfRange)
      var wrong = call(items: 10)
      wrong.settings = ["rate": 7]
      #expect(throws: AgentError.self) { try agent.bid(wrong, offer: 0) }
      #expect(throws: AgentError.self) { try agent.bid(call(items: 10), offer: 1) }
      try await agent.close()
    }

    @Test("an agent without `bid` bids without figures")
    func silent() async throws {
      let agent = try await open(fixture_learner())
      #expect(
        try agent.bid(
          CallForProposals(task: "model.train/1", settings: .object([])), offer: 0) == .bid(Bid()))
      try await agent.close()
    }
  }

  @Suite("failures")
  struct FailureTests {
    @Test("an `open` that fails is an error with cause, place and retry time; nothing stays open")
    func open() async throws {
      let closed = fixture_closed()
      let released = fixture_errors_released()
      let error = try await agentError {
        _ = try await AgentHostTests.open(fixture_failing(), config: ["fails": "open"])
      }
      #expect(error.code == .notFound)
      #expect(error.message == "no such file; because: the disk was full")
      #expect(error.where == "fixture.c:1")
      #expect(error.agent == "org.example.failing")
      #expect(error.retryAfter == .seconds(5))
      // Late errors of abandoned jobs elsewhere may be released meanwhile, so at least this one.
      #expect(fixture_errors_released() > released)
      #expect(fixture_closed() == closed)
      let nothing = try await agentError {
        _ = try await AgentHostTests.open(fixture_failing(), config: ["fails": "nothing"])
      }
      #expect(nothing.message.contains("gave no agent"))
    }

    @Test("bid, prepare and run that fail leave the agent usable and closable")
    func calls() async throws {
      for (place, code) in [
        ("bid", ErrorCode.unavailable), ("verdict", .internal), ("prepare", .failedPrecondition),
        ("run", .resourceExhausted), ("state", .internal),
      ] {
        let closed = fixture_closed()
        let agent = try await AgentHostTests.open(
          fixture_failing(), config: ["fails": .string(place)])
        let error = try await agentError {
          let call = CallForProposals(task: "test.fail/1", settings: .object([]))
          _ = try agent.bid(call, offer: 0)
          let assignment = try await agent.prepare(AwardRequest(offer: 0))
          _ = try await assignment.run(JobRequest())
        }
        #expect(error.code == code, "\(place)")
        try await agent.close()
        #expect(fixture_closed() == closed + 1)
      }
    }

    @Test("a module whose manifest states another id is refused")
    func identity() async throws {
      let module = try #require(fixture_echo())
      let host = AgentHost(version: "1", log: { _, _, _ in })
      let error = try await agentError {
        _ = try await host.open(ModuleHandle(module: module, id: "org.example.other", digest: ""))
      }
      #expect(error.message.contains("org.example.echo"))
    }
  }
}
