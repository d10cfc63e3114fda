/// How much better the second of two predictors is on the same rows.
public struct PairedDifference: Equatable, Sendable {
  /// The statistic of the first predictor.
  public let first: Double
  /// The statistic of the second predictor.
  public let second: Double
  /// Where `second - first` lies.
  public let interval: Interval
  /// How often chance alone gives a difference at least this far on the other side of 0, two-sided.
  ///
  /// `min(1, 2 · (1 + smaller tail) / (1 + resamples))`, where a tail counts the resamples whose
  /// difference is 0 or lies on that side (Davison and Hinkley 1997, eq. 4.11). Never 0: the
  /// resamples bound what can be claimed.
  public let pValue: Double

  /// `second - first`: above 0 where the second predictor has the larger statistic.
  public var difference: Double { second - first }
}

extension Bootstrap {
  /// Compares any statistic of two predictors on the same resampled rows.
  ///
  /// Pairing matters: both see the same easy and hard rows, so the interval of the difference is
  /// narrower than two separate intervals suggest.
  ///
  /// - Parameters:
  ///   - rowCount: 1 or more.
  ///   - first: the first predictor's statistic of the given row numbers.
  ///   - second: the second predictor's.
  /// - Throws: ``ScoringError``: `noRows`, `notFinite`.
  /// - Complexity: O(resamples · (rows + statistics)).
  public func difference(
    rowCount: Int,
    first: (_ rows: [Int]) -> Double,
    second: (_ rows: [Int]) -> Double
  ) throws(ScoringError) -> PairedDifference {
    try Self.checkRows(rowCount)
    var generator = SplitMix64(seed: seed)
    var rows = Array(0..<rowCount)
    let whole = (first: first(rows), second: second(rows))
    var values: [Double] = []
    values.reserveCapacity(resampleCount)
    for _ in 0..<resampleCount {
      for slot in 0..<rowCount { rows[slot] = generator.next(below: rowCount) }
      values.append(second(rows) - first(rows))
    }
    return try pairedDifference(first: whole.first, second: whole.second, values: &values)
  }

  /// Compares a class metric of two predictors.
  ///
  /// - Parameters:
  ///   - metric: the score to compare.
  ///   - truth: `[rows]`, labels in `0 ..< classCount`.
  ///   - first: `[rows]`, the first predictor's labels.
  ///   - second: `[rows]`, the second predictor's labels.
  ///   - classCount: 1 or more.
  /// - Throws: ``ScoringError``: `lengthMismatch`, `noRows`, `labelOutOfRange`, `invalidSetting`.
  /// - Complexity: O(resamples · (rows + classCount)), without allocation a resample.
  public func difference(
    _ metric: ClassMetric, truth: [Int], first: [Int], second: [Int], classCount: Int
  ) throws(ScoringError) -> PairedDifference {
    let whole = (
      first: try ConfusionMatrix(truth: truth, predicted: first, classCount: classCount),
      second: try ConfusionMatrix(truth: truth, predicted: second, classCount: classCount)
    )
    var generator = SplitMix64(seed: seed)
    var firstTally = ClassTally(classCount: classCount)
    var secondTally = firstTally
    var values: [Double] = []
    values.reserveCapacity(resampleCount)
    for _ in 0..<resampleCount {
      firstTally.clear()
      secondTally.clear()
      for _ in 0..<truth.count {
        let row = generator.next(below: truth.count)
        firstTally.add(truth: truth[row], predicted: first[row])
        secondTally.add(truth: truth[row], predicted: second[row])
      }
      values.append(secondTally.value(of: metric) - firstTally.value(of: metric))
    }
    return try pairedDifference(
      first: whole.first.value(of: metric), second: whole.second.value(of: metric),
      values: &values)
  }

  private func pairedDifference(
    first: Double, second: Double, values: inout [Double]
  ) throws(ScoringError) -> PairedDifference {
    guard first.isFinite, second.isFinite else {
      throw ScoringError(.notFinite, "the statistics of all rows are \(first) and \(second)")
    }
    let interval = try percentileInterval(of: &values)
    let notAbove = values.reduce(0) { $0 + ($1 <= 0 ? 1 : 0) }
    let notBelow = values.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) }
    let tail = Double(1 + min(notAbove, notBelow)) / Double(1 + values.count)
    return PairedDifference(
      first: first, second: second, interval: interval, pValue: min(1, 2 * tail))
  }
}
