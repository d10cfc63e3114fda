import ArtifactStore
import Foundation
import GRDB

/// How rows become records.
extension RunJournal {
  /// Runs with their leases; add a condition and an order.
  static let selectRuns = """
    SELECT run.*, lease.epoch, lease.pid, lease.boot_id, lease.start_ticks
    FROM run JOIN lease ON lease.run = run.id
    """

  static func runRecord(_ row: Row) throws -> RunRecord {
    var state: RunState = try row.word("state")
    let owner = try OwnerProcess(
      pid: row.get("pid"), bootID: row.get("boot_id"), startTicks: row.get("start_ticks"))
    if state == .running && !owner.isAlive { state = .interrupted }
    let seedText: String = try row.get("seed")
    guard let seed = UInt64(seedText) else { throw UnknownWord(text: seedText, column: "seed") }
    return try RunRecord(
      id: RunID(rawValue: row.get("id")),
      pinned: NewRun(
        workflow: row.get("workflow"), workflowDigest: row.digest("workflow_digest"),
        workflowPath: row.get("workflow_path"), seed: seed,
        hostVersion: row.get("host_version"), abiVersion: row.get("abi_version"),
        isa: row.get("isa"),
        threads: row.get("threads")),
      state: state, startedAt: row.get("started_at"), endedAt: row.get("ended_at"),
      leaseEpoch: row.get("epoch"), error: row.get("error"), summary: row.get("summary"))
  }

  static func cost(_ row: Row) throws -> ProposalRecord.Cost? {
    guard let fixed = try row.get("fixed_seconds_p50") as Double? else { return nil }
    return try ProposalRecord.Cost(
      fixedSecondsP50: fixed, fixedSecondsP95: row.get("fixed_seconds_p95"),
      itemSecondsP50: row.get("item_seconds_p50"), itemSecondsP95: row.get("item_seconds_p95"),
      warmUpSeconds: row.get("warm_up_seconds"), memoryBytes: row.get("memory_bytes"),
      quality: row.get("quality"))
  }
}

/// Columns as values. The schema makes each of these succeed; in a file that was altered by other
/// means they throw, where the library's subscript would end the process.
extension Row {
  func get<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    try decode(Value.self, forColumn: column)
  }

  func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
    let text: String = try get(column)
    guard let word = Word(rawValue: text) else { throw UnknownWord(text: text, column: column) }
    return word
  }

  func digest(_ column: String) throws -> Digest { try Digest(parsing: get(column)) }

  func digestIfAny(_ column: String) throws -> Digest? {
    try (get(column) as String?).map { try Digest(parsing: $0) }
  }
}

/// A word that the schema does not allow.
struct UnknownWord: Error, CustomStringConvertible {
  let text: String
  let column: String
  var description: String { "\"\(text)\" in column \(column)" }
}
