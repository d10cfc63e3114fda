extension ClassProbabilities {
  /// The mean negative log-probability of the true class, in nats; 0 is perfect.
  ///
  /// - Parameter truth: `[N]`, labels in `0 ..< classCount`.
  /// - Throws: ``ScoringError``: `lengthMismatch`, `labelOutOfRange`.
  /// - Complexity: O(N).
  public func logLoss(truth: [Int]) throws(ScoringError) -> Double {
    try logLosses(truth: truth).reduce(0, +) / Double(rowCount)
  }

  /// Each row's negative log-probability of the true class: the rows of a paired bootstrap.
  ///
  /// - Throws: ``ScoringError``: `lengthMismatch`, `labelOutOfRange`.
  /// - Complexity: O(N).
  public func logLosses(truth: [Int]) throws(ScoringError) -> [Double] {
    try check(truth: truth)
    return truth.indices.map { -logProbabilities[$0 * classCount + truth[$0]] }
  }

  /// The mean squared distance between the probabilities and the truth as a one-hot row.
  ///
  /// Brier's sum over all classes: from 0 (perfect) to 2. For two classes it is twice the score
  /// that looks at the positive class only.
  ///
  /// - Throws: ``ScoringError``: `lengthMismatch`, `labelOutOfRange`.
  /// - Complexity: O(N·K).
  public func brierScore(truth: [Int]) throws(ScoringError) -> Double {
    try check(truth: truth)
    var sum = 0.0
    for row in 0..<rowCount {
      for label in 0..<classCount {
        let target = truth[row] == label ? 1.0 : 0.0
        let distance = RealFunctions.exp(logProbabilities[row * classCount + label]) - target
        sum += distance * distance
      }
    }
    return sum / Double(rowCount)
  }
}
