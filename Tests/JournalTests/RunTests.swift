import ArtifactStore
import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct RunTests {
  let fixture: JournalFixture
  var journal: RunJournal { fixture.journal }

  init() throws { fixture = try JournalFixture() }

  @Test("a run comes back as it was entered, under an id that tells its time")
  func roundTrip() throws {
    let lease = try fixture.begin()
    #expect(lease.epoch == 1)
    #expect(lease.run.rawValue.wholeMatch(of: /20260102-150405-[2-9a-z]{4}/) != nil)
    let run = try journal.run(lease.run.rawValue)
    #expect(run.id == lease.run)
    #expect(run.pinned == JournalFixture.newRun())
    #expect(run.state == .running && run.leaseEpoch == 1)
    #expect(run.startedAt == JournalFixture.start && run.endedAt == nil)

    let end = JournalFixture.start + 60
    try journal.finishRun(under: lease, state: .failed, error: "no bid", summary: "{}", at: end)
    let ended = try journal.run(lease.run.rawValue)
    #expect(ended.state == .failed && ended.endedAt == end)
    #expect(ended.error == "no bid" && ended.summary == "{}")
  }

  @Test("runs are listed newest first; last, a whole id and a unique prefix find one")
  func selection() throws {
    let first = try fixture.begin("first", at: 0)
    let second = try fixture.begin("second", at: 1)
    let third = try fixture.begin("third", at: 86400)
    #expect(try journal.runs().map(\.id) == [third.run, second.run, first.run])
    #expect(try journal.runs(limit: 1).map(\.id) == [third.run])
    #expect(try journal.run("last").id == third.run)
    #expect(try journal.run("20260103").id == third.run)
    #expect(try journal.run(first.run.rawValue).id == first.run)

    let ambiguous = try #require(throws: JournalError.self) { try journal.run("20260102") }
    #expect(ambiguous.code == .ambiguousRun)
    #expect(ambiguous.message.contains(first.run.rawValue))
    #expect(ambiguous.message.contains(second.run.rawValue))
    for text in ["", "20270101", "%", "2026010_"] {
      let missing = try #require(throws: JournalError.self) { try journal.run(text) }
      #expect(missing.code == .runNotFound)
    }
  }

  @Test("last in an empty journal is no run")
  func empty() throws {
    #expect(try journal.runs().isEmpty)
    let error = try #require(throws: JournalError.self) { try journal.run("last") }
    #expect(error.code == .runNotFound)
    #expect(throws: JournalError.self) { try journal.takeOver(RunID(rawValue: "x")) }
  }

  @Test("a run ends once, with its open steps cancelled, and takes nothing afterwards")
  func ending() throws {
    let lease = try fixture.begin()
    try journal.beginStep("train", task: "model.train/1", under: lease)
    let wrong = try #require(throws: JournalError.self) {
      try journal.finishRun(under: lease, state: .interrupted)
    }
    #expect(wrong.code == .invalidRecord)
    try journal.finishRun(under: lease, state: .cancelled)
    #expect(try journal.steps(of: lease.run).map(\.state) == [.cancelled])
    let twice = try #require(throws: JournalError.self) {
      try journal.finishRun(under: lease, state: .succeeded)
    }
    #expect(twice.code == .runEnded)
    let late = try #require(throws: JournalError.self) {
      try journal.commitStep(JournalFixture.commit(), under: lease)
    }
    #expect(late.code == .runEnded)
  }

  @Test("a summary that is no JSON is refused")
  func summary() throws {
    let lease = try fixture.begin()
    let error = try #require(throws: JournalError.self) {
      try journal.finishRun(under: lease, state: .succeeded, summary: "{")
    }
    #expect(error.code == .invalidRecord)
    #expect(try journal.run("last").state == .running)
  }

  @Test("events come back in their order")
  func events() throws {
    let lease = try fixture.begin()
    let events = [
      EventRecord(time: JournalFixture.start, text: "begun"),
      EventRecord(time: JournalFixture.start, step: "train", level: .warning, text: "slow"),
    ]
    try journal.record(events, under: lease)
    #expect(try journal.events(of: lease.run) == events)
  }

  @Test("a run whose owner is gone, by process id, time of start or boot, is interrupted")
  func interrupted() throws {
    let lease = try fixture.begin()
    #expect(try journal.run("last").state == .running)
    for change in ["pid = 4194305", "start_ticks = start_ticks - 1", "boot_id = 'other'"] {
      try journal.write { db in
        try db.execute(sql: "SAVEPOINT before; UPDATE lease SET \(change)")
        let rows = try Row.fetchAll(db, sql: RunJournal.selectRuns)
        #expect(try rows.map { try RunJournal.runRecord($0).state } == [.interrupted])
        try db.execute(sql: "ROLLBACK TO before; RELEASE before")
      }
    }
    #expect(try journal.run(lease.run.rawValue).state == .running)
  }

  @Test("a run is taken over from a dead owner only, and the former owner writes no more")
  func staleLease() throws {
    let old = try fixture.begin()
    let alive = try #require(throws: JournalError.self) { try journal.takeOver(old.run) }
    #expect(alive.code == .ownerAlive)
    #expect(alive.message.contains("\(ProcessInfo.processInfo.processIdentifier)"))

    try journal.write { try $0.execute(sql: "UPDATE lease SET pid = 4194305") }
    let new = try journal.takeOver(old.run)
    #expect(new.epoch == 2)
    #expect(try journal.run("last").leaseEpoch == 2)
    #expect(try journal.run("last").state == .running)

    let writes: [(RunLease) throws -> Void] = [
      { try journal.commitStep(JournalFixture.commit(), under: $0) },
      { try journal.beginStep("s", task: "t", under: $0) },
      { try journal.record([EventRecord(time: Date(), text: "x")], under: $0) },
      { try journal.openSeal("test", by: "s", under: $0) },
      { try journal.finishRun(under: $0, state: .failed) },
    ]
    for write in writes {
      let stale = try #require(throws: JournalError.self) { try write(old) }
      #expect(stale.code == .staleLease)
      #expect(stale.message.contains("epoch 2"))
    }
    #expect(try journal.steps(of: old.run).isEmpty)
    for write in writes { try write(new) }
  }

  @Test("a failed run can be taken up again, a succeeded one cannot")
  func takeUp() throws {
    let lease = try fixture.begin()
    try journal.finishRun(under: lease, state: .failed, error: "no bid")
    let again = try journal.takeOver(lease.run)
    let run = try journal.run("last")
    #expect(run.state == .running && run.error == nil && run.endedAt == nil)
    try journal.finishRun(under: again, state: .succeeded)
    let error = try #require(throws: JournalError.self) { try journal.takeOver(lease.run) }
    #expect(error.code == .runEnded)
  }
}
