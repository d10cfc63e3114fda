import Contracts

extension FileReader {
  /// The keys of a step, in the order of the reference page.
  static let stepKeys = [
    "needs", "with", "in", "out", "team", "map", "if", "retry", "deadline", "resources",
    "feedback", "isolate", "checkpoint",
  ]

  /// One step; what cannot be read is reported and noted in ``Step/damaged``.
  mutating func step(_ entry: YAMLValue.Entry, _ keys: Entries) -> Step {
    refuseUnknown(keys, known: Self.stepKeys, of: "a step")
    var step = Step(name: entry.key, position: entry.position)
    for key in keys.all {
      step.positions.keys[key.key] = key.position
      step.positions.values[key.key] = key.value.position
    }
    if let needs = keys["needs"] {
      readNeeds(needs.value, into: &step)
    } else {
      problems.report(
        "the step '\(entry.key)' has no 'needs'", at: entry.position, text: entry.key,
        remedy: "add needs: {task: …} with the task that an agent must offer")
      step.damaged.insert("needs")
    }
    if let with = keys["with"] { readWith(with.value, into: &step) }
    if let inputs = keys["in"] { readInputs(inputs.value, into: &step) }
    if let outputs = keys["out"] { readOutputs(outputs.value, into: &step) }
    if let team = keys["team"] {
      step.team = whole(team.value, of: "team", from: 1, example: "2") ?? 1
    }
    if let map = keys["map"] { step.map = self.map(map, &step) }
    if let condition = keys["if"] { step.condition = expression(condition.value, of: "if") }
    if let retry = keys["retry"] { step.retry = self.retry(retry.value) }
    if let deadline = keys["deadline"] {
      step.deadline = duration(deadline.value, of: "deadline", example: "2s")
    }
    if let resources = keys["resources"] { step.resources = self.resources(resources.value) }
    if let feedback = keys["feedback"] { step.feedback = self.feedback(feedback.value) }
    refuseUnavailable(keys, in: step)
    return step
  }

  private mutating func readNeeds(_ value: YAMLValue, into step: inout Step) {
    guard let entries = mapping(value, as: "'needs'", example: "needs: {task: data.collect/1}")
    else {
      step.damaged.insert("needs")
      return
    }
    for entry in entries.all {
      step.positions.needs[entry.key] = entry.value.position
      guard case .scalar(let raw) = entry.value.content, raw != .null else {
        reportType(entry.value, key: entry.key, wants: "a word", example: "csv")
        step.damaged.insert("needs")
        continue
      }
      // An attribute is compared as text: `version: 2` asks for "2".
      let filled = raw.stringValue == nil ? raw : substituted(entry.value)
      let text = filled.stringValue ?? entry.value.text
      switch entry.key {
      case "task": step.needs.task = text
      case "for": step.needs.target = text
      case "agent": step.needs.agent = text
      default: step.needs.attributes[entry.key] = text
      }
    }
    if let task = entries["task"] {
      step.positions.task = task.value.position
      if case .scalar = task.value.content { checkTask(step.needs.task, task.value, "task", &step) }
    } else {
      problems.report(
        "'needs' names no task", at: value.position,
        remedy: "add task, as in needs: {task: data.collect/1}")
      step.damaged.insert("needs")
    }
    if let target = entries["for"], let task = step.needs.target {
      checkTask(task, target.value, "for", &step)
    }
  }

  /// A task is dotted words, a slash and a version: `text.classify/1`.
  private mutating func checkTask(
    _ task: String, _ value: YAMLValue, _ key: String, _ step: inout Step
  ) {
    let parts = task.split(separator: "/", omittingEmptySubsequences: false)
    let words = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fits =
      parts.count == 2 && Int(parts[1]) != nil && words.count >= 2
      && words.allSatisfy { Name.isName($0.replacing("-", with: "_")) }
    guard !fits else { return }
    step.damaged.insert("needs")
    problems.report(
      parts.count == 1
        ? "the task '\(task)' has no version" : "'\(task)' is no task", at: value.position,
      text: value.text,
      remedy: "write \(key): \(parts.count == 1 ? task + "/1" : "text.classify/1")")
  }

  private mutating func readWith(_ value: YAMLValue, into step: inout Step) {
    guard let entries = mapping(value, as: "'with'", example: "with: {path: tickets.csv}") else {
      step.damaged.insert("with")
      return
    }
    for entry in entries.all {
      step.with.append(
        StepSetting(
          key: entry.key, value: substituted(entry.value), position: entry.position,
          positions: entry.value.positions))
    }
  }

  private mutating func readInputs(_ value: YAMLValue, into step: inout Step) {
    guard let entries = mapping(value, as: "'in'", example: "in: {rows: collect.rows}") else {
      step.damaged.insert("in")
      return
    }
    for entry in entries.all {
      guard Name.isName(entry.key) else {
        reportName(entry, what: "a port")
        continue
      }
      let reference = notation(
        entry.value, of: entry.key, example: "collect.rows",
        { try Reference(parsing: $0, position: entry.value.textPosition) })
      guard let reference else {
        step.damaged.insert("in.\(entry.key)")
        continue
      }
      step.inputs.append(
        Binding(port: entry.key, reference: reference, position: entry.position))
    }
  }

  private mutating func readOutputs(_ value: YAMLValue, into step: inout Step) {
    guard let entries = mapping(value, as: "'out'", example: "out: {rows: \"table<text:utf8>\"}")
    else {
      step.damaged.insert("out")
      return
    }
    for entry in entries.all {
      guard Name.isName(entry.key) else {
        reportName(entry, what: "a port")
        continue
      }
      let type = notation(entry.value, of: entry.key, example: "dataset") {
        try PortType(parsing: $0)
      }
      guard let type else {
        step.damaged.insert("out.\(entry.key)")
        continue
      }
      step.outputs.append(
        Output(
          port: entry.key, type: type, position: entry.position,
          typePosition: entry.value.position))
    }
  }
}

extension Step {
  /// A step of which nothing is known but its name and place.
  init(name: String, position: SourcePosition) {
    self.init(
      name: name, needs: Needs(task: "", target: nil, agent: nil, attributes: [:]), with: [],
      inputs: [], outputs: [], team: 1, map: nil, condition: nil, retry: nil, deadline: nil,
      resources: Resources(), feedback: [],
      positions: StepPositions(name: position, task: position))
  }

  /// A step that is no mapping: referring to it is no further error.
  static func unreadable(_ entry: YAMLValue.Entry) -> Step {
    var step = Step(name: entry.key, position: entry.position)
    step.damaged = ["needs", "with", "in", "out"]
    return step
  }
}
