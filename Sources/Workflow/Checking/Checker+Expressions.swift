import Contracts

extension Checker {
  /// Checks a step's `if`.
  mutating func checkCondition(of step: Step, scope: [String]) {
    guard let condition = step.condition else { return }
    checkCondition(condition, key: "if", scope: scope, from: step.name)
  }

  /// Checks a loop's `until` and `keep`, which see the steps of the loop.
  mutating func checkBounds(of loop: LoopGroup, scope: [String]) {
    let inner = scope + [loop.name]
    if let until = loop.until, checkCondition(until, key: "until", scope: inner, from: nil) {
      let looksAtNumber = until.paths.contains { path, _, _ in
        if case .round = path.meaning { return true }
        guard let (found, type) = output(path, scope: inner) else { return false }
        return type?.isNumber ?? true && found.names.starts(with: inner)
      }
      if !looksAtNumber {
        problems.report(
          "'until' looks at no number that this loop calculates, so it never changes",
          at: until.position, text: until.text,
          remedy: "compare an output of a step in the loop, as in evaluate.macro_f1 >= 0.9")
      }
    }
    switch loop.keep?.rule {
    case .max(let path), .min(let path):
      guard let keep = loop.keep else { return }
      // The path stands after `max(` or `min(`.
      let here = Place(
        position: keep.position.advanced(by: 4), text: path.description, scope: inner, from: nil)
      if let type = expressionType(of: path, for: here), type != .number {
        problems.report(
          "'keep' compares numbers, but '\(path)' is \(type.rawValue)", at: here.position,
          text: here.text, remedy: "name an output that is a number")
      }
    case .last, nil: break
    }
  }

  /// Returns whether the condition is sound, so that further rules make sense.
  @discardableResult
  private mutating func checkCondition(
    _ condition: Expression, key: String, scope: [String], from: String?
  ) -> Bool {
    var known: [ExpressionPath: ExpressionType] = [:]
    var isSound = true
    for (path, offset, length) in condition.paths {
      let term = Expression.Term(kind: .path(path), offset: offset, length: length)
      let here = Place(
        position: condition.position.advanced(by: offset), text: term.text(in: condition.text),
        scope: scope, from: from)
      if let type = expressionType(of: path, for: here) {
        known[path] = type
      } else {
        isSound = false
      }
    }
    do {
      let type = try condition.type { known[$0] }
      if let type, type != .bool {
        problems.report(
          "'\(key)' takes a condition, but '\(condition.text)' is \(type.rawValue)",
          at: condition.position, text: condition.text,
          remedy: type == .number
            ? "compare it, as in \(condition.text) >= 0.5" : "compare it with == or !=")
        return false
      }
      return isSound
    } catch let error as NotationError {
      problems.report(error, in: condition.text, at: condition.position, prefix: "'\(key)': ")
    } catch {
      problems.report(
        "'\(key)': \(error)", at: condition.position, text: condition.text,
        remedy: "correct the condition")
    }
    return false
  }

  /// The type of a path in an expression, or nil after reporting why it has none.
  private mutating func expressionType(
    of path: ExpressionPath, for here: Place
  ) -> ExpressionType? {
    switch path.meaning {
    case .none:
      problems.report(
        "'\(path)' names no value", at: here.position, text: here.text,
        remedy: "name an output as step.port or a parameter as params.name")
      return nil
    case .round:
      guard here.scope.isEmpty else { return .number }
      problems.report(
        "'loop.round' stands outside of every loop", at: here.position, text: here.text,
        remedy: "use it inside of a loop")
      return nil
    case .param(let name):
      checkParam(name, for: here)
      guard let value = file.params[name] else { return nil }
      guard let type = value.expressionValue?.type else {
        problems.report(
          "the parameter '\(name)' is \(value.kindName), which no expression can use",
          at: here.position, text: here.text, remedy: "use a number, text, true or false")
        return nil
      }
      return type
    case .previous(let names, let port):
      guard checkPrevious(names, port: port, for: here) else { return nil }
    case .output(let names, let port):
      guard let target = locate(names, for: here) else { return nil }
      note(target, for: here)
      guard checkPort(port, of: target, for: here) else { return nil }
    }
    return outputType(of: path, for: here)
  }

  private mutating func outputType(
    of path: ExpressionPath, for here: Place
  ) -> ExpressionType? {
    guard let (found, scalar) = output(path, scope: here.scope) else { return nil }
    guard let scalar else {
      let type = path.names.last.flatMap { types.type(of: found, port: $0) }
      problems.report(
        "'\(path)' is \(type.map { "'\($0)'" } ?? "unknown"), which no expression can use",
        at: here.position, text: here.text,
        remedy: "use an output that is a number, text, true or false")
      return nil
    }
    if let member = path.member {
      let size = types.teamSize(of: found) ?? 1
      guard member < size else {
        problems.report(
          "'\(found)' has \(size == 1 ? "one member" : "\(size) members"), so there is no "
            + "[\(member)]", at: here.position, text: here.text,
          remedy: size == 1 ? "leave out [\(member)]" : "members count from 0 to \(size - 1)")
        return nil
      }
    }
    switch scalar {
    case .utf8: return .string
    case .element(.bool): return .bool
    case .element: return .number
    }
  }

  /// The step that a path leads to and the scalar type of its output, one member's in a team.
  private func output(
    _ path: ExpressionPath, scope: [String]
  ) -> (path: StepPath, scalar: ScalarType?)? {
    let found: StepPath?
    let port: String
    switch path.meaning {
    case .output(let names, let name): (found, port) = (index.step(names, from: scope)?.path, name)
    case .previous(let names, let name): (found, port) = (index.step(names, in: scope)?.path, name)
    default: return nil
    }
    guard let found else { return nil }
    switch types.type(of: found, port: port) {
    case .scalar(let type), .team(.scalar(let type)): return (found, type)
    default: return (found, nil)
    }
  }
}
