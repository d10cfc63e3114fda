/// What a step's run is called: the loops around it with their rounds, and its name.
///
/// `improve[2]/train` is the step `train` in the second round of `improve`.
public struct InstancePath: Hashable, Sendable, CustomStringConvertible {
  /// A loop in one of its rounds.
  public struct Round: Hashable, Sendable {
    /// The loop's name.
    public var loop: String
    /// The round, from 1.
    public var number: Int

    /// Names a round.
    public init(loop: String, number: Int) {
      self.loop = loop
      self.number = number
    }
  }

  /// The rounds around the step, outermost first.
  public var rounds: [Round]
  /// The step's name.
  public var name: String

  /// Names a step's run.
  public init(rounds: [Round] = [], name: String) {
    self.rounds = rounds
    self.name = name
  }

  /// Where the step stands in the file.
  public var stepPath: StepPath { StepPath(rounds.map(\.loop) + [name]) }

  /// `improve[2]/train`.
  public var description: String {
    rounds.map { "\($0.loop)[\($0.number)]/" }.joined() + name
  }
}

/// A loop as it is run: the rounds around it and its name.
public typealias LoopPath = InstancePath

/// What a step reports of an output that expressions can use.
public enum ReportedScalar: Hashable, Sendable {
  /// One value.
  case one(ExpressionValue)
  /// A value from each member of the team, in the team's order.
  case members([ExpressionValue])
}

extension ReportedScalar: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// Reports one number.
  public init(floatLiteral value: Double) { self = .one(.number(value)) }
  /// Reports one number.
  public init(integerLiteral value: Int) { self = .one(.number(Double(value))) }
  /// Reports a number from each member.
  public init(arrayLiteral elements: Double...) {
    self = .members(elements.map(ExpressionValue.number))
  }
}

/// What the run's machine is told.
public enum RunEvent: Hashable, Sendable {
  /// A step has ended well; its outputs of scalar type, by port.
  case stepSucceeded(InstancePath, scalars: [String: ReportedScalar])
  /// An attempt of a step has failed, with an error code's name such as `unavailable`.
  case stepFailed(InstancePath, code: String, message: String)
  /// The pause before a step's next attempt is over.
  case timerFired(InstancePath)
  /// The user wants the run to end.
  case cancel
}
