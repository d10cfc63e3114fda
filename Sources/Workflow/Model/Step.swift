import Contracts

/// One step as the file states it.
public struct Step: Hashable, Sendable {
  /// The step's name, unique among what it can see.
  public var name: String
  /// What an agent must offer to run it.
  public var needs: Needs
  /// The agent's settings in the order of the file, parameters already put in.
  public var with: [StepSetting]
  /// What comes in.
  public var inputs: [Binding]
  /// What goes out.
  ///
  /// Types are mandatory.
  public var outputs: [Output]
  /// How many different agents run the step; 1 makes no team.
  public var team: Int
  /// Runs the step in batches over rows.
  public var map: MapOver?
  /// Runs the step only where this holds.
  public var condition: Expression?
  /// What happens when an attempt fails; nil fails the run.
  public var retry: RetryPolicy?
  /// How long one job of the step may take; with `map`, one batch.
  public var deadline: Duration?
  /// What the step may use.
  public var resources: Resources
  /// The steps whose agents learn what this step decided.
  public var feedback: [Feedback]
  /// Where things stand.
  public var positions: StepPositions
  /// What could not be read and was reported, so that it is not blamed again.
  ///
  /// Keys such as `needs` and `in`, ports such as `out.rows`.
  var damaged: Set<String> = []

  /// Where the name stands.
  public var position: SourcePosition { positions.name }

  /// The value of a setting, or nil.
  public func setting(_ key: String) -> Setting? { with.first { $0.key == key }?.value }

  /// The declared output of this name.
  public func output(_ port: String) -> Output? { outputs.first { $0.port == port } }

  /// The input bound to this port.
  public func input(_ port: String) -> Binding? { inputs.first { $0.port == port } }
}

/// Where the parts of a step stand in the file.
public struct StepPositions: Hashable, Sendable {
  /// The name.
  public var name: SourcePosition
  /// The task in `needs`.
  public var task: SourcePosition
  /// Each key of the step, by its name.
  public var keys: [String: SourcePosition] = [:]
  /// The value of each key of the step, by its name.
  public var values: [String: SourcePosition] = [:]
  /// The value of each key in `needs`, by its name.
  public var needs: [String: SourcePosition] = [:]
}

/// What an agent must offer to run a step: a capability, not a plug-in's name.
public struct Needs: Hashable, Sendable {
  /// The task with its version: `model.train/1`.
  public var task: String
  /// The task that a trained model is for: `text.classify/1`.
  public var target: String?
  /// The one agent that may run it, where the author insists.
  public var agent: String?
  /// Everything else: each must stand in the offer with this value.
  public var attributes: [String: String]
}

/// One key of `with`.
public struct StepSetting: Hashable, Sendable {
  /// The key.
  public var key: String
  /// The value, parameters put in.
  public var value: Setting
  /// Where the key stands.
  public var position: SourcePosition
  /// Where the value's parts stand.
  public var positions: ValuePositions
}

/// Where the parts of a value stand, by their path: `` for the value itself, `train`, `space.lr`.
public struct ValuePositions: Hashable, Sendable {
  /// Where each value stands.
  public var values: [String: SourcePosition] = [:]
  /// Where each key of a mapping stands.
  public var keys: [String: SourcePosition] = [:]

  /// Where the value at a path stands, or the whole value where there is no such path.
  public func value(_ path: String) -> SourcePosition {
    values[path] ?? values[""] ?? .start
  }

  /// Where the key at a path stands, or the whole value where there is no such key.
  public func key(_ path: String) -> SourcePosition { keys[path] ?? value(path) }
}

/// An input port and what it is bound to.
public struct Binding: Hashable, Sendable {
  /// The port's name.
  public var port: String
  /// Where its value comes from.
  public var reference: Reference
  /// Where the port's name stands.
  public var position: SourcePosition
}

/// An output port with its type.
public struct Output: Hashable, Sendable {
  /// The port's name.
  public var port: String
  /// The declared type, for one member where the step is a team's.
  public var type: PortType
  /// Where the port's name stands.
  public var position: SourcePosition
  /// Where the type stands.
  public var typePosition: SourcePosition
}

/// Runs a step in batches over rows.
public struct MapOver: Hashable, Sendable {
  /// The rows.
  public var over: Reference
  /// How many rows a job gets.
  public var batch: Int
  /// The input port that gets them; nil where the offer has only one for rows that is not bound.
  public var port: String?
  /// Where `map` stands.
  public var position: SourcePosition
}

/// A step whose agents learn of a decision.
public struct Feedback: Hashable, Sendable {
  /// The step, such as `improve.train`.
  public var step: StepPath
  /// Where it stands.
  public var position: SourcePosition
}

/// What happens when an attempt of a step fails.
public struct RetryPolicy: Hashable, Sendable {
  /// How many more attempts there are after the first.
  public var max: Int
  /// The error codes that are tried again, in the words of gRPC: `unavailable`.
  public var onErrors: Set<String>
  /// How long to wait: the first pause; each further one is twice as long.
  public var backoff: Duration
  /// The longest pause.
  public var backoffLimit: Duration

  /// What a policy without `on_errors` tries again: failures that pass by themselves.
  public static let passingErrors: Set<String> = ["unavailable", "aborted", "resource_exhausted"]

  /// The pause before the retry of this number, from 1.
  ///
  /// It doubles each time up to ``backoffLimit``. There is no jitter: runs replay, and no crowd of
  /// clients shares one server here.
  public func delay(beforeRetry number: Int) -> Duration {
    var delay = backoff
    for _ in 1..<Swift.max(1, number) {
      if delay >= backoffLimit { break }
      delay *= 2
    }
    return Swift.min(delay, backoffLimit)
  }
}

/// What a step may use.
public struct Resources: Hashable, Sendable {
  /// Bytes of memory.
  public var memoryBytes: Int?
  /// Processor cores.
  public var cores: Int?
}
