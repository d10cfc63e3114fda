import ArtifactStore
import Foundation
import Journal

/// A journal in a folder of its own, which is removed at the end of the test.
final class JournalFixture {
  let folder: URL
  let path: String
  let journal: RunJournal

  /// Whole milliseconds, which is what the journal keeps.
  static let start = Date(timeIntervalSince1970: 1_767_366_245.125)  // 2026-01-02T15:04:05.125Z

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "cadre-journal-\(UUID().uuidString)")
    path = folder.appending(path: "state/journal.sqlite").path(percentEncoded: false)
    journal = try RunJournal.open(path)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static func newRun(_ workflow: String = "support-desk") -> NewRun {
    NewRun(
      workflow: workflow, workflowDigest: Digest(of: Array(workflow.utf8)),
      workflowPath: "Examples/\(workflow)/workflow.yaml", seed: .max, hostVersion: "0.1.0",
      abiVersion: "1.0", isa: "avx512", threads: 2)
  }

  func begin(_ workflow: String = "support-desk", at seconds: Double = 0) throws -> RunLease {
    try journal.beginRun(Self.newRun(workflow), at: Self.start + seconds)
  }

  static func commit(
    _ path: String = "improve[2]/train", state: StepState = .succeeded
  ) -> StepCommit {
    StepCommit(
      path: path, task: "model.train/1", state: state, startedAt: start + 1, endedAt: start + 3)
  }

  /// A commit with every kind of child.
  static func fullCommit(_ path: String = "improve[2]/train") -> StepCommit {
    var commit = commit(path)
    let plugin = Digest(of: [1, 2, 3])
    commit.attempts = [
      AttemptRecord(
        number: 1, member: 0, agentID: "a", agentVersion: "1.0", pluginDigest: plugin,
        startedAt: start + 1, endedAt: start + 1.5, outcome: "unavailable", message: "try later"),
      AttemptRecord(
        number: 2, member: 0, agentID: "a", agentVersion: "1.0", pluginDigest: plugin,
        startedAt: start + 1.5, endedAt: start + 3, outcome: "ok"),
      AttemptRecord(
        number: 1, member: 1, agentID: "host", agentVersion: "0.1.0", startedAt: start + 1,
        endedAt: start + 2, outcome: "ok"),
    ]
    commit.proposals = [
      ProposalRecord(
        agentID: "a", agentVersion: "1.0", verdict: .bid,
        cost: .init(
          fixedSecondsP50: 0.5, fixedSecondsP95: 1, itemSecondsP50: 0.001, itemSecondsP95: 0.002,
          warmUpSeconds: 0.1, memoryBytes: 1 << 33, quality: 0.9),
        correctedQuality: 0.85, correctedSeconds: 2.5, score: 0.7, reason: "fast",
        isAwarded: true, decision: "best score"),
      ProposalRecord(
        agentID: "b", agentVersion: "2.0", verdict: .bid,
        cost: .init(
          fixedSecondsP50: 1, fixedSecondsP95: 1, itemSecondsP50: 1, itemSecondsP95: 1,
          warmUpSeconds: 0, memoryBytes: 0, quality: nil),
        score: -1, decision: "slower"),
      ProposalRecord(
        agentID: "c", agentVersion: "1.0", verdict: .decline, reason: "too few rows"),
      ProposalRecord(
        agentID: "d", agentVersion: "1.0", verdict: .ineligible, reason: "no port data"),
    ]
    commit.artifacts = [
      ArtifactRecord(
        port: "model", member: 0, digest: Digest(of: [4]), kind: "model", type: "model",
        byteCount: 1),
      ArtifactRecord(
        port: "model", member: 1, digest: Digest(of: [5, 5]), kind: "model", type: "model",
        byteCount: 2),
      ArtifactRecord(
        port: "report", digest: Digest(of: []), kind: "json", type: "json", byteCount: 0),
    ]
    commit.metrics = [
      MetricRecord(name: "macro_f1", member: 0, value: 0.8, low: 0.75, high: 0.85),
      MetricRecord(name: "macro_f1", value: 0.9),
    ]
    commit.outcomes = [
      AgentOutcome(agentID: "a", task: "model.train/1", succeeded: true, seconds: 1.5, items: 100)
    ]
    return commit
  }
}
