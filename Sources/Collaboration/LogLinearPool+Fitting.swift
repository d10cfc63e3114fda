import Glibc

extension LogLinearPool {
  /// How strongly the weights are held to the uniform ones, per row of evidence.
  ///
  /// With the 50 to 200 rows of a blend part this keeps two members of equal skill near equal
  /// weights; with 10,000 rows it no longer matters.
  static let ridge = 1.0

  /// Fits the weights w ≥ 0 that minimise the negative log-likelihood of the truth, plus a ridge
  /// around uniform weights of `ridge`/rows · |w − 1/m|².
  ///
  /// The problem is convex (a sum of log-sum-exps minus linear terms), so projected gradient
  /// descent with backtracking finds the minimum from any start: it starts at the uniform weights.
  ///
  /// - Complexity: O(iterations · members · rows · classes), at most 300 iterations.
  public static func fitted(_ beliefs: MemberBeliefs, truth: [Int]) -> LogLinearPool {
    let members = beliefs.logp.count
    guard members > 1, !truth.isEmpty else { return .uniform(members) }
    let centre = 1 / Double(members)
    let penalty = ridge / Double(truth.count)
    func objective(_ weights: [Double]) -> Double {
      LogLinearPool(weights: weights).negativeLogLikelihood(beliefs, truth: truth)
        + penalty * weights.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    }
    var weights = LogLinearPool.uniform(members).weights
    var value = objective(weights)
    var step = 1.0
    for _ in 0..<300 {
      var slope = gradient(weights, beliefs: beliefs, truth: truth)
      for index in slope.indices { slope[index] += 2 * penalty * (weights[index] - centre) }
      var moved = false
      while step > 1e-10 {
        let trial = zip(weights, slope).map { max(0, $0 - step * $1) }
        let next = objective(trial)
        if next < value - 1e-12 {
          moved = value - next > 1e-10
          weights = trial
          value = next
          step *= 1.5
          break
        }
        step /= 2
      }
      if !moved { break }
    }
    return LogLinearPool(weights: weights)
  }

  /// ∂NLL/∂w_i = mean over rows of E_p[log p_i(y)] − log p_i(truth), p being the pooled
  /// distribution.
  private static func gradient(
    _ weights: [Double], beliefs: MemberBeliefs, truth: [Int]
  ) -> [Double] {
    let classes = beliefs.classCount
    let pooled = LogLinearPool(weights: weights).logProbabilities(beliefs)
    var slope = [Double](repeating: 0, count: weights.count)
    for (row, label) in truth.enumerated() {
      let start = row * classes
      for member in weights.indices {
        var expected = 0.0
        for index in start..<(start + classes) {
          expected += exp(pooled[index]) * beliefs.logp[member][index]
        }
        slope[member] += expected - beliefs.logp[member][start + label]
      }
    }
    return slope.map { $0 / Double(truth.count) }
  }
}
