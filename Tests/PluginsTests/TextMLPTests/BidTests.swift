import AgentHost
import Contracts
import PluginTestSupport
import Testing
import TextMLPLearner

@Suite("bids of the text network")
struct BidTests {
  private func call(
    rows: Int64?, classes: DimRange?, memory: UInt64? = nil, settings: Setting = [:]
  ) -> CallForProposals {
    CallForProposals(
      task: "model.train/1", settings: settings, dims: classes.map { [$0] } ?? [], items: rows,
      memoryLimit: memory)
  }

  private func verdict(_ call: CallForProposals, offer: Int = 0) async throws -> Verdict {
    var verdict: Verdict?
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      verdict = try plugin.agent.bid(call, offer: offer)
    }
    return try #require(verdict)
  }

  @Test("a training's figures grow with rows and hidden units, and its hope with rows a class")
  func figures() async throws {
    guard case .bid(let small) = try await verdict(call(rows: 500, classes: .fixed("classes", 7))),
      case .bid(let large) = try await verdict(
        call(rows: 2500, classes: .fixed("classes", 7), settings: ["hidden": 256])),
      case .bid(let unknown) = try await verdict(call(rows: nil, classes: nil))
    else {
      Issue.record("the agent did not bid")
      return
    }
    #expect(large.latency(items: 2500) > small.latency(items: 500))
    #expect(large.memory > small.memory)
    #expect(large.fixedP95 >= large.fixedP50 && large.itemP95 >= large.itemP50)
    let (hope, less) = (try #require(large.quality), try #require(small.quality))
    #expect(hope > less)
    #expect((0.75...0.85).contains(hope))
    #expect(unknown.quality == 0.8)
    #expect(large.reason == "expected of 357 rows a class")
  }

  @Test("data without a choice of classes is declined with the reason")
  func declines() async throws {
    let none = try await verdict(call(rows: 10, classes: .fixed("classes", 0)))
    #expect(none == .decline(reason: "the data has no labels to learn from"))
    let one = try await verdict(call(rows: 10, classes: .fixed("classes", 1)))
    #expect(one == .decline(reason: "needs at least 2 classes, the data has 1"))
  }

  @Test("too little memory is answered with a wish")
  func memory() async throws {
    guard
      case .conditional(let wish) = try await verdict(
        call(rows: 2500, classes: nil, memory: 1 << 20))
    else {
      Issue.record("the agent did not state a wish")
      return
    }
    #expect(wish.contains("MiB of memory"))
  }

  @Test("both offers agree on the model's format")
  func offers() async throws {
    try await HostedPlugin.with(TextMLPAgent.self) { plugin in
      #expect(plugin.agent.offers.map(\.task) == ["model.train/1", "text.classify/1"])
      #expect(plugin.agent.offers.first?.attributes == ["for": "text.classify/1"])
    }
  }
}
