import Contracts

/// Why an offer does not fit a step: a problem of the file if no other offer fits either.
struct Misfit: Hashable {
  var position: SourcePosition
  var text: String
  var message: String
  var remedy: String
}

/// Compares one offer with one step.
struct OfferFit {
  let offer: Offer
  let step: Step
  let path: StepPath
  let file: WorkflowFile
  let types: StepTypes
  /// Everything offered, for what the host asks of the same agent.
  let offers: [Offer]
  private(set) var misfits: [Misfit] = []

  init(
    _ offer: Offer, step: Step, path: StepPath, file: WorkflowFile, types: StepTypes,
    offers: [Offer]
  ) {
    self.offer = offer
    self.step = step
    self.path = path
    self.file = file
    self.types = types
    self.offers = offers
  }

  mutating func miss(
    _ message: String, at position: SourcePosition, text: String = "", remedy: String
  ) {
    misfits.append(Misfit(position: position, text: text, message: message, remedy: remedy))
  }

  /// Compares everything but `needs`, which ``needsMisfit()`` does.
  mutating func compare() {
    compareTeam()
    compareInputs()
    compareOutputs()
    compareSettings()
    compareResources()
  }

  // MARK: Needs

  /// The first of the step's needs that the offer does not meet.
  func needsMisfit() -> Misfit? {
    func at(_ key: String, _ wanted: String, _ message: String) -> Misfit {
      Misfit(
        position: step.positions.needs[key] ?? step.position, text: wanted, message: message,
        remedy: "")
    }
    if let agent = step.needs.agent, agent != offer.agent {
      return at("agent", agent, "it is not '\(agent)'")
    }
    if let target = step.needs.target, offer.attributes["for"] != target {
      return at("for", target, "its 'for' is \(offer.attributes["for"] ?? "not stated")")
    }
    for (key, value) in step.needs.attributes.sorted(by: { $0.key < $1.key })
    where offer.attributes[key] != value {
      return at(key, value, "its '\(key)' is \(offer.attributes[key] ?? "not stated")")
    }
    return nil
  }

  // MARK: Inputs

  private mutating func compareInputs() {
    guard !step.damaged.contains("in") else { return }
    var bindings = DimBindings()
    for binding in step.inputs {
      guard let port = offer.input(binding.port) else {
        let names = offer.inputs.map(\.name)
        miss(
          "'\(offer.task)' has no input '\(binding.port)'", at: binding.position,
          text: binding.port,
          remedy: NearMiss.nearest(to: binding.port, among: names).map { "did you mean '\($0)'?" }
            ?? (names.isEmpty
              ? "it takes no inputs" : "its inputs are \(names.joined(separator: ", "))"))
        continue
      }
      if binding.reference.mayBeMissing, !port.optional {
        miss(
          "'\(binding.reference.text)' may be missing, but the input '\(port.name)' is required",
          at: binding.reference.position, text: binding.reference.text,
          remedy: "remove the '?', or refer to something that is always there")
      }
      fit(binding.reference, into: port, bindings: &bindings)
    }
    let mapped = mapPort(bindings: &bindings)
    for port in offer.inputs
    where !port.optional && step.input(port.name) == nil && port.name != mapped
      && !step.damaged.contains("in.\(port.name)")
    {
      miss(
        "the input '\(port.name)' is missing", at: step.positions.keys["in"] ?? step.position,
        text: step.positions.keys["in"] == nil ? step.name : "in",
        remedy: "add \(port.name) to in of '\(step.name)': it takes '\(port.type)'")
    }
  }

  /// The input that the rows of `map` go to, after checking that they fit.
  private mutating func mapPort(bindings: inout DimBindings) -> String? {
    guard let map = step.map else { return nil }
    if let name = map.port {
      guard let port = offer.input(name) else {
        miss(
          "'\(offer.task)' has no input '\(name)' for the rows of 'map'", at: map.position,
          text: "map", remedy: "its inputs are \(offer.inputs.map(\.name).joined(separator: ", "))")
        return name
      }
      fit(map.over, into: port, bindings: &bindings)
      return name
    }
    let free = offer.inputs.filter {
      $0.type.rows != nil && !$0.bound && step.input($0.name) == nil
    }
    let required = free.filter { !$0.optional }
    let choice = required.count == 1 ? required : free
    guard choice.count == 1, let port = choice.first else {
      miss(
        choice.isEmpty
          ? "'\(offer.task)' has no free input for the rows of 'map'"
          : "the rows of 'map' could go to \(choice.map(\.name).joined(separator: " or "))",
        at: map.position, text: "map",
        remedy: choice.isEmpty
          ? "remove 'map', or bind its input for rows there and not in 'in'"
          : "say which with as: \(choice[0].name)")
      return nil
    }
    fit(map.over, into: port, bindings: &bindings)
    return port.name
  }

