import AgentHost
import ArrowTables
import Contracts
import Journal
import Planning
import Workflow

/// `data.prepare/1` with `with.split`: an agent cleans, the host splits and seals, the agent fits
/// on the training part alone and applies what it fitted to each part.
///
/// The order is what keeps the measurement honest: nothing is learned before the split, and the
/// agent never sees which rows are the test part's, nor any label when it applies.
struct PrepareStep: Sendable {
  let instance: StepInstance
  let context: RunContext
  let log: StepLog

  private var step: Step { instance.step }

  /// Runs the step; the outputs by port.
  func run() async throws -> [String: PortValue] {
    let inputs = try StepInputs(instance, context: context)
    guard let rows = inputs.values["rows"]?.members.first, case .table(let raw) = rows.value else {
      throw ExecutionError(
        .invalidArgument, "the step needs rows", remedy: "bind 'rows' under 'in'")
    }
    let winner = try negotiate(items: Int64(raw.rowCount))
    let job = MemberJob(
      winner: winner, member: 0, teamSize: 1, instance: instance, context: context, log: log)
    return try await job.attempt(items: Int64(raw.rowCount)) {
      try declared(try await prepare(raw, job: job))
    }
  }

  private func prepare(_ raw: Table, job: MemberJob) async throws -> [String: PortValue] {
    let cleaned = try await clean(raw, job: job)
    let maker = job.winner.offer.agent
    var outputs: [String: PortValue] = [
      "rows": .one(Produced(value: .table(cleaned.table), maker: maker))
    ]
    if let report = cleaned.report {
      outputs["report"] = .one(Produced(value: .json(report), maker: maker))
    }
    log.note("\(raw.rowCount) rows → \(cleaned.table.rowCount)")
    if let setting = step.setting("split") {
      try await split(cleaned.table, by: try SplitPlan(setting), job: job, into: &outputs)
    }
    return outputs
  }

  private func negotiate(items: Int64) throws -> Winner {
    let request = Negotiator.Request(
      task: step.needs.task,
      settings: step.with.filter { $0.key != "split" }.map { Setting.Field($0.key, $0.value) },
      resolvePath: { [context] in context.resolve($0) }, items: items,
      dims: [.fixed("rows", items)], threads: step.resources.cores ?? context.threads,
      memory: step.resources.memoryBytes.map(UInt64.init), deadline: instance.deadline,
      objection: { [context, instance] offer in
        context.objection(to: offer, at: instance.path.stepPath)
      })
    let negotiation = try context.negotiator.negotiate(request) { decision in
      log.add(decision)
      context.events(.negotiated(path: instance.path.description, decision: decision))
    }
    context.keep(negotiation, of: instance.path.stepPath)
    guard let winner = negotiation.winners.first else {
      throw ExecutionError(.internal, "a complete negotiation has no winner")
    }
    return winner
  }

  private func clean(
    _ raw: Table, job: MemberJob
  ) async throws -> (table: Table, report: String?) {
    let assignment = try await job.prepare(bound: [:])
    let outputs = try await job.run(assignment, inputs: ["rows": .table(raw)])
    guard case .table(let table)? = outputs["rows"] else {
      throw ExecutionError(.failedPrecondition, "the preparation gave no rows")
    }
    guard table.rowCount > 0 else {
      throw ExecutionError(
        .failedPrecondition, "the preparation left none of \(raw.rowCount) rows",
        remedy: "look at its settings, and whether texts and labels are in the columns named")
    }
    if case .json(let report)? = outputs["report"] { return (table, report) }
    return (table, nil)
  }

  // MARK: Splitting, fitting, applying

  private func split(
    _ table: Table, by plan: SplitPlan, job: MemberJob, into outputs: inout [String: PortValue]
  ) async throws {
    let splitter = Splitter(plan: plan, seed: instance.seed, labelColumn: "label")
    var split = try splitter.split(table)
    let classes = try classes(of: table, rows: split.rows[.train] ?? [])
    var parts: [SplitPlan.Part: Table] = [:]
    for part in plan.parts { parts[part] = table.rows(at: split.rows[part] ?? []) }
    if step.output("fitted") != nil, let training = parts[.train] {
      let state = try await fit(training, classes: classes, job: job)
      outputs["fitted"] = .one(
        Produced(value: .state(state), maker: job.winner.offer.agent))
      parts = try await apply(state, to: parts, job: job)
    }
    split.leaks += try dropLeaks(&parts)
    for part in plan.parts {
      guard let rows = parts[part] else { continue }
      let dataset = Dataset(table: rows, classes: classes)
      outputs[part.rawValue] =
        part == .test
        ? .sealed(SealedPart(name: "\(instance.path.name).test", dataset: dataset))
        : .one(Produced(value: .dataset(dataset), maker: HostOffers.agent))
      log.add(MetricRecord(name: "rows.\(part.rawValue)", value: Double(rows.rowCount)))
    }
    log.add(MetricRecord(name: "rows.left_out", value: Double(split.leaks + split.strangers)))
    let sizes = plan.parts.map { "\($0.rawValue) \(parts[$0]?.rowCount ?? 0)" }
    log.note("\(classes.count) classes, " + sizes.joined(separator: " "))
    if split.leaks > 0 { log.note("\(split.leaks) rows left out that the test part holds") }
    if let sample = parts[.val] ?? parts[.train] {
      let texts = try sample.strings("text").prefix(64).compactMap { $0 }
      context.keepSamples(texts)
    }
  }

