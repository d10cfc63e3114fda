/// Which outputs the expressions of a workflow use, and which of a team's values stands for it.
struct ScalarUse: Sendable {
  private var used: [StepPath: [String]] = [:]
  /// Outputs whose smallest value is the best: those that a loop keeps the minimum of.
  private var minimised: Set<StepPath> = []

  init(_ file: WorkflowFile, _ index: StepIndex) {
    func note(_ path: ExpressionPath, _ scope: [String]) -> StepPath? {
      let found: (path: StepPath, step: Step)?
      let port: String
      switch path.meaning {
      case .previous(let names, let name): (found, port) = (index.step(names, in: scope), name)
      case .output(let names, let name): (found, port) = (index.step(names, from: scope), name)
      case .none, .param, .round: return nil
      }
      guard let found else { return nil }
      if !used[found.path, default: []].contains(port) {
        used[found.path, default: []].append(port)
      }
      return StepPath(found.path.names + [port])
    }
    func walk(_ nodes: [StepNode], _ scope: [String]) {
      for node in nodes {
        switch node {
        case .step(let step):
          for (path, _, _) in step.condition?.paths ?? [] { _ = note(path, scope) }
        case .loop(let loop):
          let inner = scope + [loop.name]
          for (path, _, _) in loop.until?.paths ?? [] { _ = note(path, inner) }
          switch loop.keep?.rule {
          case .max(let path): _ = note(path, inner)
          case .min(let path): if let output = note(path, inner) { minimised.insert(output) }
          case .last, nil: break
          }
          walk(loop.steps, inner)
        }
      }
    }
    walk(file.steps, [])
  }

  /// The output ports of a step that expressions use, so that it must report them.
  func needed(of step: StepPath) -> [String] { used[step] ?? [] }

  /// The best member's value: the largest, or the smallest where a loop keeps the minimum.
  ///
  /// A member whose value is NaN is not the best unless all are. Of values that are no numbers the
  /// first is taken.
  func best(of values: [ExpressionValue], step: StepPath, port: String) -> ExpressionValue? {
    let numbers = values.compactMap { value -> Double? in
      if case .number(let number) = value { number } else { nil }
    }
    guard numbers.count == values.count else { return values.first }
    let real = numbers.filter { !$0.isNaN }
    let best = minimised.contains(StepPath(step.names + [port])) ? real.min() : real.max()
    return (best ?? numbers.first).map(ExpressionValue.number)
  }
}
