import ArgumentParser
import Execution
import Planning

/// What matters in an assignment, as options of `run` and `plan`.
struct PriorityOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Weigh quality, latency or memory in assignments: latency=1. Repeatable.",
      discussion: "Defaults are quality=1, latency=0.08, memory=0.02.", valueName: "name=weight"))
  var weigh: [String] = []
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Give an agent points in each assignment: org.cadre.naive-bayes=0.2. Repeatable.",
      valueName: "agent=points"))
  var prefer: [String] = []

  /// The priorities.
  ///
  /// - Parameter agents: the installed agents, which alone can be preferred.
  /// - Throws: `ExecutionError` for an unknown name or what is no number.
  func priorities(agents: [String]) throws -> Priorities {
    var priorities = Priorities.standard
    for text in weigh {
      let (name, weight) = try Self.pair(text, option: "--weigh")
      guard weight >= 0 else {
        throw ExecutionError(
          .invalidArgument, "--weigh \(text): a weight is not negative",
          remedy: "write 0 to leave \(name) out")
      }
      switch name {
      case "quality": priorities.quality = weight
      case "latency": priorities.latency = weight
      case "memory": priorities.memory = weight
      default:
        throw ExecutionError(
          .invalidArgument, "--weigh: '\(name)' is not weighed",
          remedy: "weigh quality, latency or memory")
      }
    }
    for text in prefer {
      let (agent, points) = try Self.pair(text, option: "--prefer")
      guard agents.contains(agent) else {
        throw ExecutionError(
          .invalidArgument, "--prefer: no agent '\(agent)' is installed",
          remedy: "installed are \(agents.joined(separator: ", "))")
      }
      priorities.preferences[agent] = points
    }
    return priorities
  }

  private static func pair(_ text: String, option: String) throws -> (String, Double) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let number = Double(parts[1]), number.isFinite else {
      throw ExecutionError(
        .invalidArgument, "'\(option) \(text)' is no name with a number",
        remedy: "write \(option) name=0.5")
    }
    return (String(parts[0]), number)
  }
}
