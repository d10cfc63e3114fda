import Scoring

/// One way of deciding that was tried on held-back rows.
public struct PoolCandidate: Hashable, Sendable {
  /// `fitted`, `uniform`, or `single: NAME`.
  public let name: String
  /// The weights that it would decide with.
  public let pool: LogLinearPool
  /// Mean negative log-likelihood on rows that were held back from the fit, in nats.
  public let negativeLogLikelihood: Double
  /// Accuracy on the same rows.
  public let accuracy: Double
  /// Macro-averaged F1 on the same rows.
  public let macroF1: Double
}

/// The weights that a team decides with, and the evidence for them.
///
/// Fitted weights are used only where they beat the best single member and uniform weights on rows
/// that were held back from their fit: lower negative log-likelihood, and no lower accuracy.
public struct PoolSelection: Hashable, Sendable {
  /// What was tried: fitted, uniform, then the members.
  public let candidates: [PoolCandidate]
  /// The place of the chosen one in ``candidates``.
  public let chosen: Int
  /// Why, in a line.
  public let reason: String
  /// Rows that the evidence stands on.
  public let rowCount: Int

  /// The chosen pool.
  public var pool: LogLinearPool { candidates[chosen].pool }
  /// The chosen candidate's name.
  public var name: String { candidates[chosen].name }

  /// Folds of the cross-validation.
  static let folds = 5

  /// Chooses by cross-validation on the blend part, rows dealt to folds by their number modulo 5.
  ///
  /// - Parameter truth: class indices, one a row.
  /// - Throws: ``CollaborationError`` when there are no rows, sizes differ, or a label is out of
  ///   range.
  /// - Complexity: O(folds · iterations · members · rows · classes).
  public init(_ beliefs: MemberBeliefs, truth: [Int]) throws {
    let members = beliefs.logp.count
    guard truth.count == beliefs.rowCount, !truth.isEmpty else {
      throw CollaborationError(
        "the weights need the truth of each row of the blend part; there are \(truth.count) labels "
          + "for \(beliefs.rowCount) rows")
    }
    guard truth.allSatisfy({ (0..<beliefs.classCount).contains($0) }) else {
      throw CollaborationError("a label lies outside of 0..<\(beliefs.classCount)")
    }
    rowCount = truth.count
    func candidate(_ name: String, _ pool: LogLinearPool, logp: [Double]) throws -> PoolCandidate {
      let classes = beliefs.classCount
      let predicted = argmaxRows(logp, classCount: classes)
      let matrix = try ConfusionMatrix(truth: truth, predicted: predicted, classCount: classes)
      let loss = truth.enumerated().reduce(0) { $0 - logp[$1.offset * classes + $1.element] }
      return PoolCandidate(
        name: name, pool: pool, negativeLogLikelihood: loss / Double(truth.count),
        accuracy: matrix.accuracy, macroF1: matrix.macroF1)
    }
    let uniform = LogLinearPool.uniform(members)
    var found = [
      try candidate(
        "fitted", .fitted(beliefs, truth: truth), logp: Self.heldBack(beliefs, truth: truth)),
      try candidate("uniform", uniform, logp: uniform.logProbabilities(beliefs)),
    ]
    for member in 0..<members {
      let pool = LogLinearPool.single(member, of: members)
      found.append(
        try candidate(
          "single: \(beliefs.names[member])", pool, logp: pool.logProbabilities(beliefs)))
    }
    candidates = found
    (chosen, reason) = Self.choose(found, members: members)
  }

  /// The pooled log-probabilities of each row by weights that were fitted without its fold.
  private static func heldBack(_ beliefs: MemberBeliefs, truth: [Int]) -> [Double] {
    let classes = beliefs.classCount
    var logp = [Double](repeating: 0, count: beliefs.rowCount * classes)
    for fold in 0..<folds {
      let test = truth.indices.filter { $0 % folds == fold }
      let train = truth.indices.filter { $0 % folds != fold }
      guard !test.isEmpty else { continue }
      let pool = LogLinearPool.fitted(beliefs.rows(train), truth: train.map { truth[$0] })
      let part = pool.logProbabilities(beliefs.rows(test))
      for (place, row) in test.enumerated() {
        for index in 0..<classes { logp[row * classes + index] = part[place * classes + index] }
      }
    }
    return logp
  }

  private static func choose(_ found: [PoolCandidate], members: Int) -> (Int, String) {
    if members == 1 { return (2, "a team of one decides alone") }
    let rest = found.indices.dropFirst()
    let best = rest.min {
      (found[$0].negativeLogLikelihood, -found[$0].accuracy)
        < (found[$1].negativeLogLikelihood, -found[$1].accuracy)
    }
    guard let best else { return (1, "no candidate") }
    let fitted = found[0]
    let beaten = rest.allSatisfy {
      fitted.negativeLogLikelihood < found[$0].negativeLogLikelihood
        && fitted.accuracy >= found[$0].accuracy
    }
    if beaten {
      return (0, "fitted weights beat uniform weights and each member on held-back rows")
    }
    return (
      best,
      "fitted weights did not beat every other way on held-back rows, so "
        + "\(found[best].name) decides"
    )
  }
}
