import Contracts
import Planning
import Testing

@Suite struct AssignmentTests {
  private func proposal(_ agent: String, _ verdict: Verdict, threads: Int = 1) -> Proposal {
    Proposal(
      offer: Offer(
        agent: agent, agentVersion: "1.0.0", task: "model.train/1", inputs: [], outputs: [],
        floorThreads: threads),
      verdict: verdict)
  }
  private func call(team: Int = 1, items: Int64 = 100) -> CallForProposals {
    CallForProposals(
      task: "model.train/1", settings: .object([]), items: items, teamSize: team, threadLimit: 2,
      memoryLimit: 1_000_000, deadline: .seconds(10))
  }
  private func bid(_ quality: Double?, perItem: Duration = .milliseconds(1)) -> Verdict {
    .bid(Bid(itemP50: perItem, itemP95: perItem, memory: 1000, quality: quality))
  }

  @Test("the better agent wins, and the loser is told by how much")
  func quality() throws {
    let decision = decide(
      call(), proposals: [proposal("a", bid(0.8)), proposal("b", bid(0.9))],
      record: { _ in MeasuredRecord() })
    #expect(decision.winners.map(\.proposal.offer.agent) == ["b"])
    #expect(decision.shortfall == nil)
    let loser = try #require(decision.proposals.last)
    #expect(loser.decision == "score 0.90 is below 1.00")
  }

  @Test("at equal quality the faster agent wins; at equal everything the smaller id")
  func ties() {
    let faster = decide(
      call(),
      proposals: [
        proposal("a", bid(0.8, perItem: .milliseconds(4))), proposal("b", bid(0.8)),
      ], record: { _ in MeasuredRecord() })
    #expect(faster.winners.map(\.proposal.offer.agent) == ["b"])
    let equal = decide(
      call(), proposals: [proposal("b", bid(0.8)), proposal("a", bid(0.8))],
      record: { _ in MeasuredRecord() })
    #expect(equal.winners.map(\.proposal.offer.agent) == ["a"])
  }

  @Test("a record of broken promises turns the award, and the note says so")
  func corrected() throws {
    let decision = decide(
      call(), proposals: [proposal("boaster", bid(0.95)), proposal("honest", bid(0.9))],
      record: {
        $0 == "boaster"
          ? MeasuredRecord(jobs: 9, qualityBias: -0.3, qualityCount: 9) : MeasuredRecord()
      })
    #expect(decision.winners.map(\.proposal.offer.agent) == ["honest"])
    let boaster = try #require(decision.proposals.last)
    #expect(boaster.corrected.map { abs($0.quality - 0.725) < 1e-12 } == true)
    #expect(boaster.decision.contains("quality 0.95 → 0.73 by 9 measured"))
  }

  @Test("an agent that fails half its jobs loses to a slightly worse one that does not")
  func reliability() {
    let decision = decide(
      call(), proposals: [proposal("a", bid(0.9)), proposal("b", bid(0.85))],
      record: { $0 == "a" ? MeasuredRecord(jobs: 10, failures: 5) : MeasuredRecord(jobs: 10) })
    #expect(decision.winners.map(\.proposal.offer.agent) == ["b"])
  }

  @Test("a team has different agents, in the order of their scores")
  func team() {
    var second = proposal("a", bid(0.89))
    second.offer.index = 1
    let decision = decide(
      call(team: 2), proposals: [proposal("c", bid(0.5)), second, proposal("a", bid(0.9))],
      record: { _ in MeasuredRecord() })
    #expect(decision.winners.map(\.proposal.offer.agent) == ["a", "c"])
    #expect(decision.winners.map(\.member) == [0, 1])
    #expect(decision.proposals.last?.decision == "another offer of this agent won already")
  }

  @Test("limits of memory, threads and deadline are kept and named")
  func limits() {
    let decision = decide(
      call(),
      proposals: [
        proposal("memory", .bid(Bid(memory: 2_000_000, quality: 1))),
        proposal("threads", bid(1), threads: 4),
        proposal("deadline", .bid(Bid(fixedP50: .seconds(20), quality: 1))),
      ], record: { _ in MeasuredRecord() })
    #expect(decision.winners.isEmpty)
    let reasons = decision.proposals.map(\.decision).sorted()
    #expect(
      reasons == [
        "needs 20.00 s a job, the deadline is 10.00 s",
        "needs 2000000 bytes, the limit is 1000000", "needs 4 threads, the limit is 2",
      ])
  }

  @Test("a team that cannot be filled says who declined and why")
  func shortfall() {
    let decision = decide(
      call(team: 2),
      proposals: [
        proposal("a", bid(0.9)), proposal("b", .decline(reason: "needs two classes")),
        proposal("c", .conditional(wish: "a label column")),
        proposal("d", .ineligible(reason: "its source is sqlite, not csv")),
      ], record: { _ in MeasuredRecord() })
    #expect(
      decision.shortfall
        == "model.train/1 needs 2 different agents, 1 bid: b: declined: needs two classes; "
        + "c: would bid if: a label column; d: not asked: its source is sqlite, not csv")
  }
}
