import AgentHost
import ArrowTables
import Contracts
import TensorCore

/// What a classifier says about rows: log-probabilities in the order of the wanted classes, and its
/// representation.
struct Classification: Sendable {
  /// `[rows, classes]`.
  var logp: RowMatrix
  /// `[rows, features]`.
  var z: RowMatrix
}

/// One trained model with the agent that runs it, prepared: the unit of a team's decision and of a
/// deployment.
struct ClassifierMember: Sendable {
  let name: String
  let offer: Offer
  let assignment: HostedAssignment
  let model: Model
  let seed: UInt64

  /// Rows a job: enough to keep the kernels busy, few enough that a stop is heard soon.
  static let batch = 256

  /// Whether the agent takes the team's joint representation.
  var takesContext: Bool { offer.input("context") != nil }

  /// Prepares a model on the agent that made it.
  ///
  /// - Throws: ``ExecutionError`` when that agent is not installed or does not classify texts.
  static func prepare(
    _ model: Model, maker: String, member: Int, teamSize: Int, seed: UInt64, threads: Int,
    directory: AgentDirectory
  ) async throws -> ClassifierMember {
    guard let agent = directory.agent(maker) else {
      throw ExecutionError(
        .unavailable, "the model was made by \(maker), which is not installed",
        remedy: "install its plug-in; 'cadre agents' lists what is there and what was refused")
    }
    guard let offer = agent.offers.first(where: { $0.task == TaskNames.classifyText }) else {
      throw ExecutionError(.unimplemented, "\(maker) does not offer \(TaskNames.classifyText)")
    }
    if let objection = Eligibility.columnObjection(to: offer) {
      throw ExecutionError(.permissionDenied, "\(maker) may not run: \(objection)")
    }
    let settings = try checkSettings(.object([]), against: offer.settings)
    let assignment = try await agent.prepare(
      AwardRequest(
        offer: offer.index, role: teamSize > 1 ? "member-\(member)" : "", teamSize: teamSize,
        member: member, settings: settings, seed: seed, threads: threads, memory: nil,
        bound: ["model": .model(model)]))
    return ClassifierMember(
      name: maker, offer: offer, assignment: assignment, model: model, seed: seed)
  }

  /// Classifies texts.
  ///
  /// - Parameters:
  ///   - classes: the order of the columns that come back; each must be a label of the model.
  ///   - context: `[rows, joint]`, given to an agent that takes it.
  ///   - deadline: time for a batch.
  /// - Throws: ``ExecutionError`` or the agent's error.
  func classify(
    _ texts: [String?], classes: [String], context: RowMatrix? = nil, deadline: Duration? = nil
  ) async throws -> Classification {
    var logp: [Tensor] = []
    var z: [Tensor] = []
    for start in stride(from: 0, to: texts.count, by: Self.batch) {
      try Task.checkCancellation()
      let range = start..<min(texts.count, start + Self.batch)
      let column = TableColumn("text", .utf8(Array(texts[range])))
      var inputs: [String: Value] = ["rows": .table(try Table(columns: [column]))]
      if let context, takesContext {
        let values = context.values[(start * context.width)..<(range.upperBound * context.width)]
        inputs["context"] = .tensor(try Tensor(Array(values), [range.count, context.width]))
      }
      let outputs = try await assignment.run(
        JobRequest(inputs: inputs, seed: seed, deadline: deadline, progress: { _, _ in }))
      guard case .tensor(let part)? = outputs["logp"], case .tensor(let features)? = outputs["z"]
      else {
        throw ExecutionError(.failedPrecondition, "\(name) gave no 'logp' and 'z'")
      }
      logp.append(part)
      z.append(features)
    }
    let beliefs = try RowMatrix(try joinRows(logp, port: "logp"), what: "\(name)'s logp")
    return Classification(
      logp: try reordered(beliefs, classes: classes),
      z: try RowMatrix(try joinRows(z, port: "z"), what: "\(name)'s z"))
  }

  /// Columns in the order of `classes`; the model's own labels may stand in another order.
  private func reordered(_ matrix: RowMatrix, classes: [String]) throws -> RowMatrix {
    guard matrix.width == model.labels.count else {
      throw ExecutionError(
        .failedPrecondition,
        "\(name) gave \(matrix.width) columns for the model's \(model.labels.count) labels")
    }
    if model.labels == classes { return matrix }
    let places = try classes.map { label in
      guard let place = model.labels.firstIndex(of: label) else {
        throw ExecutionError(
          .failedPrecondition, "\(name)'s model does not know the class '\(label)'",
          remedy: "train all members on one dataset")
      }
      return place
    }
    var result = matrix
    result.width = classes.count
    result.values = (0..<matrix.rowCount).flatMap { row in
      places.map { matrix.values[row * matrix.width + $0] }
    }
    return result
  }
}
