import Contracts

extension FileReader {
  /// Loops in loops multiply their rounds; more than this is no budget any more.
  private static let loopDepthLimit = 4
  private static let roundLimit = 10_000

  /// The steps and loops of a `steps` mapping, in order.
  mutating func nodes(_ value: YAMLValue, depth: Int) -> [StepNode] {
    guard let entries = mapping(value, as: "'steps'", example: "steps: {collect: {needs: …}}")
    else {
      return []
    }
    if entries.all.isEmpty {
      problems.report(
        "'steps' holds no step", at: value.position, remedy: "add at least one step")
    }
    return entries.all.compactMap { entry in
      guard Name.isName(entry.key), !Name.reserved.contains(entry.key) else {
        reportName(entry, what: "a step")
        return nil
      }
      guard case .mapping(let inner) = entry.value.content else {
        problems.report(
          "the step '\(entry.key)' is a mapping, not \(entry.value.kindName)",
          at: entry.value.position, text: entry.value.text,
          remedy: "write \(entry.key): {needs: {task: …}}")
        return .step(.unreadable(entry))
      }
      let keys = Entries(all: inner)
      return keys["loop"] != nil || keys["steps"] != nil
        ? .loop(loop(entry, keys, depth: depth)) : .step(step(entry, keys))
    }
  }

  private mutating func loop(
    _ entry: YAMLValue.Entry, _ keys: Entries, depth: Int
  ) -> LoopGroup {
    refuseUnknown(keys, known: ["loop", "steps"], of: "a loop")
    var group = LoopGroup(
      name: entry.key, max: 1, until: nil, keep: nil, steps: [], position: entry.position)
    if depth >= Self.loopDepthLimit {
      problems.report(
        "loops stand deeper than \(Self.loopDepthLimit) in one another", at: entry.position,
        text: entry.key, remedy: "merge loops")
      return group
    }
    if let steps = keys["steps"] {
      group.steps = nodes(steps.value, depth: depth + 1)
    } else {
      problems.report(
        "the loop '\(entry.key)' has no 'steps'", at: entry.position, text: entry.key,
        remedy: "add steps: with at least one")
    }
    guard let head = keys["loop"] else {
      problems.report(
        "the loop '\(entry.key)' has no 'loop'", at: entry.position, text: entry.key,
        remedy: "add loop: {max: 6}")
      return group
    }
    guard let bounds = mapping(head.value, as: "'loop'", example: "loop: {max: 6}") else {
      return group
    }
    refuseUnknown(bounds, known: ["max", "until", "keep"], of: "'loop'")
    if let max = bounds["max"] {
      group.max = whole(max.value, of: "max", from: 1, example: "6") ?? 1
      if group.max > Self.roundLimit {
        problems.report(
          "'max' allows \(group.max) rounds, more than \(Self.roundLimit)",
          at: max.value.position, text: max.value.text, remedy: "write a smaller number")
        group.max = Self.roundLimit
      }
    } else {
      problems.report(
        "the loop '\(entry.key)' has no 'max': every loop has a bound", at: head.position,
        text: head.key, remedy: "add max, as in loop: {max: 6}")
    }
    if let until = bounds["until"] { group.until = expression(until.value, of: "until") }
    if let keep = bounds["keep"] { group.keep = self.keep(keep.value) }
    return group
  }

  private mutating func keep(_ value: YAMLValue) -> Keep? {
    let example = "max(evaluate.macro_f1)"
    return notation(value, of: "keep", example: example) { text in
      if text == "last" { return Keep(rule: .last, position: value.textPosition) }
      let name = text.prefix { $0 != "(" }
      guard name == "max" || name == "min", text.hasSuffix(")"), text.contains("(") else {
        throw NotationError(
          message: "'\(text)' does not say which round to keep",
          length: text.unicodeScalars.count,
          remedy: "write max(step.port), min(step.port) or last")
      }
      var parser = ExpressionParser(String(text.dropFirst(4).dropLast()))
      do {
        let path = try parser.lonePath()
        return Keep(
          rule: name == "max" ? .max(path) : .min(path), position: value.textPosition)
      } catch var error as NotationError {
        error.offset += 4
        throw error
      }
    }
  }

  /// A condition such as `until` or `if`.
  mutating func expression(_ value: YAMLValue, of key: String) -> Expression? {
    if case .scalar(.bool(let truth)) = value.content {
      return notation(String(truth), in: value, of: key) {
        try Expression(parsing: $0, position: value.textPosition)
      }
    }
    return notation(value, of: key, example: "\"evaluate.macro_f1 >= params.min_f1\"") {
      try Expression(parsing: $0, position: value.textPosition)
    }
  }
}
