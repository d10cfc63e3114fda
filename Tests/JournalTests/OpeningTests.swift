import ArtifactStore
import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct OpeningTests {
  let fixture: JournalFixture

  init() throws { fixture = try JournalFixture() }

  private static let ways: [@Sendable (String) throws -> RunJournal] = [
    { try RunJournal.open($0) }, { try RunJournal.openReadOnly($0) },
  ]

  private func place(_ name: String) -> String {
    fixture.folder.appending(path: name).path(percentEncoded: false)
  }

  @Test("commits reach the disk: WAL with full synchronisation and foreign keys")
  func settings() throws {
    #expect(try fixture.journal.setting("journal_mode") == "wal")
    #expect(try fixture.journal.setting("synchronous") == "2")
    #expect(try fixture.journal.setting("foreign_keys") == "1")
  }

  @Test("what was committed stands after a crash, what was not does not")
  func crash() throws {
    let lease = try fixture.begin()
    try fixture.journal.commitStep(JournalFixture.fullCommit("done"), under: lease)
    let crashed = place("crashed.sqlite")
    try fixture.journal.write { db in
      try db.execute(sql: "UPDATE step SET task = 'half-written'")
      // The files as a crash in the middle of this transaction leaves them.
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: crashed + suffix)
      }
    }
    let journal = try RunJournal.open(crashed)
    let step = try #require(try journal.steps(of: lease.run).first)
    #expect(step.path == "done" && step.task == "model.train/1" && step.state == .succeeded)
    #expect(try journal.artifacts(of: lease.run, step: "done").count == 3)
  }

  @Test(
    "every cut of the write-ahead log gives a journal of whole commits",
    arguments: [
      0.1, 0.3, 0.5, 0.7, 0.9, 0.999,
    ])
  func tornLog(part: Double) throws {
    let lease = try fixture.begin()
    for round in 0..<10 {
      try fixture.journal.commitStep(
        JournalFixture.fullCommit("improve[\(round)]/train"), under: lease)
    }
    let torn = place("torn.sqlite")
    let log = try readFile(fixture.path + "-wal")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: torn)
    try writeFileDurably(torn + "-wal", Array(log.prefix(Int(Double(log.count) * part))))
    let journal = try RunJournal.open(torn)
    for step in try journal.steps(of: lease.run) {
      #expect(try journal.attempts(of: lease.run, step: step.path).count == 3)
      #expect(try journal.metrics(of: lease.run, step: step.path).count == 2)
      #expect(step.state == .succeeded)
    }
  }

  @Test("a closed journal is opened again with its content")
  func reopen() throws {
    let path = place("again.sqlite")
    let run = try RunJournal.open(path).beginRun(JournalFixture.newRun()).run
    #expect(try RunJournal.open(path).run("last").id == run)
  }

  @Test("a journal that is opened for reading shows runs and writes nothing")
  func readOnly() throws {
    let lease = try fixture.begin()
    let reader = try RunJournal.openReadOnly(fixture.path)
    #expect(try reader.run("last").id == lease.run)
    let error = try #require(throws: JournalError.self) {
      try reader.commitStep(JournalFixture.commit(), under: lease)
    }
    #expect(error.code == .readOnly)
    let missing = try #require(throws: JournalError.self) {
      try RunJournal.openReadOnly(place("absent.sqlite"))
    }
    #expect(missing.code == .missing)
    #expect(!FileManager.default.fileExists(atPath: place("absent.sqlite")))
  }

  @Test("a file that is no database is refused and left as it is")
  func notADatabase() throws {
    let path = place("notes.txt")
    let bytes = Array(String(repeating: "these are notes, no journal\n", count: 100).utf8)
    try writeFileDurably(path, bytes)
    for open in Self.ways {
      let error = try #require(throws: JournalError.self) { try open(path) }
      #expect(error.code == .notADatabase)
      #expect(error.message.contains(path))
    }
    #expect(try readFile(path) == bytes)
  }

  @Test("a database of another program is refused and left as it is")
  func foreign() throws {
    let path = place("foreign.sqlite")
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE t (x)") }
    let bytes = try readFile(path)
    let error = try #require(throws: JournalError.self) { try RunJournal.open(path) }
    #expect(error.code == .notADatabase)
    #expect(error.message.contains("another program"))
    #expect(try readFile(path) == bytes)
  }

  @Test("a journal of a newer version is refused, with both versions")
  func newer() throws {
    try fixture.journal.write { try $0.execute(sql: "PRAGMA user_version = 99") }
    for open in Self.ways {
      let error = try #require(throws: JournalError.self) { try open(fixture.path) }
      #expect(error.code == .newerSchema)
      #expect(error.message.contains("99") && error.message.contains("\(JournalSchema.version)"))
    }
  }

  @Test("a truncated journal is an error, never a crash")
  func truncated() throws {
    let path = place("whole.sqlite")
    do {
      let journal = try RunJournal.open(path)
      let lease = try journal.beginRun(JournalFixture.newRun())
      try journal.commitStep(JournalFixture.fullCommit(), under: lease)
    }
    let bytes = try readFile(path)
    #expect(bytes.count > 16384)
    for count in [50, 99, 100, 4000, 4096, 9000, bytes.count / 2, bytes.count - 4096] {
      let cut = place("cut-\(count).sqlite")
      try writeFileDurably(cut, Array(bytes.prefix(count)))
      let error = try #require(throws: JournalError.self) {
        let journal = try RunJournal.openReadOnly(cut)
        for run in try journal.runs() {
          for step in try journal.steps(of: run.id) {
            _ = try journal.proposals(of: run.id, step: step.path)
          }
        }
        // A cut that only loses a page which no query above needs is found by looking at all.
        let check = try journal.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
        Issue.record("a cut at \(count) of \(bytes.count) passed: \(check ?? "")")
      }
      #expect([.notADatabase, .corrupt].contains(error.code), "cut at \(count): \(error)")
    }
  }

  @Test("a value that was altered by hand is told as such")
  func altered() throws {
    _ = try fixture.begin()
    try fixture.journal.write { try $0.execute(sql: "UPDATE run SET started_at = 'yesterday'") }
    let error = try #require(throws: JournalError.self) { try fixture.journal.runs() }
    #expect(error.code == .corrupt)
    #expect(error.message.contains("started_at"))
  }

  @Test("a journal that another connection is writing is told as locked")
  func locked() throws {
    let second = try RunJournal.open(fixture.path, busySeconds: 0)
    try fixture.journal.write { _ in
      let error = try #require(throws: JournalError.self) {
        try second.beginRun(JournalFixture.newRun())
      }
      #expect(error.code == .locked)
      #expect(error.remedy.contains("fuser"))
    }
  }

  @Test("a full disk is told as such and the journal stays as it was")
  func full() throws {
    let lease = try fixture.begin()
    try fixture.journal.write { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    let text = String(repeating: "x", count: 100_000)
    let error = try #require(throws: JournalError.self) {
      try fixture.journal.record([EventRecord(time: Date(), text: text)], under: lease)
    }
    #expect(error.code == .diskFull)
    #expect(try fixture.journal.events(of: lease.run).isEmpty)
  }

  @Test("a folder in the journal's place is refused")
  func folder() throws {
    for open in Self.ways {
      let error = try #require(throws: JournalError.self) {
        try open(fixture.folder.path(percentEncoded: false))
      }
      #expect(error.code == .notADatabase)
      #expect(error.message.contains("is a folder"))
    }
  }

  @Test("an empty file is no journal to read, and becomes one when it is opened for writing")
  func emptyFile() throws {
    let path = place("empty.sqlite")
    try writeFileDurably(path, [])
    let error = try #require(throws: JournalError.self) { try RunJournal.openReadOnly(path) }
    #expect(error.code == .missing)
    #expect(try RunJournal.open(path).runs().isEmpty)
  }

  @Test("several that open a new journal at once make one, and each enters its run")
  func together() async throws {
    let path = place("together/journal.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          _ = try RunJournal.open(path).beginRun(JournalFixture.newRun("w\(number)"))
        }
      }
      try await group.waitForAll()
    }
    let runs = try RunJournal.openReadOnly(path).runs()
    #expect(Set(runs.map(\.pinned.workflow)) == Set((0..<8).map { "w\($0)" }))
  }
}
