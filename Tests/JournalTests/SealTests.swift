import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct SealTests {
  let fixture: JournalFixture
  let lease: RunLease
  var journal: RunJournal { fixture.journal }

  init() throws {
    fixture = try JournalFixture()
    lease = try fixture.begin()
  }

  @Test("a second committed reading is refused, named, and undoes its whole commit")
  func second() throws {
    var first = JournalFixture.commit("collaborate")
    first.seals = ["prepare.test"]
    try journal.commitStep(first, under: lease)

    var second = JournalFixture.fullCommit("peek")
    second.seals = ["prepare.test"]
    let error = try #require(throws: JournalError.self) {
      try journal.commitStep(second, under: lease)
    }
    #expect(error.code == .sealAlreadyOpened)
    #expect(error.message.contains("prepare.test") && error.message.contains("collaborate"))
    #expect(try journal.steps(of: lease.run).map(\.path) == ["collaborate"])
    #expect(try journal.record(of: "a", task: "model.train/1") == nil)
  }

  @Test("each try to read is kept; after a commit the next is refused before it reads")
  func attempts() throws {
    let time = JournalFixture.start
    try journal.openSeal("prepare.test", by: "collaborate", under: lease, at: time)
    // The step failed before its commit, so it may try again.
    try journal.openSeal("prepare.test", by: "collaborate", under: lease, at: time + 1)
    var commit = JournalFixture.commit("collaborate")
    commit.seals = ["prepare.test"]
    try journal.commitStep(commit, under: lease)
    let error = try #require(throws: JournalError.self) {
      try journal.openSeal("prepare.test", by: "peek", under: lease, at: time + 2)
    }
    #expect(error.code == .sealAlreadyOpened)
    try journal.openSeal("other.test", by: "peek", under: lease, at: time + 3)
    let attempts = try journal.sealAttempts(of: lease.run)
    #expect(attempts.map(\.refused) == [false, false, true, false])
    #expect(attempts.map(\.step) == ["collaborate", "collaborate", "peek", "peek"])
    #expect(attempts.map(\.time) == (0..<4).map { time + Double($0) })
  }

  @Test("the schema itself refuses a second row, whatever the code above it does")
  func constraint() throws {
    let sql = "INSERT INTO seal (run, name, step, committed_at) VALUES (?, 'test', 's', 'now')"
    try journal.write { try $0.execute(sql: sql, arguments: [lease.run.rawValue]) }
    let error = try #require(throws: JournalError.self) {
      try journal.write { try $0.execute(sql: sql, arguments: [lease.run.rawValue]) }
    }
    #expect(error.code == .invalidRecord)
  }

  @Test("another run may read its own sealed data of that name")
  func otherRun() throws {
    var commit = JournalFixture.commit("collaborate")
    commit.seals = ["prepare.test"]
    try journal.commitStep(commit, under: lease)
    let other = try fixture.begin("other", at: 1)
    try journal.openSeal("prepare.test", by: "collaborate", under: other)
    try journal.commitStep(commit, under: other)
    #expect(try journal.sealAttempts(of: other.run).map(\.refused) == [false])
  }
}
