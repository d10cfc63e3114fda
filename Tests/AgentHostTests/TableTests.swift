import CadreABI
import Contracts
import PluginFixtures
import Testing

@testable import AgentHost

extension FixtureAgents {
  @Suite("tables that are cut short or lack functions")
  struct TableTests {
    /// Opens, bids, prepares, runs and closes.
    private func live(_ config: Setting) async throws {
      let agent = try await open(fixture_tables(), config: config)
      let call = CallForProposals(task: "test.table/1", settings: .object([]))
      _ = try agent.bid(call, offer: 0)
      let assignment = try await agent.prepare(AwardRequest(offer: 0))
      let outputs = try await assignment.run(JobRequest())
      #expect(outputs.count == 1)
      #expect(
        try await assignment.give(
          feedback: FeedbackMessage(task: "", metric: "", own: 0, team: 0, weight: 0)) == false)
      await assignment.release()
      try await agent.close()
    }

    @Test(
      "without each optional function the agent works",
      arguments: [
        "bid", "cancel", "quiesce", "extension",
      ])
    func optional(name: String) async throws {
      let closed = fixture_closed()
      try await live(["without": .string(name)])
      #expect(fixture_closed() == closed + 1)
    }

    @Test(
      "without a mandatory function it is refused by that name, and closed",
      arguments: [
        "offer_count", "offer", "prepare", "run", "release",
      ])
    func mandatory(name: String) async throws {
      let closed = fixture_closed()
      let error = try await agentError { try await live(["without": .string(name)]) }
      #expect(error.code == .failedPrecondition)
      #expect(error.message.contains("lacks \(name),"))
      #expect(fixture_closed() == closed + 1)
    }

    @Test(
      "an agent's table cut at each field: refused, or it works with what is there",
      arguments: [
        CADRE_END_cadre_agent_data, CADRE_END_cadre_agent_offer_count, CADRE_END_cadre_agent_offer,
        CADRE_END_cadre_agent_bid, CADRE_END_cadre_agent_prepare, CADRE_END_cadre_agent_run,
        CADRE_END_cadre_agent_cancel, CADRE_END_cadre_agent_release,
        CADRE_END_cadre_agent_quiesce, CADRE_END_cadre_agent_close,
        CADRE_END_cadre_agent_extension,
      ])
    func cut(end: Int) async throws {
      if end >= CADRE_END_cadre_agent_close {
        try await live(["size": .int(end)])
      } else {
        let error = try await agentError { try await live(["size": .int(end)]) }
        #expect(error.message.contains("close"))
      }
    }

    @Test("a module's table that ends before `open` is refused; one that ends there works")
    func module() async throws {
      for end in [
        CADRE_END_cadre_module_size, CADRE_END_cadre_module_id, CADRE_END_cadre_module_version,
        CADRE_END_cadre_module_about, CADRE_END_cadre_module_open,
      ] {
        let module = try #require(fixture_truncated_module(UInt32(end)))
        let host = AgentHost(version: "1", log: { _, _, _ in })
        let handle = ModuleHandle(module: module, id: "org.example.tables", digest: "")
        if end >= CADRE_END_cadre_module_open {
          try await host.open(handle).close()
        } else {
          let error = try await agentError { _ = try await host.open(handle) }
          #expect(error.where == "cadre_module.open")
        }
      }
    }

    @Test("a bad offer refuses the agent, with agent, offer and field; the agent is closed")
    func badOffer() async throws {
      let closed = fixture_closed()
      let offer = UnsafeMutablePointer<cadre_offer>.allocate(capacity: 1)
      defer { offer.deallocate() }
      offer.initialize(to: cadre_offer())
      offer.pointee.size = UInt32(CADRE_END_cadre_offer_output_count)
      let error = try await agentError { _ = try await open(fixture_offering(offer)) }
      #expect(error.agent == "org.example.offering")
      #expect(error.where == "offers[0].task")
      #expect(fixture_closed() == closed + 1)
    }
  }
}
