/// The graph of a workflow's steps in Mermaid's notation, loops as boxes around their steps.
///
/// Arrows carry port names; dotted ones bring a value of the round before or feedback.
///
///     flowchart TD
///       s1["collect<br/>data.collect/1"]
///       s1 -- rows --> s2
///
/// - Complexity: O(steps + references).
public func mermaid(_ file: WorkflowFile) -> String {
  var chart = MermaidChart(file)
  return chart.draw()
}

private struct MermaidChart {
  let file: WorkflowFile
  let index: StepIndex
  private var names: [StepPath: String] = [:]
  private var lines: [String] = ["flowchart TD"]

  init(_ file: WorkflowFile) {
    self.file = file
    index = StepIndex(file)
    // Numbers, since words such as `end` mean something to Mermaid.
    for (number, entry) in file.allSteps.enumerated() { names[entry.path] = "s\(number + 1)" }
  }

  mutating func draw() -> String {
    draw(file.steps, scope: [], indent: "  ")
    for (path, step) in file.allSteps { drawArrows(to: path, step) }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func draw(_ nodes: [StepNode], scope: [String], indent: String) {
    for node in nodes {
      switch node {
      case .step(let step):
        guard let id = names[StepPath(scope + [step.name])] else { continue }
        let team = step.team > 1 ? " ×\(step.team)" : ""
        let label = "\(step.name)\(team)<br/>\(Self.escaped(step.needs.task))"
        // A step with a condition has the shape of a decision's answer: rounded.
        lines.append(
          indent + id + (step.condition == nil ? "[\"\(label)\"]" : "([\"\(label)\"])"))
      case .loop(let loop):
        let rounds = "\(loop.name): at most \(loop.max) rounds"
        let until = loop.until.map { ", until \(Self.escaped($0.text))" } ?? ""
        let id = (["loop"] + scope + [loop.name]).joined(separator: "_")
        lines.append("\(indent)subgraph \(id)[\"\(rounds)\(until)\"]")
        draw(loop.steps, scope: scope + [loop.name], indent: indent + "  ")
        lines.append("\(indent)end")
      }
    }
  }

  private mutating func drawArrows(to path: StepPath, _ step: Step) {
    guard let id = names[path] else { return }
    let scope = Array(path.names.dropLast())
    for reference in step.inputs.map(\.reference) + (step.map.map { [$0.over] } ?? []) {
      switch reference.target {
      case .param: break
      case .output(let names, let port):
        guard let found = index.step(names, from: scope)?.path, let source = self.names[found]
        else { continue }
        lines.append("  \(source) -- \(port) --> \(id)")
      case .previous(let names, let port):
        guard let found = index.step(names, in: scope)?.path, let source = self.names[found]
        else { continue }
        lines.append("  \(source) -. \(port) .-> \(id)")
      }
    }
    for feedback in step.feedback {
      guard let target = index.step(feedback.step.names, from: scope)?.path,
        let name = names[target]
      else { continue }
      lines.append("  \(id) -. feedback .-> \(name)")
    }
  }

  /// Mermaid's own escapes: `#quot;` and the like.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\"", "#", "<", ">", "&", ";": result += "#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
