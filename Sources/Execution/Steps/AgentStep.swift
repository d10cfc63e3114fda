import AgentHost
import Contracts
import Journal
import Planning
import Workflow

/// A step that agents do: it is negotiated, awarded, and run by each member.
struct AgentStep: Sendable {
  let instance: StepInstance
  let context: RunContext
  let log: StepLog

  private var step: Step { instance.step }

  /// Runs the step; the outputs by port.
  func run() async throws -> [String: PortValue] {
    let inputs = try StepInputs(instance, context: context)
    let fan = try inputs.teamSize()
    if step.team > 1, let fan, fan != step.team {
      throw ExecutionError(
        .failedPrecondition, "the step wants a team of \(step.team), an input has \(fan) members")
    }
    let count = step.team > 1 ? step.team : fan ?? 1
    let winners = try winners(inputs, members: count)
    let results = try await withThrowingTaskGroup(of: (Int, [String: Produced]).self) { group in
      for member in 0..<count {
        let job = MemberJob(
          winner: winners[member], member: member, teamSize: count, instance: instance,
          context: context, log: log)
        group.addTask { (member, try await run(job, inputs: inputs)) }
      }
      var results = [[String: Produced]](repeating: [:], count: count)
      for try await (member, outputs) in group { results[member] = outputs }
      return results
    }
    let isTeam = step.team > 1 || fan != nil
    return try collect(results, isTeam: isTeam)
  }

  // MARK: Who does it

  private func winners(_ inputs: StepInputs, members: Int) throws -> [Winner] {
    if let known = context.negotiation(of: instance.path.stepPath) { return known.winners }
    var negotiation: Negotiation
    if step.team > 1 {
      negotiation = try negotiate(inputs, member: nil, teamSize: members)
    } else {
      // A consumer of a team's models: each goes to the agent that made it.
      negotiation = try negotiate(inputs, member: 0, teamSize: 1)
      for member in 1..<max(1, members) {
        negotiation.winners += try negotiate(inputs, member: member, teamSize: 1).winners
      }
    }
    context.keep(negotiation, of: instance.path.stepPath)
    return negotiation.winners
  }

  private func negotiate(
    _ inputs: StepInputs, member: Int?, teamSize: Int
  ) throws -> Negotiation {
    var settings = step.with.map { Setting.Field($0.key, $0.value) }
    if step.needs.task == TaskNames.optimise {
      settings = try withSpace(settings, inputs: inputs, member: member ?? 0)
    }
    let request = Negotiator.Request(
      task: step.needs.task, settings: settings, resolvePath: { [context] in context.resolve($0) },
      teamSize: teamSize, items: inputs.items,
      dims: inputs.items.map { [.fixed("rows", $0)] } ?? [],
      threads: step.resources.cores ?? context.threads,
      memory: step.resources.memoryBytes.map(UInt64.init), deadline: instance.deadline,
      objection: { [context, instance] offer in
        if let misfit = context.objection(to: offer, at: instance.path.stepPath) { return misfit }
        for port in offer.inputs where port.bound {
          guard let value = inputs.produced(port.name, member: member ?? 0),
            value.maker != HostOffers.agent, value.maker != offer.agent
          else { continue }
          return "the \(value.value.kindName) on '\(port.name)' was made by \(value.maker)"
        }
        return nil
      })
    return try context.negotiator.negotiate(request) { decision in
      log.add(decision)
      context.events(.negotiated(path: instance.path.description, decision: decision))
    }
  }

  // MARK: What a member does

