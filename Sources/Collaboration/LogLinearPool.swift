import Glibc

/// Log-linear opinion pooling: p(y) ∝ exp Σ w_i log p_i(y), decided by its arg-max.
///
/// Genest and Zidek, "Combining Probability Distributions", Statistical Science 1 (1986).
public struct LogLinearPool: Hashable, Sendable {
  /// One weight a member, each at least 0.
  public let weights: [Double]

  /// A pool with these weights.
  public init(weights: [Double]) { self.weights = weights }

  /// Equal weights that sum to 1.
  public static func uniform(_ members: Int) -> LogLinearPool {
    LogLinearPool(weights: Array(repeating: 1 / Double(max(1, members)), count: members))
  }

  /// One member alone.
  public static func single(_ member: Int, of members: Int) -> LogLinearPool {
    LogLinearPool(weights: (0..<members).map { $0 == member ? 1 : 0 })
  }

  /// The pooled log-probabilities `[rows, classes]`, normalised.
  ///
  /// - Complexity: O(members · rows · classes).
  public func logProbabilities(_ beliefs: MemberBeliefs) -> [Double] {
    let classes = beliefs.classCount
    var pooled = [Double](repeating: 0, count: beliefs.rowCount * classes)
    for (weight, values) in zip(weights, beliefs.logp) where weight != 0 {
      for index in pooled.indices { pooled[index] += weight * values[index] }
    }
    for row in 0..<beliefs.rowCount {
      let range = (row * classes)..<((row + 1) * classes)
      let normaliser = logSumExp(pooled[range])
      for index in range { pooled[index] -= normaliser }
    }
    return pooled
  }

  /// The decided class of each row: `argmax_y Σ w_i log p_i(y)`; a tie goes to the smaller index.
  ///
  /// - Complexity: O(members · rows · classes).
  public func decisions(_ beliefs: MemberBeliefs) -> [Int] {
    argmaxRows(logProbabilities(beliefs), classCount: beliefs.classCount)
  }

  /// The mean negative log-likelihood of the truth, in nats.
  public func negativeLogLikelihood(_ beliefs: MemberBeliefs, truth: [Int]) -> Double {
    let pooled = logProbabilities(beliefs)
    let classes = beliefs.classCount
    let total = truth.enumerated().reduce(0) { $0 - pooled[$1.offset * classes + $1.element] }
    return total / Double(max(1, truth.count))
  }
}

/// The index of the greatest value of each row of `[rows, classes]`.
///
/// - Complexity: O(rows · classes).
public func argmaxRows(_ values: [Double], classCount: Int) -> [Int] {
  guard classCount > 0 else { return [] }
  return stride(from: 0, to: values.count, by: classCount).map { start in
    (0..<classCount).reduce(0) { values[start + $1] > values[start + $0] ? $1 : $0 }
  }
}

/// log Σ exp x, without overflow.
func logSumExp(_ values: ArraySlice<Double>) -> Double {
  let peak = values.max() ?? -.infinity
  guard peak.isFinite else { return peak }
  return peak + log(values.reduce(0) { $0 + exp($1 - peak) })
}
