import AgentKit
import Scoring

/// Compares log-probabilities with the true classes.
public struct ClassificationEvaluation: Sendable {
  /// The classes in the order of the columns.
  public let classes: [String]
  /// Resamples of the intervals, and their seed.
  public let bootstrap: Bootstrap

  /// What lower log-probabilities are raised to, −∞ included.
  ///
  /// Without it one impossible class would make the log loss of all rows infinite. e⁻¹⁰⁰ lies below
  /// all that single precision tells from zero.
  static let floor = -100.0

  /// An evaluation.
  ///
  /// - Parameters:
  ///   - classes: the classes in the order of the columns, at least 1.
  ///   - bootstrap: resamples of the intervals, and their seed.
  /// - Throws: `AgentFailure` with `failedPrecondition` when there are no classes.
  public init(classes: [String], bootstrap: Bootstrap) throws(AgentFailure) {
    guard !classes.isEmpty else {
      throw AgentFailure(
        .failedPrecondition, "the dataset names no classes; it needs a column 'label' with labels",
        where: "truth")
    }
    self.classes = classes
    self.bootstrap = bootstrap
  }

  /// Scores rows.
  ///
  /// - Parameters:
  ///   - logp: `[rows, classes]`, natural logarithms of probabilities.
  ///   - truth: `[rows]`, each one of the classes.
  /// - Throws: `AgentFailure` with `invalidArgument` naming the rows that differ, the label that is
  ///   unknown, or the row that is no distribution.
  /// - Complexity: O(resamples · (rows + classes)).
  public func report(
    logp: TensorValue, truth: [String?]
  ) throws(AgentFailure) -> ClassificationReport {
    guard !truth.isEmpty else {
      throw AgentFailure(
        .invalidArgument,
        "there are no rows to evaluate; check the split that should have made them",
        where: "truth")
    }
    guard logp.shape.count == 2 else {
      throw AgentFailure(
        .invalidArgument, "should be [rows, classes], not \(logp.shape)", where: "logp")
    }
    guard logp.shape[1] == classes.count else {
      throw AgentFailure(
        .invalidArgument,
        "has \(logp.shape[1]) columns but the data has \(classes.count) classes: "
          + "\(classes.joined(separator: ", "))", where: "logp")
    }
    guard logp.shape[0] == truth.count else {
      throw AgentFailure(
        .invalidArgument,
        "has \(logp.shape[0]) rows but the truth has \(truth.count); evaluate the rows that were "
          + "classified", where: "logp")
    }
    let indices = try classIndices(of: truth)
    let values = try logp.floats()
    do {
      let probabilities = try ClassProbabilities(
        logProbabilities: values, classCount: classes.count, floor: Self.floor)
      return try ClassificationReport(
        truth: indices, probabilities: probabilities, labels: classes, bootstrap: bootstrap)
    } catch {
      throw AgentFailure(.invalidArgument, error.message, where: "logp")
    }
  }

  private func classIndices(of truth: [String?]) throws(AgentFailure) -> [Int] {
    let places = Dictionary(
      zip(classes, classes.indices), uniquingKeysWith: { first, _ in first })
    var indices: [Int] = []
    for (row, label) in truth.enumerated() {
      guard let label else {
        throw AgentFailure(
          .invalidArgument, "has no label, so there is nothing to compare with",
          where: "truth, row \(row)")
      }
      guard let index = places[label] else {
        throw AgentFailure(
          .invalidArgument,
          "the label '\(label)' is none of the classes \(classes.joined(separator: ", "))",
          where: "truth, row \(row)")
      }
      indices.append(index)
    }
    return indices
  }
}
