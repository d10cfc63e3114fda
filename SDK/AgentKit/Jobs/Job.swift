/// One job: its inputs, its outputs, and what the host says about it.
///
/// Valid until `run` returns.
public final class Job: InputSource {
  /// The host.
  public let host: Host
  let table: JobTable

  init(_ table: JobTable, host: Host) {
    self.table = table
    self.host = host
  }

  /// The job's number, as in the host's records.
  public var number: UInt64 { table.job }

  /// The value on an input port.
  public func input(_ port: String) throws(AgentFailure) -> InputValue { try table.input(port) }

  /// The job's seed: all randomness comes from it.
  public var seed: UInt64 { table.seed }

  /// Whether the job is to stop (cancel, deadline, shutdown); cheap, so poll it.
  public var shouldStop: Bool { table.stop }

  /// The time that is left; nil without a deadline.
  public var timeLeft: Duration? { table.timeLeft }

  /// Ends the job here when it is to stop.
  ///
  /// - Throws: `AgentFailure` with `cancelled`.
  public func checkStop() throws(AgentFailure) {
    if shouldStop { throw AgentFailure(.cancelled, "the job was told to stop") }
  }

  /// Reports how far the job is.
  ///
  /// - Parameters:
  ///   - fraction: 0...1; nil when it is unknown.
  ///   - note: one line.
  public func progress(_ fraction: Double?, _ note: String = "") {
    table.progress(fraction, note)
  }

  /// The host's tensor operations on behalf of this job.
  ///
  /// - Parameter threads: threads to compute on; 0: the host's choice.
  /// - Throws: `AgentFailure` with `unimplemented` when the host has none.
  public func ops(threads: Int = 0) throws(AgentFailure) -> OpTable {
    try OpTable(host, job: number, threads: threads)
  }
}

/// What a stream in gives.
public enum StreamItem {
  /// The next value; valid until the next one is asked for.
  case value(InputValue)
  /// The time ran out: ask again.
  case wait
  /// Nothing more will come.
  case end
  /// The job is to stop.
  case stopped
}

/// What a stream out answers.
public enum EmitAnswer: Sendable, Hashable {
  /// The value was taken.
  case accepted
  /// The time ran out and the value was dropped: emit it again.
  case wait
  /// The job is to stop.
  case stopped
}
