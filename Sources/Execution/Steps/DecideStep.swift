import AgentHost
import ArrowTables
import Collaboration
import Contracts
import Journal
import Planning
import Scoring
import TensorCore
import Workflow

/// `collaborate.decide/1`: the team decides jointly on the sealed part.
///
/// Members share their representations, their weights are fitted on the blend part, and the host
/// scores the decision. Members get texts, never labels.
struct DecideStep: Sendable {
  let instance: StepInstance
  let context: RunContext
  let log: StepLog
  /// Enters a reading of sealed data into the journal, which refuses a second one.
  let openSeal: @Sendable (_ name: String) throws -> Void

  private var step: Step { instance.step }

  /// Runs the step; the outputs by port.
  func run() async throws -> [String: PortValue] {
    let inputs = try StepInputs(instance, context: context)
    guard let team = inputs.values["team"]?.members, !team.isEmpty else {
      throw ExecutionError(.invalidArgument, "the step needs a team of models on 'team'")
    }
    guard case .dataset(let blend)? = inputs.values["fit_on"]?.members.first?.value else {
      throw ExecutionError(.invalidArgument, "the step needs a dataset on 'fit_on'")
    }
    guard case .sealed(let sealed)? = inputs.values["run_on"] else {
      throw ExecutionError(.invalidArgument, "the step needs a sealed dataset on 'run_on'")
    }
    let members = try await prepare(team)
    do {
      let outputs = try await decide(members, blend: blend, sealed: sealed)
      for member in members { await member.assignment.release() }
      return outputs
    } catch {
      for member in members { await member.assignment.release() }
      throw error
    }
  }

  private func prepare(_ team: [Produced]) async throws -> [ClassifierMember] {
    var members: [ClassifierMember] = []
    for (index, produced) in team.enumerated() {
      guard case .model(let model) = produced.value else {
        throw ExecutionError(.invalidArgument, "member \(index) of 'team' is no model")
      }
      members.append(
        try await ClassifierMember.prepare(
          model, maker: produced.maker, member: index, teamSize: team.count, seed: instance.seed,
          threads: context.threads, directory: context.directory))
    }
    return members
  }

  private func decide(
    _ members: [ClassifierMember], blend: Dataset, sealed: SealedPart
  ) async throws -> [String: PortValue] {
    let classes = blend.classes
    let fitTruth = try truth(of: blend, classes: classes)
    let fitted = try await judge(members, texts: blend.table.strings("text"), classes: classes)
    let selection = try PoolSelection(fitted.beliefs, truth: fitTruth)

    // From here on the seal is open: the commit of this step is the one committed reading.
    try openSeal(sealed.name)
    log.addSeal(sealed.name)
    let test = sealed.open()
    let judged = try await judge(members, texts: test.table.strings("text"), classes: classes)
    var joint = selection.pool.logProbabilities(judged.beliefs)
    let policy = step.setting("policy")?.stringValue ?? ""
    if !policy.isEmpty {
      joint = try await decideByPolicy(policy, beliefs: judged.beliefs, z: judged.joint)
    }
    let decided = argmaxRows(joint, classCount: classes.count)
    let report = try JointReport(
      selection: selection, policy: policy, beliefs: judged.beliefs, joint: joint,
      decided: decided, truth: test.table.strings("label").map { $0 ?? "" }, classes: classes,
      jointWidth: judged.joint.width)
    record(report)
    try await feedBack(members, selection: selection, beliefs: fitted.beliefs, truth: fitTruth)
    let labels = try Tensor(decided.map(Int64.init), [decided.count])
    return [
      "label": .one(Produced(value: .tensor(labels), maker: HostOffers.agent)),
      "report": .one(Produced(value: .json(report.setting.json), maker: HostOffers.agent)),
    ]
  }

  private func truth(of dataset: Dataset, classes: [String]) throws -> [Int] {
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    return try dataset.table.strings("label").map { label in
      guard let label, let place = places[label] else {
        throw ExecutionError(
          .failedPrecondition, "the blend part has a label '\(label ?? "")' that is no class")
      }
      return place
    }
  }

