import Journal
import Testing

@Suite struct AgentRecordTests {
  let fixture: JournalFixture
  var journal: RunJournal { fixture.journal }

  init() throws { fixture = try JournalFixture() }

  @Test("outcomes add up, and promises are compared with what they were measured against")
  func sums() throws {
    let task = "text.classify/1"
    #expect(try journal.record(of: "a", task: task) == nil)
    let outcomes = [
      AgentOutcome(
        agentID: "a", task: task, succeeded: true, seconds: 2, items: 10, promisedSeconds: 1,
        quality: 0.75, promisedQuality: 1),
      AgentOutcome(
        agentID: "a", task: task, succeeded: true, seconds: 4, items: 30, promisedSeconds: 2,
        quality: 0.25),
      AgentOutcome(agentID: "a", task: task, succeeded: true, seconds: 100, items: 1),
      AgentOutcome(
        agentID: "a", task: task, succeeded: false, seconds: 50, items: 5, promisedSeconds: 1,
        quality: 0, promisedQuality: 1),
      AgentOutcome(agentID: "a", task: "other/1", succeeded: true, seconds: 1, items: 1),
    ]
    for outcome in outcomes { try journal.addOutcome(outcome) }
    let record = try #require(try journal.record(of: "a", task: task))
    #expect(record.jobs == 4 && record.failures == 1)
    #expect(record.totalSeconds == 106 && record.totalItems == 41)
    #expect(record.timedSeconds == 6 && record.promisedSeconds == 3)
    #expect(record.latencyRatio == 2)
    #expect(record.meanQuality == 0.5 && record.qualityCount == 2)
    #expect(record.qualityBias == -0.25 && record.comparedQualityCount == 1)
    #expect(try journal.agentRecords().map(\.task) == ["other/1", task])
  }

  @Test("a quality that is measured later is no further job")
  func laterQuality() throws {
    let task = "model.train/1"
    try journal.addOutcome(
      AgentOutcome(agentID: "a", task: task, succeeded: true, seconds: 2, items: 10))
    try journal.addOutcome(
      AgentOutcome(
        agentID: "a", task: task, succeeded: true, seconds: 0, items: 0, quality: 0.9,
        promisedQuality: 0.8, isJob: false))
    let record = try #require(try journal.record(of: "a", task: task))
    #expect(record.jobs == 1 && record.qualityCount == 1)
    #expect(record.totalSeconds == 2)
  }

  @Test("a record without measurements corrects nothing")
  func noData() {
    let record = AgentRecord(agentID: "a", task: "t")
    #expect(record.latencyRatio == nil && record.meanQuality == nil && record.qualityBias == nil)
  }
}
