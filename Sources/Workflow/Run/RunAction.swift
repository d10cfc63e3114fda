import Contracts

/// What the run's machine wants done.
///
/// The order within one answer is the order to do it in.
public enum RunAction: Hashable, Sendable {
  /// Start an attempt of a step.
  case start(StepInstance)
  /// Tell the machine `timerFired` for this step after the pause.
  case wait(InstancePath, Duration)
  /// The pause of this step is off; `timerFired` must not come any more.
  case cancelWait(InstancePath)
  /// Stop this running step; its end must still be reported.
  case stop(InstancePath)
  /// The step does not run, and why.
  case skipped(InstancePath, reason: String)
  /// A round of a loop has ended.
  case roundEnded(RoundReport)
  /// Nothing runs any more and nothing will.
  case finish(RunOutcome)
}

/// One attempt of a step, with everything that the file says about it made definite.
public struct StepInstance: Hashable, Sendable {
  /// What this run of the step is called.
  public var path: InstancePath
  /// The step as the file states it.
  public var step: Step
  /// The round of the innermost loop, from 1; 0 outside of loops.
  public var round: Int
  /// The attempt, from 1.
  public var attempt: Int
  /// How long one job may take.
  public var deadline: Duration?
  /// Where each bound input comes from.
  ///
  /// An input that is missing, as its `?` allows, is left out.
  public var inputs: [ResolvedInput]
  /// Where the rows of `map` come from.
  public var mapOver: ValueSource?
  /// The runs of the steps that `feedback` names.
  public var feedback: [InstancePath]
  /// The seed of this step's random choices: the same in every attempt, another in every round.
  public var seed: UInt64
}

/// An input with the value that it gets.
public struct ResolvedInput: Hashable, Sendable {
  /// The port's name.
  public var port: String
  /// Where its value comes from.
  public var source: ValueSource
}

/// Where a value comes from, once rounds are settled.
public enum ValueSource: Hashable, Sendable {
  /// An output of a step that has run.
  case output(InstancePath, port: String)
  /// A parameter.
  case param(name: String, value: Setting)
}

/// How a loop's round has ended.
public struct RoundReport: Hashable, Sendable {
  /// The loop.
  public var loop: LoopPath
  /// The round that has ended, from 1.
  public var round: Int
  /// The value that `keep` looks at; nil for `keep: last` or where no step gave it.
  public var score: Double?
  /// The round whose outputs would leave the loop now.
  public var kept: Int
  /// Whether `until` holds; nil where the loop has none.
  public var untilHolds: Bool?
  /// Whether the loop ends here.
  public var isLast: Bool
}

/// How a run has ended.
public enum RunOutcome: Hashable, Sendable {
  /// Every step has run or was skipped.
  case succeeded
  /// A step has failed for good.
  case failed(InstancePath, code: String, message: String)
  /// The user has ended it.
  case cancelled
}