  private mutating func fit(
    _ reference: Reference, into port: Port, bindings: inout DimBindings
  ) {
    let wanted = port.type.unstackingTeam
    if case .sealed = wanted, offer.agent != Checker.host {
      miss(
        "the agent asks for sealed data, which only the host may open",
        at: reference.position, text: reference.text, remedy: "use another agent")
      return
    }
    if case .param(let name) = reference.target {
      guard let value = file.params[name], !wanted.accepts(value) else { return }
      miss(
        "the parameter '\(name)' is \(value.kindName), but the input '\(port.name)' takes "
          + "'\(port.type)'", at: reference.position, text: reference.text,
        remedy: "bind an output of this type")
      return
    }
    guard let source = types.source(of: reference, at: path),
      let offered = types.type(of: source.path, port: source.port)
    else { return }
    do {
      let unification = try PortType.unify(
        offered: offered, wanted: wanted.scoped("offer"), bindings: &bindings)
      compareTeamSize(unification, source.path, reference)
    } catch let error as PortTypeError {
      miss(
        error.message, at: reference.position, text: reference.text,
        remedy: error.suggestion ?? "bind an output of the type '\(port.type)'")
    } catch {
      miss("\(error)", at: reference.position, text: reference.text, remedy: "bind another output")
    }
    refusePersonalData(source.path, source.port, wanted: wanted, reference)
  }

  private mutating func compareTeamSize(
    _ unification: Unification, _ source: StepPath, _ reference: Reference
  ) {
    guard unification.delivery == .fanOut, offer.agent != Checker.host,
      let given = types.teamSize(of: source), let own = types.teamSize(of: path), given != own
    else { return }
    miss(
      "'\(reference.text)' comes from \(given) members, but '\(path)' has \(own)",
      at: reference.position, text: reference.text,
      remedy: "use teams of one size, or a step that takes the team as a whole")
  }

  private mutating func refusePersonalData(
    _ source: StepPath, _ port: String, wanted: PortType, _ reference: Reference
  ) {
    guard offer.flags.contains(.network) else { return }
    var columns = types.personalColumns(of: source, port: port)
    if case .some(let row?) = wanted.rows, !row.open {
      columns.formIntersection(row.columns.map(\.name))
    }
    guard let column = columns.min() else { return }
    miss(
      "'\(reference.text)' holds the column '\(column)', tagged @pii, and the agent asks for the "
        + "network", at: reference.position, text: reference.text,
      remedy: "use an agent without the network, or a step that removes the column first")
  }

  // MARK: Outputs

  private mutating func compareOutputs() {
    var bindings = DimBindings()
    let offered = offeredOutputs
    for output in step.outputs {
      guard let port = offered.first(where: { $0.name == output.port }) else {
        let names = offered.map(\.name)
        let isPart = SplitPlan.Part(rawValue: output.port) != nil && offer.task == TaskNames.prepare
        miss(
          "'\(offer.task)' has no output '\(output.port)'", at: output.position,
          text: output.port,
          remedy: isPart
            ? "divide the rows, with split: {train: 0.7, val: 0.1, blend: 0.05, test: 0.15}"
            : NearMiss.nearest(to: output.port, among: names).map { "did you mean '\($0)'?" }
              ?? (names.isEmpty
                ? "it gives no outputs" : "its outputs are \(names.joined(separator: ", "))"))
        continue
      }
      // A team's outputs may be declared for one member or for the team.
      var declared = output.type.unstackingTeam
      if types.teamSize(of: path) != nil, case .team(let member) = declared { declared = member }
      do {
        _ = try PortType.unify(
          offered: port.type.unstackingTeam.scoped("offer"), wanted: declared, bindings: &bindings)
      } catch let error as PortTypeError {
        miss(
          "the output '\(output.port)': \(error.message)", at: output.typePosition,
          text: output.type.description,
          remedy: error.suggestion ?? "declare \(output.port): \(port.type)")
      } catch {
        miss("\(error)", at: output.typePosition, remedy: "declare \(output.port): \(port.type)")
      }
    }
  }

  /// The offer's outputs, with what the host adds where it splits the rows.
  private var offeredOutputs: [Port] {
    guard offer.task == TaskNames.prepare, let split = step.setting("split") else {
      return offer.outputs
    }
    let rows = offer.output("rows")?.type.rows ?? nil
    // Where the split is wrong, that is reported; its parts are not missing as well.
    let reading = SplitPlan.read(split)
    let parts = reading.problems.isEmpty ? reading.plan.parts : SplitPlan.Part.allCases
    var ports = offer.outputs
    ports += parts.map { Port($0.rawValue, SplitPlan.type(of: $0, columns: rows)) }
    let fits = offers.contains { $0.agent == offer.agent && $0.task == TaskNames.fit }
    if fits, offer.output("fitted") == nil { ports.append(Port("fitted", .state)) }
    return ports
  }
}

extension PortType {
  /// Whether a parameter's value can go into a port of this type.
  func accepts(_ value: Setting) -> Bool {
    switch (self, value) {
    case (.scalar(.utf8), .string), (.text, .string): true
    case (.scalar(.element(.bool)), .bool): true
    case (.scalar(.element(.f32)), .double), (.scalar(.element(.f64)), .double): true
    case (.scalar(.element(let type)), .int): type != .bool
    case (.json, _), (.settings, .object): true
    case (.team(let inner), _), (.sealed(let inner), _): inner.accepts(value)
    default: false
    }
  }
}