  /// Each member's log-probabilities, and z_c.
  ///
  /// A member that takes the joint representation is asked again with it.
  private func judge(
    _ members: [ClassifierMember], texts: [String?], classes: [String]
  ) async throws -> (beliefs: MemberBeliefs, joint: Representation) {
    var said: [Classification] = []
    for member in members {
      said.append(try await member.classify(texts, classes: classes, deadline: instance.deadline))
    }
    let joint = try Representation.fused(
      said.map {
        try Representation(rowCount: $0.z.rowCount, width: $0.z.width, values: $0.z.values)
      })
    var matrix = said[0].z
    (matrix.width, matrix.values) = (joint.width, joint.values)
    for (index, member) in members.enumerated() where member.takesContext {
      said[index] = try await member.classify(
        texts, classes: classes, context: matrix, deadline: instance.deadline)
    }
    let beliefs = try MemberBeliefs(
      names: members.map(\.name), rowCount: texts.count, classCount: classes.count,
      logp: said.map { $0.logp.values.map(Double.init) })
    return (beliefs, joint)
  }

  /// A policy that a plug-in supplies: `collaborate.policy/1`.
  private func decideByPolicy(
    _ agent: String, beliefs: MemberBeliefs, z: Representation
  ) async throws -> [Double] {
    let negotiation = try context.negotiator.negotiate(
      Negotiator.Request(
        task: TaskNames.policy, settings: [], resolvePath: { $0 },
        items: Int64(beliefs.rowCount), threads: context.threads,
        objection: { $0.agent == agent ? nil : "the step asks for \(agent)" })
    ) { log.add($0) }
    guard let winner = negotiation.winners.first else {
      throw ExecutionError(.unavailable, "no agent supplies the policy")
    }
    let job = MemberJob(
      winner: winner, member: 0, teamSize: 1, instance: instance, context: context, log: log)
    let members = beliefs.logp.count
    let shape = [members, beliefs.rowCount, beliefs.classCount]
    let logp = try Tensor(beliefs.logp.flatMap { $0.map(Float.init) }, shape)
    let zTensor = try Tensor(z.values, [z.rowCount, z.width])
    let outputs = try await job.attempt(items: Int64(beliefs.rowCount)) {
      let assignment = try await job.prepare(bound: [:])
      var inputs: [String: Value] = ["logp": .tensor(logp)]
      if winner.offer.input("z") != nil { inputs["z"] = .tensor(zTensor) }
      return try await job.run(assignment, inputs: inputs)
    }
    guard case .tensor(let joint)? = outputs["logp"] else {
      throw ExecutionError(.failedPrecondition, "\(agent) gave no 'logp'")
    }
    let matrix = try RowMatrix(joint, what: "\(agent)'s logp")
    guard matrix.rowCount == beliefs.rowCount, matrix.width == beliefs.classCount else {
      throw ExecutionError(
        .failedPrecondition,
        "\(agent) gave [\(matrix.rowCount), \(matrix.width)] where [\(beliefs.rowCount), "
          + "\(beliefs.classCount)] is needed")
    }
    return matrix.values.map(Double.init)
  }

  private func record(_ report: JointReport) {
    for row in report.rows {
      log.add(
        MetricRecord(
          name: "test.\(row.name).macro_f1", value: row.score.macroF1,
          low: row.score.macroF1Interval.low, high: row.score.macroF1Interval.high))
      log.add(
        MetricRecord(
          name: "test.\(row.name).accuracy", value: row.score.accuracy,
          low: row.score.accuracyInterval.low, high: row.score.accuracyInterval.high))
    }
    log.note(report.headline)
  }

  // MARK: Feedback, from the blend part alone

  private func feedBack(
    _ members: [ClassifierMember], selection: PoolSelection, beliefs: MemberBeliefs, truth: [Int]
  ) async throws {
    let chosen = selection.candidates[selection.chosen]
    for path in instance.feedback {
      for award in context.awards(of: path) {
        guard let member = members.firstIndex(where: { $0.name == award.agent.id }) else {
          continue
        }
        let own = try ConfusionMatrix(
          truth: truth,
          predicted: LogLinearPool.single(member, of: members.count)
            .decisions(beliefs), classCount: beliefs.classCount)
        let report: Setting = [
          "part": "blend", "rows": .int(truth.count), "way": .string(selection.name),
          "accuracy": .double(own.accuracy),
        ]
        _ = try await award.assignment.give(
          feedback: FeedbackMessage(
            task: award.offer.task, metric: "macro_f1", own: own.macroF1, team: chosen.macroF1,
            weight: selection.pool.weights[member], report: report.json))
      }
    }
  }
}
