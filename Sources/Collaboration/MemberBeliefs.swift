/// What the members of a team believe about the same rows: log-probabilities over the same classes.
public struct MemberBeliefs: Sendable {
  /// The members' names, for reports.
  public let names: [String]
  /// Rows that each member judged.
  public let rowCount: Int
  /// Classes.
  public let classCount: Int
  /// Per member row-major `[rows, classes]` natural logarithms of probabilities.
  public let logp: [[Double]]

  /// Log-probabilities below this are raised to it.
  ///
  /// One member that gives a class probability 0 must not veto the whole team: e^-20 is 2e-9, far
  /// below what a few thousand training rows can tell apart from 0.
  static let floor = -20.0

  /// Beliefs of at least one member.
  ///
  /// - Throws: ``CollaborationError`` when sizes differ or a value is NaN or above 0 (by more than
  ///   1e-3).
  public init(
    names: [String], rowCount: Int, classCount: Int, logp: [[Double]]
  ) throws(CollaborationError) {
    guard !names.isEmpty, names.count == logp.count else {
      throw CollaborationError("a team needs at least one member with log-probabilities")
    }
    var floored = logp
    for (member, values) in logp.enumerated() {
      guard values.count == rowCount * classCount else {
        throw CollaborationError(
          "member \(names[member]) gave \(values.count) log-probabilities for [\(rowCount), "
            + "\(classCount)]")
      }
      for (index, value) in values.enumerated() {
        guard !value.isNaN, value <= 1e-3 else {
          throw CollaborationError(
            "member \(names[member]) gave \(value) as a log-probability in row "
              + "\(index / max(1, classCount)); it must be at most 0")
        }
        if value < Self.floor { floored[member][index] = Self.floor }
      }
    }
    self.names = names
    self.rowCount = rowCount
    self.classCount = classCount
    self.logp = floored
  }

  /// The beliefs about some of the rows.
  ///
  /// - Complexity: O(members · rows · classes).
  public func rows(_ indices: [Int]) -> MemberBeliefs {
    let picked = logp.map { values in
      indices.flatMap { values[($0 * classCount)..<(($0 + 1) * classCount)] }
    }
    return MemberBeliefs(
      unchecked: names, rowCount: indices.count, classCount: classCount, logp: picked)
  }

  private init(unchecked names: [String], rowCount: Int, classCount: Int, logp: [[Double]]) {
    self.names = names
    self.rowCount = rowCount
    self.classCount = classCount
    self.logp = logp
  }
}

/// A joint decision that could not be made.
public struct CollaborationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong and with whom.
  public let message: String

  /// An error.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
