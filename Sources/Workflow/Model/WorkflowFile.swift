import Contracts

/// A workflow as its file states it: typed, with positions, not yet checked against any offers.
///
///     let reading = WorkflowFile.read(text, path: "workflow.yaml")
///     let problems = reading.check(offers: offers)   // all of them, in the order of the file
public struct WorkflowFile: Hashable, Sendable {
  /// Where the file was read, for messages.
  public var path: String
  /// The format's version: `cadre/1`.
  public var schema: String
  /// The workflow's name.
  public var name: String
  /// What every random choice of a run comes from.
  public var seed: UInt64
  /// Named values for expressions, inputs and settings, as the file or the caller gives them.
  public var params: [String: Setting]
  /// The steps and loops in the order of the file.
  public var steps: [StepNode]
  /// The file's text, as read.
  public var source: String

  /// What a run's identity is hashed from: the text and the parameters in force, so that the same
  /// file under another `--set` is another workflow.
  public var digestText: String {
    let values = params.sorted { $0.key < $1.key }.map { Setting.Field($0.key, $0.value) }
    return source + "\n# params " + Setting.object(values).json + "\n"
  }
}

/// A step, or a loop of steps.
public indirect enum StepNode: Hashable, Sendable {
  /// One step.
  case step(Step)
  /// Steps that run again until a condition holds.
  case loop(LoopGroup)

  /// The name in the file.
  public var name: String {
    switch self {
    case .step(let step): step.name
    case .loop(let loop): loop.name
    }
  }

  /// Where the name stands.
  public var position: SourcePosition {
    switch self {
    case .step(let step): step.position
    case .loop(let loop): loop.position
    }
  }
}

/// Steps that run in rounds: at most ``max`` of them, fewer when ``until`` holds.
public struct LoopGroup: Hashable, Sendable {
  /// The loop's name.
  public var name: String
  /// The most rounds, from 1.
  public var max: Int
  /// Ends the loop after the round in which it holds.
  public var until: Expression?
  /// Which round's outputs leave the loop; nil keeps the last.
  public var keep: Keep?
  /// The steps of a round.
  public var steps: [StepNode]
  /// Where the name stands.
  public var position: SourcePosition
}

/// Which round's outputs leave a loop.
public struct Keep: Hashable, Sendable {
  /// How the round is chosen.
  ///
  /// Of equal rounds the first is kept.
  public enum Rule: Hashable, Sendable {
    /// The last round.
    case last
    /// The round in which the value is largest.
    case max(ExpressionPath)
    /// The round in which the value is smallest.
    case min(ExpressionPath)
  }

  /// How the round is chosen.
  public var rule: Rule
  /// Where it stands.
  public var position: SourcePosition
}

extension WorkflowFile {
  /// Every step with its path, loops' steps included, in the order of the file.
  public var allSteps: [(path: StepPath, step: Step)] {
    func walk(_ nodes: [StepNode], _ prefix: [String]) -> [(path: StepPath, step: Step)] {
      nodes.flatMap { node -> [(path: StepPath, step: Step)] in
        switch node {
        case .step(let step): [(StepPath(prefix + [step.name]), step)]
        case .loop(let loop): walk(loop.steps, prefix + [loop.name])
        }
      }
    }
    return walk(steps, [])
  }

  /// The step at a path such as `improve.train`.
  public func step(at path: StepPath) -> Step? {
    allSteps.first { $0.path == path }?.step
  }
}