  private func run(_ job: MemberJob, inputs: StepInputs) async throws -> [String: Produced] {
    let offer = job.winner.offer
    var bound: [String: Value] = [:]
    var free: [String: Value] = [:]
    for port in offer.inputs {
      guard let produced = inputs.produced(port.name, member: job.member) else { continue }
      let value = try fitted(produced.value, to: port)
      if port.bound { bound[port.name] = value } else { free[port.name] = value }
    }
    var settings: Setting?
    if offer.task == TaskNames.optimise {
      let fields = try withSpace(
        job.winner.settings.fields ?? [], inputs: inputs, member: job.member)
      settings = .object(fields)
      if offer.input("history") != nil {
        free["history"] = .json(history(inputs, member: job.member, score: free["score"]))
      }
    }
    let items = inputs.items
    let (boundInputs, freeInputs, awarded) = (bound, free, settings)
    let outputs = try await job.attempt(items: items) {
      let assignment = try await job.prepare(bound: boundInputs, settings: awarded)
      guard let map = step.map, let mapped = inputs.mapped else {
        return try await job.run(assignment, inputs: freeInputs)
      }
      let port = try mapPort(map, offer: offer, taken: Set(freeInputs.keys))
      guard let source = mapped.members.first,
        case .table(let rows) = try fitted(source.value, to: port)
      else {
        throw ExecutionError(
          .failedPrecondition, "map goes over rows of a dataset or table",
          remedy: "name such a port under 'over'")
      }
      return try await job.run(
        assignment, mapping: rows, batch: map.batch, port: port, inputs: freeInputs)
    }
    return try credited(outputs, inputs: inputs, job: job)
  }

  /// The port that takes the batches: the one that the file names, else the first free port for a
  /// table.
  private func mapPort(_ map: MapOver, offer: Offer, taken: Set<String>) throws -> Port {
    let free = offer.inputs.filter { port in
      if case .table = port.type { !port.bound && !taken.contains(port.name) } else { false }
    }
    if let name = map.port {
      guard let port = free.first(where: { $0.name == name }) else {
        throw ExecutionError(
          .invalidArgument, "\(offer.agent) has no free port '\(name)' for the rows of map",
          remedy: "it has \(free.map(\.name).joined(separator: ", "))")
      }
      return port
    }
    guard let port = free.first else {
      throw ExecutionError(
        .invalidArgument, "\(offer.agent) has no port for the rows of map",
        remedy: "remove 'map', or ask for another agent")
    }
    return port
  }

  /// Outputs with their maker, and the model behind them.
  private func credited(
    _ outputs: [String: Value], inputs: StepInputs, job: MemberJob
  ) throws -> [String: Produced] {
    var produced: [String: Produced] = [:]
    for (port, value) in outputs {
      var origin = inputs.origin(member: job.member)
      if case .model(let model) = value {
        var settings = Setting.object([])
        if case .settings(let chosen)? = inputs.produced("settings", member: job.member)?.value {
          settings = chosen
        }
        let digest = try context.store.put(ArtifactCoding.encoded(.model(model)).bytes)
        origin = ModelOrigin(
          digest: digest.description, maker: job.winner.offer.agent, settings: settings)
      }
      produced[port] = Produced(value: value, maker: job.winner.offer.agent, origin: origin)
    }
    return produced
  }

  private func collect(
    _ results: [[String: Produced]], isTeam: Bool
  ) throws -> [String: PortValue] {
    var outputs: [String: PortValue] = [:]
    for output in step.outputs {
      let values = results.compactMap { $0[output.port] }
      guard values.count == results.count, let first = values.first else {
        throw ExecutionError(
          .failedPrecondition, "no value came on the declared output '\(output.port)'",
          remedy: "remove it from 'out', or ask for an agent that gives it")
      }
      outputs[output.port] = isTeam ? .team(values) : .one(first)
    }
    record(results)
    return outputs
  }

  // MARK: Tuning

  /// Settings with `space` filled from the trainer behind the score, narrowed by the file.
  private func withSpace(
    _ fields: [Setting.Field], inputs: StepInputs, member: Int
  ) throws -> [Setting.Field] {
    guard let origin = inputs.origin(member: member),
      let trainer = context.directory.offer(of: origin.maker, task: TaskNames.train)
    else { return fields }
    let space = try SearchSpace.space(of: trainer, narrowedBy: step.setting("space"))
    return fields.filter { $0.key != "space" } + [Setting.Field("space", space)]
  }

  /// The rounds so far as JSON, oldest first, with this one at the end.
  private func history(_ inputs: StepInputs, member: Int, score: Value?) -> String {
    var value = 0.0
    if case .scalar(.f64(let number))? = score { value = number }
    let entry: Setting = [
      "settings": inputs.origin(member: member)?.settings ?? .object([]), "score": .double(value),
    ]
    let rounds = context.noteHistory(
      entry, step: instance.path.stepPath, member: member, round: instance.round)
    return Setting.list(rounds).json
  }
}
