/// Finds steps and loops by the names that references use.
///
/// A name is looked up among the steps beside the one that refers to it, then among those of the
/// loop around it, and so on outwards; a path into a loop then goes down by names.
struct StepIndex: Sendable {
  /// The nodes of each group by the names of the loops around them; `[]` is the file itself.
  private let groups: [[String]: [StepNode]]

  init(_ file: WorkflowFile) {
    var groups: [[String]: [StepNode]] = [:]
    func walk(_ nodes: [StepNode], _ scope: [String]) {
      groups[scope] = nodes
      for case .loop(let loop) in nodes { walk(loop.steps, scope + [loop.name]) }
    }
    walk(file.steps, [])
    self.groups = groups
  }

  /// The nodes directly in a group.
  func nodes(in scope: some Collection<String>) -> [StepNode] { groups[Array(scope)] ?? [] }

  /// The node of a name directly in a group.
  func node(_ name: String, in scope: some Collection<String>) -> StepNode? {
    nodes(in: scope).first { $0.name == name }
  }

  /// The innermost group around `scope`, itself included, that holds a node of this name.
  func scope(holding name: String, from scope: [String]) -> [String]? {
    for depth in stride(from: scope.count, through: 0, by: -1)
    where node(name, in: scope.prefix(depth)) != nil {
      return Array(scope.prefix(depth))
    }
    return nil
  }

  /// The full path of the step that `names` mean inside of `scope`, or nil where there is none.
  func step(_ names: [String], from scope: [String]) -> (path: StepPath, step: Step)? {
    guard let first = names.first, let holder = self.scope(holding: first, from: scope) else {
      return nil
    }
    return step(names, in: holder)
  }

  /// The same, with the first name looked up in this group alone.
  func step(_ names: [String], in scope: [String]) -> (path: StepPath, step: Step)? {
    let path = scope + names
    guard let name = path.last, case .step(let step)? = node(name, in: path.dropLast()) else {
      return nil
    }
    return (StepPath(path), step)
  }
}

extension ExpressionPath {
  /// What a path in an expression means.
  enum Meaning {
    /// `params.name`.
    case param(String)
    /// `loop.round`.
    case round
    /// `loop.previous.step.port`.
    case previous(step: [String], port: String)
    /// `step.port`.
    case output(step: [String], port: String)
    /// Nothing.
    case none
  }

  var meaning: Meaning {
    guard names.count >= 2, let port = names.last else { return .none }
    switch names[0] {
    case "params": return names.count == 2 ? .param(port) : .none
    case "loop":
      if names == ["loop", "round"] { return .round }
      guard names.count >= 4, names[1] == "previous" else { return .none }
      return .previous(step: Array(names[2..<names.count - 1]), port: port)
    default: return .output(step: Array(names.dropLast()), port: port)
    }
  }
}