  /// The classes in the order of their indices: the distinct labels of the training part, sorted.
  private func classes(of table: Table, rows: [Int]) throws -> [String] {
    guard table.column("label") != nil else { return [] }
    let labels = try table.strings("label")
    let classes = Set(rows.compactMap { labels[$0] }).sorted()
    guard classes.count >= 2 else {
      throw ExecutionError(
        .failedPrecondition,
        "the training part has \(classes.isEmpty ? "no class" : "one class only: \(classes[0])")",
        remedy: "a classifier needs at least two; look at the label column of the source")
    }
    return classes
  }

  private func fit(_ training: Table, classes: [String], job: MemberJob) async throws -> [UInt8] {
    let fitting = try sibling(job, task: TaskNames.fit)
    let data = try training.selecting(["text", "label"])
    return try await fitting.measured(items: Int64(training.rowCount)) {
      let assignment = try await fitting.prepare(bound: [:])
      let outputs = try await fitting.run(
        assignment, inputs: ["data": .dataset(Dataset(table: data, classes: classes))])
      guard case .state(let state)? = outputs["fitted"] else {
        throw ExecutionError(.failedPrecondition, "the preparation gave no fitted state")
      }
      return state
    }
  }

  private func apply(
    _ state: [UInt8], to parts: [SplitPlan.Part: Table], job: MemberJob
  ) async throws -> [SplitPlan.Part: Table] {
    let applying = try sibling(job, task: TaskNames.apply)
    return try await applying.measured(items: nil) {
      let assignment = try await applying.prepare(bound: ["fitted": .state(state)])
      var applied: [SplitPlan.Part: Table] = [:]
      for (part, table) in parts {
        let outputs = try await applying.run(
          assignment, inputs: ["rows": .table(try table.selecting(["text"]))])
        guard case .table(let texts)? = outputs["rows"], texts.rowCount == table.rowCount,
          let column = texts.column("text")
        else {
          throw ExecutionError(
            .failedPrecondition,
            "data.apply/1 must give a 'text' for each of the \(table.rowCount) rows that it took")
        }
        applied[part] = try table.replacing(column)
      }
      return applied
    }
  }

  /// The same agent, awarded another of its tasks with the same settings as far as that task knows
  /// them.
  private func sibling(_ job: MemberJob, task: String) throws -> MemberJob {
    guard let offer = job.winner.agent.offers.first(where: { $0.task == task }) else {
      throw ExecutionError(.unimplemented, "\(job.winner.agent.id) does not offer \(task)")
    }
    let fields = (job.winner.settings.fields ?? []).filter { field in
      offer.settings.contains { $0.name == field.key }
    }
    let settings = try checkSettings(.object(fields), against: offer.settings)
    return MemberJob(
      winner: Winner(agent: job.winner.agent, offer: offer, settings: settings, bid: nil),
      member: 0, teamSize: 1, instance: instance, context: context, log: log)
  }

  /// Leaves out of the other parts what the test part holds after the preparation, which may have
  /// made texts equal.
  private func dropLeaks(_ parts: inout [SplitPlan.Part: Table]) throws -> Int {
    guard let test = parts[.test] else { return 0 }
    let sealed = Set(try test.strings("text").map { normalisedKey($0 ?? "") })
    var dropped = 0
    for (part, table) in parts where part != .test {
      let keys = try table.strings("text").map { normalisedKey($0 ?? "") }
      let kept = keys.indices.filter { keys[$0].isEmpty || !sealed.contains(keys[$0]) }
      dropped += table.rowCount - kept.count
      if kept.count < table.rowCount { parts[part] = table.rows(at: kept) }
    }
    return dropped
  }

  private func declared(_ outputs: [String: PortValue]) throws -> [String: PortValue] {
    var declared: [String: PortValue] = [:]
    for output in step.outputs {
      guard let value = outputs[output.port] else {
        throw ExecutionError(
          .invalidArgument, "the step has no output '\(output.port)'",
          remedy: "it has \(outputs.keys.sorted().joined(separator: ", "))")
      }
      declared[output.port] = value
    }
    return declared
  }
}
