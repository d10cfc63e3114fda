extension Checker {
  /// One node of a group refers to another.
  struct Edge {
    var scope: [String]
    var from: String
    var to: String
    var position: SourcePosition
    var text: String
  }

  /// Notes that the node at `here` refers to a step, for ``checkOrder()``.
  mutating func note(_ target: Target, for here: Place) {
    // Seen from the group that holds both: the loop around `here`, or `here` itself.
    let from =
      here.scope.count > target.holder.count ? here.scope[target.holder.count] : here.from
    guard let from else { return }
    edges.append(
      Edge(
        scope: target.holder, from: from, to: target.path.names[target.holder.count],
        position: here.position, text: here.text))
  }

  /// Reports references to what comes later: cycles with their path, others as the future.
  mutating func checkOrder() {
    var seen: Set<Set<String>> = []
    for edge in edges {
      let order = index.nodes(in: edge.scope).map(\.name)
      guard let from = order.firstIndex(of: edge.from), let to = order.firstIndex(of: edge.to),
        to >= from
      else { continue }
      let isLoop = if case .loop? = index.node(edge.from, in: edge.scope) { true } else { false }
      // A loop's steps may refer to one another: that is no edge of the loop to itself.
      if isLoop, edge.from == edge.to { continue }
      if let back = path(from: edge.to, to: edge.from, in: edge.scope) {
        guard seen.insert(Set(edge.scope + back)).inserted else { continue }
        problems.report(
          "these steps wait for one another: "
            + ([edge.from] + back).joined(separator: " → "),
          at: edge.position, text: edge.text,
          remedy: edge.scope.isEmpty
            ? "remove one of these references"
            : "remove one of them, or take the value of the round before: "
              + "loop.previous.\(edge.text)?")
      } else {
        problems.report(
          "'\(edge.text)' refers to the future: '\(edge.to)' stands below '\(edge.from)'",
          at: edge.position, text: edge.text,
          remedy: "write the step '\(edge.to)' above '\(edge.from)'"
            + (edge.scope.isEmpty
              ? "" : ", or take the value of the round before: loop.previous.\(edge.text)?"))
      }
    }
  }

  /// The shortest chain of references from one node to another, both ends included.
  private func path(from start: String, to end: String, in scope: [String]) -> [String]? {
    var previous: [String: String] = [start: start]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let name = queue[next]
      next += 1
      if name == end {
        var chain = [name]
        while let last = chain.last, last != start, let before = previous[last] {
          chain.append(before)
        }
        return chain.reversed()
      }
      for edge in edges
      where edge.scope == scope && edge.from == name && previous[edge.to] == nil {
        previous[edge.to] = name
        queue.append(edge.to)
      }
    }
    return nil
  }

  /// Sealed data is opened by one step, outside of loops: "once" is a promise.
  mutating func checkSeals() {
    var openers: [String: StepPath] = [:]
    for (path, step) in file.allSteps {
      for binding in step.inputs {
        guard let source = types.source(of: binding.reference, at: path),
          case .sealed? = types.type(of: source.path, port: source.port)
        else { continue }
        let port = "\(source.path).\(source.port)"
        if let other = openers[port] {
          problems.report(
            "'\(port)' is sealed and '\(other)' opens it already", at: binding.reference.position,
            text: binding.reference.text, remedy: "sealed data is opened by one step only")
        } else if path.names.count > 1 {
          problems.report(
            "'\(port)' is sealed and a loop would open it again in each round",
            at: binding.reference.position, text: binding.reference.text,
            remedy: "open it in a step after the loop; use the val part inside of it")
        }
        openers[port] = openers[port] ?? path
      }
    }
  }
}
