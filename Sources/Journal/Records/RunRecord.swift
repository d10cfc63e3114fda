import ArtifactStore
import Foundation

/// The name of a run: UTC time of its start and four random letters, as `20260102-150405-k3f9`.
///
/// Sorting the texts sorts the runs by time.
public struct RunID: RawRepresentable, Hashable, Comparable, Codable, Sendable,
  CustomStringConvertible
{
  /// The text.
  public let rawValue: String

  /// Takes a text as it is.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The text.
  public var description: String { rawValue }

  /// Orders by text, which is by time of start.
  public static func < (a: RunID, b: RunID) -> Bool { a.rawValue < b.rawValue }
}

/// How far a run got.
public enum RunState: String, Hashable, Codable, Sendable, CaseIterable {
  /// Its owner is alive and works on it.
  case running
  /// All its steps succeeded or were skipped.
  case succeeded
  /// A step failed for good.
  case failed
  /// The user stopped it.
  case cancelled
  /// Its owner died before the end. Never stored: a query finds it out by looking at the owner.
  case interrupted
}

/// What is pinned about a run when it begins.
public struct NewRun: Hashable, Sendable {
  /// The workflow's name.
  public var workflow: String
  /// The digest of the workflow file's bytes.
  public var workflowDigest: Digest
  /// The workflow file's path as the user gave it.
  public var workflowPath: String
  /// The seed of all random choices.
  public var seed: UInt64
  /// The host's version.
  public var hostVersion: String
  /// The version of the C ABI between host and plug-ins.
  public var abiVersion: String
  /// The instruction set that the kernels were chosen for.
  public var isa: String
  /// The number of computing threads.
  public var threads: Int

  /// Makes the description of a run that is to begin.
  public init(
    workflow: String, workflowDigest: Digest, workflowPath: String, seed: UInt64,
    hostVersion: String, abiVersion: String, isa: String, threads: Int
  ) {
    self.workflow = workflow
    self.workflowDigest = workflowDigest
    self.workflowPath = workflowPath
    self.seed = seed
    self.hostVersion = hostVersion
    self.abiVersion = abiVersion
    self.isa = isa
    self.threads = threads
  }
}

/// A run as the journal knows it.
public struct RunRecord: Hashable, Sendable {
  /// The run's name.
  public var id: RunID
  /// What was pinned at its start.
  public var pinned: NewRun
  /// How far it got; `interrupted` if its owner is dead.
  public var state: RunState
  /// When it began.
  public var startedAt: Date
  /// When it ended, or nil.
  public var endedAt: Date?
  /// How often the right to write to it changed hands, from 1.
  public var leaseEpoch: Int64
  /// Why it failed, or nil.
  public var error: String?
  /// A JSON text of the run's results, for display, or nil.
  public var summary: String?
}

/// The right to write to a run.
///
/// Only the newest epoch of a run is valid.
public struct RunLease: Hashable, Sendable {
  /// The run that it is for.
  public let run: RunID
  /// The count of take-overs plus one.
  public let epoch: Int64
}
