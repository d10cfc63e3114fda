/// McNemar's exact test of whether two classifiers make equally many mistakes on the same rows.
///
/// Only rows that exactly one of them gets right speak; under the null hypothesis each of those
/// falls to either side like a fair coin. Exact by the binomial distribution, so it holds for few
/// rows too. Q. McNemar (1947); T. Dietterich (1998) recommends it for a single test set.
public struct McNemarTest: Equatable, Sendable {
  /// The rows that only the first classifier got right.
  public let onlyFirstRight: Int
  /// The rows that only the second classifier got right.
  public let onlySecondRight: Int
  /// The two-sided p-value; 1 where the classifiers never differ in being right.
  public let pValue: Double

  /// Compares two predictors of the same rows.
  ///
  /// - Parameters:
  ///   - truth: `[rows]`, class labels of any numbering.
  ///   - first: `[rows]`, the first predictor's labels.
  ///   - second: `[rows]`, the second predictor's labels.
  /// - Throws: ``ScoringError``: `lengthMismatch`, `noRows`.
  /// - Complexity: O(rows).
  public init(truth: [Int], first: [Int], second: [Int]) throws(ScoringError) {
    guard truth.count == first.count, truth.count == second.count else {
      throw ScoringError(
        .lengthMismatch,
        "\(truth.count) true labels, \(first.count) and \(second.count) predicted ones")
    }
    guard !truth.isEmpty else {
      throw ScoringError(.noRows, "no rows to compare")
    }
    var onlyFirst = 0
    var onlySecond = 0
    for row in truth.indices {
      let firstIsRight = first[row] == truth[row]
      let secondIsRight = second[row] == truth[row]
      if firstIsRight && !secondIsRight { onlyFirst += 1 }
      if secondIsRight && !firstIsRight { onlySecond += 1 }
    }
    try self.init(onlyFirstRight: onlyFirst, onlySecondRight: onlySecond)
  }

  /// Tests counts of rows on which exactly one classifier is right.
  ///
  /// - Throws: ``ScoringError`` `invalidSetting` where a count is negative.
  /// - Complexity: O(the smaller count).
  public init(onlyFirstRight: Int, onlySecondRight: Int) throws(ScoringError) {
    guard onlyFirstRight >= 0, onlySecondRight >= 0 else {
      throw ScoringError(
        .invalidSetting, "\(onlyFirstRight) and \(onlySecondRight) rows; counts start at 0")
    }
    self.onlyFirstRight = onlyFirstRight
    self.onlySecondRight = onlySecondRight
    let tail = Self.fairCoinTail(
      atMost: min(onlyFirstRight, onlySecondRight), of: onlyFirstRight + onlySecondRight)
    pValue = min(1, 2 * tail)
  }

  /// The probability of at most `heads` heads in `tosses` tosses of a fair coin, heads ≤ tosses/2.
  ///
  /// The largest term is taken through its logarithm (2⁻ᵗᵒˢˢᵉˢ alone underflows at 1075), the
  /// smaller ones follow from it by their ratio.
  private static func fairCoinTail(atMost heads: Int, of tosses: Int) -> Double {
    var logTerm = -Double(tosses) * RealFunctions.log(2)
    for k in stride(from: 1, through: heads, by: 1) {
      logTerm += RealFunctions.log(Double(tosses - heads + k)) - RealFunctions.log(Double(k))
    }
    var ratio = 1.0
    var sum = 1.0
    for k in stride(from: heads, to: 0, by: -1) where ratio > 0 {
      ratio *= Double(k) / Double(tosses - k + 1)
      sum += ratio
    }
    return RealFunctions.exp(logTerm) * sum
  }
}
