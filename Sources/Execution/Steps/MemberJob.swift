import AgentHost
import ArrowTables
import ArtifactStore
import Contracts
import Foundation
import Journal
import Planning
import Workflow

/// One member's part of a step: the award is prepared, the jobs run, attempt and outcome are
/// written down.
struct MemberJob: Sendable {
  let winner: Winner
  let member: Int
  let teamSize: Int
  let instance: StepInstance
  let context: RunContext
  let log: StepLog

  /// The job's seed: by the agent's name, not by its place, which a measured record may change.
  private var seed: UInt64 {
    // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
    winner.offer.agent.utf8.reduce(instance.seed ^ 0xcbf2_9ce4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
  }

  /// Prepares the award with its bound inputs; the run holds it.
  func prepare(bound: [String: Value], settings: Setting? = nil) async throws -> HostedAssignment {
    let request = AwardRequest(
      offer: winner.offer.index, role: teamSize > 1 ? "member-\(member)" : "", teamSize: teamSize,
      member: member, settings: settings ?? winner.settings, seed: seed,
      threads: instance.step.resources.cores ?? context.threads,
      memory: instance.step.resources.memoryBytes.map(UInt64.init), bound: bound)
    let assignment = try await winner.agent.prepare(request)
    context.hold(
      HeldAward(
        agent: winner.agent, offer: winner.offer, assignment: assignment, member: member),
      for: instance.path)
    return assignment
  }

  /// Runs one job.
  func run(
    _ assignment: HostedAssignment, inputs: [String: Value],
    progress: (@Sendable (Double?, String) -> Void)? = nil
  ) async throws -> [String: Value] {
    let path = instance.path.description
    let events = context.events
    let (member, agent) = (member, winner.offer.agent)
    let report =
      progress ?? { fraction, note in
        events(
          .progress(path: path, member: member, agent: agent, fraction: fraction, note: note))
      }
    return try await assignment.run(
      JobRequest(
        inputs: inputs, seed: seed, deadline: instance.deadline,
        progress: report))
  }

  /// Runs one job a batch of rows and joins the outputs along the rows.
  func run(
    _ assignment: HostedAssignment, mapping rows: Table, batch: Int, port: Contracts.Port,
    inputs: [String: Value]
  ) async throws -> [String: Value] {
    let starts = Array(stride(from: 0, to: rows.rowCount, by: max(1, batch)))
    guard !starts.isEmpty else {
      throw ExecutionError(
        .failedPrecondition, "there are no rows to map over",
        remedy: "look at the step before: 'cadre show' lists the rows that each part has")
    }
    var parts: [[String: Value]] = []
    for (index, start) in starts.enumerated() {
      try Task.checkCancellation()
      let part = rows.rows(at: Array(start..<min(rows.rowCount, start + batch)))
      var all = inputs
      all[port.name] = .table(part)
      parts.append(try await run(assignment, inputs: all) { _, _ in })
      context.events(
        .progress(
          path: instance.path.description, member: member, agent: winner.offer.agent,
          fraction: Double(index + 1) / Double(starts.count),
          note: "\(min(rows.rowCount, start + batch)) of \(rows.rowCount) rows"))
    }
    return try join(parts)
  }

  private func join(_ parts: [[String: Value]]) throws -> [String: Value] {
    var joined: [String: Value] = [:]
    for port in parts.first?.keys.sorted() ?? [] {
      let values = parts.compactMap { $0[port] }
      let tensors = values.compactMap { if case .tensor(let tensor) = $0 { tensor } else { nil } }
      let tables = values.compactMap { if case .table(let table) = $0 { table } else { nil } }
      if tensors.count == parts.count {
        joined[port] = .tensor(try joinRows(tensors, port: port))
      } else if let first = tables.first, tables.count == parts.count {
        joined[port] = .table(try tables.dropFirst().reduce(first) { try $0.appending($1) })
      } else {
        throw ExecutionError(
          .unimplemented,
          "the \(values.first?.kindName ?? "missing") output '\(port)' of a map cannot be joined",
          remedy: "map joins tensors along their first axis, and tables")
      }
    }
    return joined
  }

  /// Runs `body` as one attempt: whatever comes of it is written down, for the step and for the
  /// agent's record.
  func attempt<R: Sendable>(items: Int64?, _ body: () async throws -> R) async throws -> R {
    let started = Date()
    func end(_ outcome: String, _ message: String) {
      log.add(
        AttemptRecord(
          number: instance.attempt, member: teamSize > 1 ? member : nil,
          agentID: winner.offer.agent, agentVersion: winner.offer.agentVersion,
          pluginDigest: try? Digest(parsing: winner.agent.digest), startedAt: started,
          endedAt: Date(), outcome: outcome, message: message))
    }
    do {
      let result = try await measured(items: items, body)
      end("ok", "")
      return result
    } catch {
      let failure = ExecutionError(describing: error)
      end(failure.code.name, failure.description)
      throw failure
    }
  }

  /// Runs `body` and enters time and success into the agent's record for this task.
  ///
  /// A cancelled job says nothing about the agent.
  func measured<R: Sendable>(items: Int64?, _ body: () async throws -> R) async throws -> R {
    let started = Date()
    func end(succeeded: Bool) {
      log.add(
        AgentOutcome(
          agentID: winner.offer.agent, task: winner.offer.task, succeeded: succeeded,
          seconds: Date().timeIntervalSince(started), items: items ?? 0,
          promisedSeconds: winner.bid.flatMap { $0.seconds > 0 ? $0.seconds : nil }))
    }
    do {
      let result = try await body()
      end(succeeded: true)
      return result
    } catch {
      if ExecutionError(describing: error).code != .cancelled { end(succeeded: false) }
      throw error
    }
  }
}

extension ExecutionError {
  /// The error of a lower floor as this floor tells it.
  public init(describing error: any Error) {
    switch error {
    case let error as ExecutionError: self = error
    case let error as AgentError:
      self.init(
        error.code,
        "\(error.agent): \(error.message)" + (error.where.isEmpty ? "" : " (\(error.where))"))
    case is CancellationError: self.init(.cancelled, "cancelled")
    case let error as JournalError where error.code == .sealAlreadyOpened:
      self.init(.permissionDenied, error.message, remedy: error.remedy)
    default: self.init(.internal, "\(error)")
    }
  }
}
