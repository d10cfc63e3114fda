import Contracts

extension RunMachine {
  enum Readiness {
    case waits
    case ready
    case skips(String)
  }

  /// What a reference leads to at this point of the run.
  enum Resolution {
    /// What it refers to has not ended.
    case unsettled
    /// There is nothing, and why.
    case missing(String)
    case at(InstancePath)
  }

  /// Whether a step can start: everything that it refers to has ended, and its `if` holds.
  func readiness(of step: Step, rounds: [InstancePath.Round]) -> Readiness {
    var missing: String?
    for reference in step.inputs.map(\.reference) + (step.map.map { [$0.over] } ?? []) {
      switch resolve(reference.target, rounds: rounds) {
      case .unsettled?: return .waits
      case .missing(let reason)? where !reference.mayBeMissing: missing = missing ?? reason
      default: break
      }
    }
    for (path, _, _) in step.condition?.paths ?? [] {
      if case .unsettled? = resolve(path, rounds: rounds) { return .waits }
    }
    for feedback in step.feedback {
      if case .unsettled = resolve(feedback.step.names, rounds: rounds) { return .waits }
    }
    if let condition = step.condition, !condition.holds({ value(of: $0, rounds: rounds) }) {
      return .skips("if: \(condition) does not hold")
    }
    return missing.map(Readiness.skips) ?? .ready
  }

  /// An attempt of a step with every reference settled.
  func instance(_ step: Step, _ path: InstancePath, attempt: Int) -> StepInstance {
    func source(_ reference: Reference) -> ValueSource? {
      if case .param(let name) = reference.target {
        return file.params[name].map { .param(name: name, value: $0) }
      }
      guard case .at(let place)? = resolve(reference.target, rounds: path.rounds) else {
        return nil
      }
      return reference.port.map { .output(place, port: $0) }
    }
    return StepInstance(
      path: path, step: step, round: path.rounds.last?.number ?? 0, attempt: attempt,
      deadline: step.deadline,
      inputs: step.inputs.compactMap { binding in
        source(binding.reference).map { ResolvedInput(port: binding.port, source: $0) }
      },
      mapOver: step.map.flatMap { source($0.over) },
      feedback: step.feedback.compactMap { feedback in
        guard case .at(let place) = resolve(feedback.step.names, rounds: path.rounds) else {
          return nil
        }
        return place
      },
      seed: Self.seed(file.seed, path))
  }

  /// The value of a path in an expression; nil where it is missing.
  func value(of path: ExpressionPath, rounds: [InstancePath.Round]) -> ExpressionValue? {
    let port: String
    switch path.meaning {
    case .none: return nil
    case .param(let name): return file.params[name]?.expressionValue
    case .round: return rounds.last.map { .number(Double($0.number)) }
    case .previous(_, let name), .output(_, let name): port = name
    }
    guard case .at(let place)? = resolve(path, rounds: rounds),
      case .succeeded(let reported)? = steps[place]
    else { return nil }
    switch reported[port] {
    case nil: return nil
    case .one(let value): return path.member ?? 0 == 0 ? value : nil
    case .members(let values):
      if let member = path.member { return values.indices.contains(member) ? values[member] : nil }
      return scalars.best(of: values, step: place.stepPath, port: port)
    }
  }

  // MARK: References

  /// Nil for what is no step's output.
  private func resolve(
    _ path: ExpressionPath, rounds: [InstancePath.Round]
  ) -> Resolution? {
    switch path.meaning {
    case .none, .param, .round: nil
    case .previous(let names, _): resolvePrevious(names, rounds: rounds)
    case .output(let names, _): resolve(names, rounds: rounds)
    }
  }

  private func resolve(
    _ target: Reference.Target, rounds: [InstancePath.Round]
  ) -> Resolution? {
    switch target {
    case .param: nil
    case .previous(let names, _): resolvePrevious(names, rounds: rounds)
    case .output(let names, _): resolve(names, rounds: rounds)
    }
  }

  private func resolve(_ names: [String], rounds: [InstancePath.Round]) -> Resolution {
    guard let first = names.first,
      let scope = index.scope(holding: first, from: rounds.map(\.loop))
    else { return .missing("there is no step '\(names.joined(separator: "."))'") }
    return descend(names, rounds: Array(rounds.prefix(scope.count)))
  }

  private func resolvePrevious(
    _ names: [String], rounds: [InstancePath.Round]
  ) -> Resolution {
    guard var last = rounds.last else { return .missing("there is no loop around this step") }
    guard last.number > 1 else { return .missing("there is no round before the first") }
    last.number -= 1
    return descend(names, rounds: rounds.dropLast() + [last])
  }

  /// Follows names down from a group, through the kept rounds of the loops on the way.
  private func descend(_ names: [String], rounds: [InstancePath.Round]) -> Resolution {
    var rounds = rounds
    for (depth, name) in names.enumerated() {
      let path = InstancePath(rounds: rounds, name: name)
      switch index.node(name, in: rounds.map(\.loop)) {
      case .step? where depth == names.count - 1:
        switch steps[path] {
        case .succeeded: return .at(path)
        case .skipped: return .missing("'\(path)' was skipped")
        default: return .unsettled
        }
      case .loop?:
        guard let state = loops[path], state.isFinished else { return .unsettled }
        guard state.kept > 0 else { return .missing("no round of '\(path)' did anything") }
        rounds.append(.init(loop: name, number: state.kept))
      default: return .missing("there is no step '\(names.joined(separator: "."))'")
      }
    }
    return .missing("'\(names.joined(separator: "."))' is a loop, not a step")
  }

  /// FNV-1a over the path, mixed with the run's seed by SplitMix64's finalizer (Steele et al.,
  /// "Fast Splittable Pseudorandom Number Generators", 2014).
  private static func seed(_ seed: UInt64, _ path: InstancePath) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in path.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mixed = (hash ^ seed) &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension Reference {
  /// The port that is referred to; nil for a parameter.
  var port: String? {
    switch target {
    case .output(_, let port), .previous(_, let port): port
    case .param: nil
    }
  }
}

extension Setting {
  /// The parameter as expressions see it; nil for lists, mappings and nothing.
  var expressionValue: ExpressionValue? {
    switch self {
    case .bool(let value): .bool(value)
    case .int(let value): .number(Double(value))
    case .double(let value): .number(value)
    case .string(let value): .string(value)
    case .null, .list, .object: nil
    }
  }
}
