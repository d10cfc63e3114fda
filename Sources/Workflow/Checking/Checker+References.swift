import Contracts

extension Checker {
  /// Checks where a step's inputs, rows and feedback come from.
  mutating func checkReferences(of step: Step, scope: [String]) {
    for binding in step.inputs { check(binding.reference, of: step, scope: scope) }
    if let map = step.map { check(map.over, of: step, scope: scope) }
    for feedback in step.feedback {
      let text = feedback.step.description
      let here = Place(position: feedback.position, text: text, scope: scope, from: step.name)
      guard let target = locate(feedback.step.names, for: here) else { continue }
      note(target, for: here)
    }
  }

  private mutating func check(_ reference: Reference, of step: Step, scope: [String]) {
    let here = Place(
      position: reference.position, text: reference.text, scope: scope, from: step.name)
    switch reference.target {
    case .param(let name): checkParam(name, for: here)
    case .previous(let names, let port):
      guard checkPrevious(names, port: port, for: here) else { return }
      if !reference.mayBeMissing {
        problems.report(
          "'\(reference.text)' is missing in the first round: there is no round before it",
          at: reference.position, text: reference.text,
          remedy: "write \(reference.text)? and bind it to an input that may be missing")
      }
    case .output(let names, let port):
      guard let target = locate(names, for: here) else { return }
      note(target, for: here)
      _ = checkPort(port, of: target, for: here)
    }
  }

  /// Where a reference stands: for messages and for looking up names.
  struct Place {
    var position: SourcePosition
    var text: String
    /// The loops around it.
    var scope: [String]
    /// The node that refers; nil for a loop's own `until` and `keep`, which look at its steps.
    var from: String?
  }

  /// A step that a reference leads to.
  struct Target {
    var path: StepPath
    var step: Step
    /// The group in which the first name was found.
    var holder: [String]
  }

  /// The step that names lead to, or nil after reporting why there is none.
  mutating func locate(_ names: [String], for here: Place) -> Target? {
    guard let first = names.first else { return nil }
    guard let holder = index.scope(holding: first, from: here.scope) else {
      let inLoop = file.allSteps.first { $0.path.names.last == first }?.path.description
      problems.report(
        "there is no step '\(first)'", at: here.position, text: here.text,
        remedy: inLoop.map { "a step inside of a loop is named \($0)" }
          ?? suggestion(
            for: first, among: visibleNames(from: here.scope),
            else: "steps here are \(visibleNames(from: here.scope).joined(separator: ", "))"))
      return nil
    }
    if case .loop? = index.node(first, in: holder), here.scope.starts(with: holder + [first]) {
      problems.report(
        "'\(first)' is the loop around this step: it has not ended", at: here.position,
        text: here.text,
        remedy: "leave out '\(first).' for this round, or write loop.previous. for the round before"
      )
      return nil
    }
    return descend(names, from: holder, for: here)
  }

  private mutating func descend(
    _ names: [String], from holder: [String], for here: Place
  ) -> Target? {
    if let (path, step) = index.step(names, in: holder) {
      return Target(path: path, step: step, holder: holder)
    }
    // Find the name at which the path leaves the tree.
    var scope = holder
    for (depth, name) in names.enumerated() {
      let isLast = depth == names.count - 1
      switch index.node(name, in: scope) {
      case .loop?:
        scope.append(name)
        guard isLast else { continue }
        let steps = index.nodes(in: scope).map(\.name)
        problems.report(
          "'\(names.joined(separator: "."))' is a loop, not a step", at: here.position,
          text: here.text,
          remedy: "name one of its steps: \(steps.joined(separator: ", "))")
      case .step?:
        problems.report(
          "'\(name)' is a step and holds no step '\(names[depth + 1])'", at: here.position,
          text: here.text, remedy: "refer to one of its outputs, as in \(name).port")
      case nil:
        let steps = index.nodes(in: scope).map(\.name)
        problems.report(
          "the loop '\(scope.joined(separator: "."))' has no step '\(name)'", at: here.position,
          text: here.text,
          remedy: suggestion(
            for: name, among: steps, else: "its steps are \(steps.joined(separator: ", "))"))
      }
      return nil
    }
    return nil
  }

  /// Whether `loop.previous` can be used here and leads to an output; reports why not.
  mutating func checkPrevious(_ names: [String], port: String, for here: Place) -> Bool {
    guard let loop = here.scope.last else {
      problems.report(
        "'\(here.text)' stands outside of every loop", at: here.position, text: here.text,
        remedy: "refer to the step itself: \((names + [port]).joined(separator: "."))")
      return false
    }
    guard let first = names.first, index.node(first, in: here.scope) != nil else {
      let steps = index.nodes(in: here.scope).map(\.name)
      let isOutside = names.first.flatMap { index.scope(holding: $0, from: here.scope) } != nil
      problems.report(
        "the loop '\(loop)' has no step '\(names.first ?? "")'", at: here.position,
        text: here.text,
        remedy: isOutside
          ? "it stands outside of the loop: write \((names + [port]).joined(separator: "."))"
          : suggestion(
            for: names.first ?? "", among: steps,
            else: "its steps are \(steps.joined(separator: ", "))"))
      return false
    }
    guard let target = descend(names, from: here.scope, for: here) else { return false }
    return checkPort(port, of: target, for: here)
  }

  /// Whether the step declares the output; reports why not.
  mutating func checkPort(_ port: String, of target: Target, for here: Place) -> Bool {
    let step = target.step
    if step.output(port) != nil { return true }
    if step.damaged.contains("out") || step.damaged.contains("out.\(port)") { return false }
    let offered = offers.filter { $0.task == step.needs.task }.compactMap { $0.output(port) }.first
    let declared = step.outputs.map(\.port)
    let remedy: String =
      if let offered {
        "add \(port): \(offered.type) to out of '\(target.path)'"
      } else if declared.isEmpty {
        "add it with its type to out of '\(target.path)'"
      } else {
        suggestion(
          for: port, among: declared, else: "its outputs are \(declared.joined(separator: ", "))")
      }
    problems.report(
      "the step '\(target.path)' declares no output '\(port)'", at: here.position,
      text: here.text, remedy: remedy)
    return false
  }

  mutating func checkParam(_ name: String, for here: Place) {
    guard file.params[name] == nil else { return }
    let names = file.params.keys.sorted()
    problems.report(
      "there is no parameter '\(name)'", at: here.position, text: here.text,
      remedy: suggestion(
        for: name, among: names,
        else: names.isEmpty
          ? "add it: params: {\(name): …}" : "parameters are \(names.joined(separator: ", "))"))
  }
}
