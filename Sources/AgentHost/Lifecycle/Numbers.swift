import Synchronization

/// A job's number as the ABI has it: the agent's number in the process, then the job's own.
///
/// Neither part is ever used again, so a call with an old number, or with one of another agent, is
/// recognised and refused.
struct JobNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The number that the agent sees; never 0.
  let rawValue: UInt64

  /// Bits of the job's own number: 10¹² jobs an agent, 16 million agents a process.
  private static let ownBits: UInt64 = 40

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(agent: UInt64, job: UInt64) { rawValue = agent << Self.ownBits | job }

  /// The agent's number in the process.
  var agent: UInt64 { rawValue >> Self.ownBits }
  /// The job's own number, from 1 on.
  var own: UInt64 { rawValue & (1 << Self.ownBits - 1) }

  static func < (a: JobNumber, b: JobNumber) -> Bool { a.rawValue < b.rawValue }

  var description: String { "job \(own)" }

  private static let agents = Atomic<UInt64>(1)

  /// The next agent's number.
  static func nextAgent() -> UInt64 { agents.add(1, ordering: .relaxed).oldValue }
}

/// An assignment's number, unique in its agent.
struct AssignmentNumber: Hashable, Sendable, Comparable {
  let rawValue: UInt64

  static func < (a: AssignmentNumber, b: AssignmentNumber) -> Bool { a.rawValue < b.rawValue }
}
