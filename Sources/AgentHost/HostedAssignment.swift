import Contracts

/// An award that an agent has accepted.
///
/// It must be released.
public final class HostedAssignment: Sendable {
  private let agent: HostedAgent
  private let record: AssignmentRecord

  init(agent: HostedAgent, record: AssignmentRecord) {
    self.agent = agent
    self.record = record
  }

  /// The offer that was accepted.
  public var offer: Offer { record.contract.offer }

  /// Runs one job and waits for its outputs; at most `offer.maxJobs` at once, the others wait in line.
  ///
  /// Cancelling the task, or the deadline, sets the job's stop flag and calls the agent's `cancel`. A job
  /// that does not end within the grace is abandoned: the caller gets its error, and the job keeps its
  /// place in the agent until it ends. Complete outputs within the grace are returned.
  ///
  /// - Parameter request: inputs are checked against the offer first.
  /// - Returns: the outputs by port, checked against the offer; all but optional ones are there.
  /// - Throws: `AgentError`: `cancelled`, `deadlineExceeded`, `invalidArgument` for inputs that do not
  ///   fit, `internal` for a missing output, `unavailable` for an agent that takes no jobs, else what the
  ///   agent says.
  public func run(_ request: JobRequest) async throws -> [String: Value] {
    try await agent.run(request, of: record)
  }

  /// Asks all jobs of this assignment to stop, those in line too.
  public func cancelAll() {
    for job in agent.jobs(of: record) { agent.stop(job, .cancelled) }
  }

  /// Tells the agent what the host learned about its work.
  ///
  /// - Returns: false where the agent takes no feedback.
  /// - Throws: `AgentError` where the agent refuses it, or the assignment is released.
  public func give(feedback: FeedbackMessage) async throws -> Bool {
    try await agent.give(feedback, to: record)
  }

  /// Stops the jobs that are alive and releases the assignment.
  ///
  /// May be called again.
  ///
  /// Comes back after the grace also where a job did not stop; the release then follows its end.
  public func release() async { await agent.release(record) }
}
