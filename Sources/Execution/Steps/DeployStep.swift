import AgentHost
import ArtifactStore
import Contracts
import Deployment
import Foundation
import Journal
import ModelFormats
import Planning
import Workflow

/// `model.deploy/1`: a bundle is written, read back, warmed up, and only then does the alias move.
struct DeployStep: Sendable {
  let instance: StepInstance
  let context: RunContext
  let log: StepLog

  private var step: Step { instance.step }

  /// Runs the step; the outputs by port.
  func run() async throws -> [String: PortValue] {
    let inputs = try StepInputs(instance, context: context)
    guard let models = inputs.values["model"]?.members, !models.isEmpty else {
      throw ExecutionError(.invalidArgument, "the step needs a model on 'model'")
    }
    let chosen = try choose(models)
    let alias = step.setting("alias")?.stringValue ?? ""
    let reference = try ModelReference(parsing: alias.isEmpty ? context.workflow.name : alias)
    var aliases = [ModelReference.defaultAlias]
    if case .alias(let alias) = reference.selector, alias != ModelReference.defaultAlias {
      aliases.append(alias)
    }
    let registry = ModelRegistry(root: context.home.registry)
    let fitted = inputs.values["fitted"]?.members.first
    let version = try await deploy(reference.name, aliases: aliases, registry: registry) {
      try bundle(reference.name, version: $0, models: chosen, fitted: fitted)
    }
    log.note("\(reference.name):\(version) ← " + chosen.map(\.maker).joined(separator: " + "))
    log.note("aliases " + aliases.joined(separator: ", "))
    return [
      "version": .one(
        Produced(value: .scalar(.utf8("\(reference.name):\(version)")), maker: HostOffers.agent))
    ].filter { step.output($0.key) != nil }
  }

  /// The members that go into the bundle: the one with the best measured score, or all of them.
  private func choose(_ models: [Produced]) throws -> [Produced] {
    if step.setting("member")?.stringValue == "ensemble" { return models }
    let scored = models.map { model in
      model.origin.flatMap { context.score(of: $0.digest)?.value } ?? -.infinity
    }
    let best = scored.indices.max { scored[$0] < scored[$1] } ?? 0
    return [models[best]]
  }

  private func deploy(
    _ name: String, aliases: [String], registry: ModelRegistry,
    bundle: (Int) throws -> ModelBundle
  ) async throws -> Int {
    var machine = DeploymentMachine()
    var action = machine.start()
    var written = 0
    var failure: (any Error)?
    var loaded: Predictor?
    while true {
      do {
        switch action {
        case .write:
          written = try registry.publish(name, bundle: bundle)
          action = try machine.handle(.wrote(version: written))
        case .load(let version):
          let folder = try registry.resolve(ModelReference(parsing: "\(name):\(version)")).folder
          loaded = try await Predictor.load(
            folder: folder, directory: context.directory, threads: context.threads)
          action = try machine.handle(.loaded)
        case .warmUp:
          if let loaded { try await warmUp(loaded) }
          await loaded?.close()
          loaded = nil
          action = try machine.handle(.warmedUp)
        case .route(let version):
          try registry.route(name, aliases: aliases, to: version)
          action = try machine.handle(.routed)
        case .discard(let version, _):
          try? registry.discard(name, version: version)
          throw failure ?? ExecutionError(.internal, "a deployment was given up without a cause")
        case .finish:
          if let failure { throw failure }
          return written
        }
      } catch {
        if failure != nil { throw error }
        failure = error
        await loaded?.close()
        loaded = nil
        action = try machine.handle(.failed("\(error)"))
      }
    }
  }

  private func warmUp(_ predictor: Predictor) async throws {
    let count = step.setting("warm_up")?.intValue ?? 16
    let samples = context.samples.isEmpty ? ["warm-up"] : context.samples
    for index in 0..<count {
      try Task.checkCancellation()
      _ = try await predictor.predict([samples[index % samples.count]])
      if index % 16 == 15 {
        context.events(
          .progress(
            path: instance.path.description, member: 0, agent: HostOffers.agent,
            fraction: Double(index + 1) / Double(count), note: "warm-up"))
      }
    }
  }

  // MARK: The bundle

  private func bundle(
    _ name: String, version: Int, models: [Produced], fitted: Produced?
  ) throws -> ModelBundle {
    var metrics: [String: BundleManifest.Metric] = [:]
    var labels: [String] = []
    let members = try models.enumerated().map { index, produced in
      guard case .model(let model) = produced.value else {
        throw ExecutionError(.invalidArgument, "'model' holds a \(produced.value.kindName)")
      }
      labels = model.labels
      if let score = produced.origin.flatMap({ context.score(of: $0.digest) }) {
        let key = models.count > 1 ? "\(score.metric)[\(index)]" : score.metric
        metrics[key] = BundleManifest.Metric(
          value: score.value, low: score.low, high: score.high, on: score.on)
      }
      return ModelBundle.Member(
        agentID: produced.maker,
        agentVersion: context.directory.agent(produced.maker)?.version ?? "",
        pluginDigest: try? Digest(parsing: context.directory.agent(produced.maker)?.digest ?? ""),
        weight: 1 / Double(models.count), model: try model.safetensors,
        metadata: model.bundleMetadata)
    }
    var preparation: ModelBundle.Preparation?
    if let fitted, case .state(let state) = fitted.value {
      let agent = context.directory.agent(fitted.maker)
      preparation = ModelBundle.Preparation(
        agentID: fitted.maker, agentVersion: agent?.version ?? "",
        pluginDigest: try? Digest(parsing: agent?.digest ?? ""), state: Data(state))
    }
    return ModelBundle(
      name: name, version: version, created: Date(), task: TaskNames.classifyText,
      ports: BundleManifest.Ports(
        inputs: ["rows": "table<text:utf8>"],
        outputs: ["logp": "tensor<f32,[rows,classes]>", "z": "tensor<f32,[rows,features]>"]),
      labels: labels, members: members, preparation: preparation, metrics: metrics,
      runID: context.runID, workflowDigest: context.workflowDigest)
  }
}
