import AgentHost
import Contracts
import PluginTestSupport
import SettingsSearch
import Testing

@Suite("the tuner behind the ABI")
struct SearchTunerAgentTests {
  private let space: Setting = ["x": ["choices": [1, 2]]]

  @Test("both searches are offered and can be told apart")
  func offers() async throws {
    try await HostedPlugin.with(SearchTunerAgent.self) { plugin in
      #expect(plugin.agent.offers.map(\.task) == ["model.optimise/1", "model.optimise/1"])
      #expect(plugin.agent.offers.map { $0.attributes["search"] } == ["random", "grid"])
    }
  }

  @Test("each search goes through a small space and logs when it is through", arguments: [0, 1])
  func exhaustion(offer: Int) async throws {
    try await HostedPlugin.with(SearchTunerAgent.self) { plugin in
      let award = AwardRequest(offer: offer, settings: ["space": space])
      func next(_ history: String, _ score: Double) async throws -> Setting? {
        let outputs = try await plugin.run(
          JobRequest(
            inputs: ["score": .scalar(.f64(score)), "history": .json(history)], seed: 5),
          award: award)
        guard case .settings(let settings)? = outputs["next"] else { return nil }
        return settings
      }
      let one = #"[{"settings":{"x":2},"score":0.5}]"#
      let new = try await next(one, 0.5)
      #expect(new == ["x": 1])
      #expect(plugin.log.all.isEmpty)
      let two = #"[{"settings":{"x":2},"score":0.5},{"settings":{"x":1},"score":0.4}]"#
      let best = try await next(two, 0.4)
      #expect(best == ["x": 2])
      #expect(plugin.log.all.count == 1)
      #expect(plugin.log.all.first?.contains("all points of the space were tried") == true)
      #expect(plugin.log.all.first?.contains("0.5") == true)
    }
  }

  @Test("a first round without history is possible, and a score may be no number")
  func firstRound() async throws {
    try await HostedPlugin.with(SearchTunerAgent.self) { plugin in
      let outputs = try await plugin.run(
        JobRequest(inputs: ["score": .scalar(.f64(.nan))]),
        award: AwardRequest(offer: 0, settings: ["space": space]))
      guard case .settings(let settings)? = outputs["next"] else {
        Issue.record("no settings came")
        return
      }
      #expect(settings["x"]?.intValue != nil)
    }
  }

  @Test("without a space an award is refused")
  func noSpace() async throws {
    try await HostedPlugin.with(SearchTunerAgent.self) { plugin in
      let error = await #expect(throws: AgentError.self) {
        _ = try await plugin.agent.prepare(AwardRequest(offer: 0))
      }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.where == "space")
    }
  }
}
