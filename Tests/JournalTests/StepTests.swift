import ArtifactStore
import Foundation
import Testing

@testable import Journal

@Suite struct StepTests {
  let fixture: JournalFixture
  let lease: RunLease
  var journal: RunJournal { fixture.journal }

  init() throws {
    fixture = try JournalFixture()
    lease = try fixture.begin()
  }

  @Test("a step comes back with all that was committed with it")
  func roundTrip() throws {
    let commit = JournalFixture.fullCommit()
    try journal.beginStep(commit.path, task: commit.task, under: lease, at: commit.startedAt)
    var step = StepRecord(
      run: lease.run, path: commit.path, task: commit.task, state: .running,
      startedAt: commit.startedAt, endedAt: nil, error: nil, attemptCount: 0)
    #expect(try journal.steps(of: lease.run) == [step])

    try journal.commitStep(commit, under: lease)
    step.state = .succeeded
    step.endedAt = commit.endedAt
    step.attemptCount = 3
    #expect(try journal.steps(of: lease.run) == [step])
    #expect(try journal.attempts(of: lease.run, step: commit.path) == commit.attempts)
    #expect(try journal.proposals(of: lease.run, step: commit.path) == commit.proposals)
    #expect(try journal.artifacts(of: lease.run, step: commit.path) == commit.artifacts)
    #expect(try journal.metrics(of: lease.run, step: commit.path) == commit.metrics)
    #expect(try journal.attempts(of: lease.run, step: "other").isEmpty)
    #expect(
      try journal.referencedDigests()
        == Set(commit.artifacts.map(\.digest) + [JournalFixture.newRun().workflowDigest]))
  }

  @Test("a commit with one bad record leaves nothing of the whole commit")
  func atomic() throws {
    let path = JournalFixture.commit().path
    let damages: [(inout StepCommit) -> Void] = [
      { $0.metrics.append(MetricRecord(name: "loss", value: .nan)) },
      { $0.metrics.append(MetricRecord(name: "loss", value: .infinity)) },
      { $0.metrics.append(MetricRecord(name: "loss", value: 1, low: 2, high: 1)) },
      { $0.metrics.append($0.metrics[1]) },
      { $0.artifacts.append($0.artifacts[2]) },
      { $0.artifacts[0].byteCount = -1 },
      { $0.attempts.append($0.attempts[0]) },
      { $0.attempts[0].number = 0 },
      { $0.proposals[2].isAwarded = true },
      { $0.proposals[0].cost = nil },
      { $0.proposals[0].cost?.fixedSecondsP95 = .nan },
    ]
    for damage in damages {
      var commit = JournalFixture.fullCommit()
      damage(&commit)
      let error = try #require(throws: JournalError.self) {
        try journal.commitStep(commit, under: lease)
      }
      #expect(error.code == .invalidRecord)
      #expect(error.path == fixture.path)
      #expect(try journal.steps(of: lease.run).isEmpty)
      #expect(try journal.attempts(of: lease.run, step: path).isEmpty)
      #expect(try journal.proposals(of: lease.run, step: path).isEmpty)
      #expect(try journal.record(of: "a", task: "model.train/1") == nil)
    }
    try journal.commitStep(JournalFixture.fullCommit(), under: lease)
  }

  @Test(
    "a succeeded or skipped step is never committed or begun again",
    arguments: [
      StepState.succeeded, .skipped,
    ])
  func once(state: StepState) throws {
    try journal.commitStep(JournalFixture.commit(state: state), under: lease)
    let again = try #require(throws: JournalError.self) {
      try journal.commitStep(JournalFixture.commit(), under: lease)
    }
    #expect(again.code == .stepAlreadyCommitted)
    #expect(again.message.contains("improve[2]/train"))
    #expect(throws: JournalError.self) {
      try journal.beginStep("improve[2]/train", task: "model.train/1", under: lease)
    }
    #expect(try journal.steps(of: lease.run).map(\.state) == [state])
  }

  @Test("a failed step is committed again: attempts and proposals add up, outputs are replaced")
  func again() throws {
    var failed = JournalFixture.fullCommit()
    failed.state = .failed
    failed.error = "unavailable"
    failed.metrics = [MetricRecord(name: "loss", value: 3)]
    failed.attempts = [failed.attempts[0]]
    try journal.commitStep(failed, under: lease)
    #expect(try journal.steps(of: lease.run).first?.error == "unavailable")

    var repeated = JournalFixture.fullCommit()
    repeated.attempts.removeFirst()
    try journal.commitStep(repeated, under: lease)
    let step = try #require(try journal.steps(of: lease.run).first)
    #expect(step.state == .succeeded && step.error == nil && step.attemptCount == 3)
    #expect(try journal.metrics(of: lease.run, step: step.path) == repeated.metrics)
    #expect(try journal.artifacts(of: lease.run, step: step.path) == repeated.artifacts)
    let proposals = try journal.proposals(of: lease.run, step: step.path)
    #expect(proposals.map(\.commit) == [1, 1, 1, 1, 2, 2, 2, 2])
  }

  @Test("a step cannot be committed as running or without a path")
  func states() throws {
    for commit in [JournalFixture.commit(state: .running), JournalFixture.commit("")] {
      let error = try #require(throws: JournalError.self) {
        try journal.commitStep(commit, under: lease)
      }
      #expect(error.code == .invalidRecord)
    }
    #expect(try journal.steps(of: lease.run).isEmpty)
  }

  @Test("steps of one path in two runs are apart")
  func runsApart() throws {
    let other = try fixture.begin("other", at: 1)
    try journal.commitStep(JournalFixture.fullCommit(), under: lease)
    try journal.commitStep(JournalFixture.commit(), under: other)
    #expect(try journal.metrics(of: other.run, step: "improve[2]/train").isEmpty)
    #expect(try journal.steps(of: other.run).map(\.attemptCount) == [0])
  }
}
