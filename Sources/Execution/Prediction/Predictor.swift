import AgentHost
import ArrowTables
import Collaboration
import Contracts
import Deployment
import Foundation
import ModelFormats
import TensorCore

/// One answer of a deployed model.
public struct Prediction: Hashable, Sendable {
  /// The decided class.
  public let label: String
  /// Its probability.
  public let probability: Double
  /// The log-probability of each class, in the order of the bundle's labels.
  public let logProbabilities: [Double]
}

/// A deployed model, ready to answer: its preparation, its members and their weights.
public final class Predictor: Sendable {
  /// Name and version: `support:3`.
  public let title: String
  /// The classes.
  public let labels: [String]

  private let members: [ClassifierMember]
  private let pool: LogLinearPool
  private let preparation: HostedAssignment?

  private init(
    title: String, labels: [String], members: [ClassifierMember], pool: LogLinearPool,
    preparation: HostedAssignment?
  ) {
    self.title = title
    self.labels = labels
    self.members = members
    self.pool = pool
    self.preparation = preparation
  }

  /// Loads a bundle and prepares its agents.
  ///
  /// - Throws: ``ExecutionError`` when an agent of the bundle is not installed or refuses the
  ///   model.
  public static func load(
    folder: String, directory: AgentDirectory, threads: Int
  ) async throws -> Predictor {
    let bundle = try ModelBundle(contentsOf: folder)
    var members: [ClassifierMember] = []
    var preparation: HostedAssignment?
    do {
      for (index, member) in bundle.members.enumerated() {
        members.append(
          try await ClassifierMember.prepare(
            try Model(member), maker: member.agentID, member: index,
            teamSize: bundle.members.count, seed: 0, threads: threads, directory: directory))
      }
      if let state = bundle.preparation {
        preparation = try await prepare(state, directory: directory, threads: threads)
      }
    } catch {
      for member in members { await member.assignment.release() }
      throw error
    }
    return Predictor(
      title: "\(bundle.name):\(bundle.version)", labels: bundle.labels, members: members,
      pool: LogLinearPool(weights: bundle.members.map(\.weight)), preparation: preparation)
  }

  private static func prepare(
    _ state: ModelBundle.Preparation, directory: AgentDirectory, threads: Int
  ) async throws -> HostedAssignment {
    guard let agent = directory.agent(state.agentID),
      let offer = agent.offers.first(where: { $0.task == TaskNames.apply })
    else {
      throw ExecutionError(
        .unavailable,
        "the model's preparation was fitted by \(state.agentID), which is not installed",
        remedy: "install its plug-in; 'cadre agents' lists what is there and what was refused")
    }
    return try await agent.prepare(
      AwardRequest(
        offer: offer.index, role: "", teamSize: 1, member: 0,
        settings: try checkSettings(.object([]), against: offer.settings), seed: 0,
        threads: threads, memory: nil, bound: ["fitted": .state([UInt8](state.state))]))
  }

  /// Predicts the class of each text.
  ///
  /// - Returns: one prediction a text, in order.
  /// - Complexity: O(texts · members), in batches of ``ClassifierMember/batch``.
  public func predict(_ texts: [String]) async throws -> [Prediction] {
    guard !texts.isEmpty else { return [] }
    var prepared: [String?] = texts
    if let preparation {
      let table = try Table(columns: [TableColumn("text", .utf8(texts))])
      let outputs = try await preparation.run(
        JobRequest(inputs: ["rows": .table(table)], seed: 0, deadline: nil, progress: { _, _ in }))
      guard case .table(let rows)? = outputs["rows"], rows.rowCount == texts.count else {
        throw ExecutionError(.failedPrecondition, "the model's preparation lost rows")
      }
      prepared = try rows.strings("text")
    }
    var logp: [[Double]] = []
    for member in members {
      let said = try await member.classify(prepared, classes: labels)
      logp.append(said.logp.values.map(Double.init))
    }
    let beliefs = try MemberBeliefs(
      names: members.map(\.name), rowCount: texts.count, classCount: labels.count, logp: logp)
    let joint = pool.logProbabilities(beliefs)
    let decided = argmaxRows(joint, classCount: labels.count)
    return decided.enumerated().map { row, place in
      let values = Array(joint[(row * labels.count)..<((row + 1) * labels.count)])
      return Prediction(
        label: labels[place], probability: exp(values[place]), logProbabilities: values)
    }
  }

  /// Gives the agents back.
  public func close() async {
    for member in members { await member.assignment.release() }
    await preparation?.release()
  }
}
