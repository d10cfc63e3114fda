/// Percentile intervals by resampling rows with replacement.
///
/// Efron and Tibshirani: *An Introduction to the Bootstrap* (1993), chapter 13.
///
/// The same seed, rows and settings give the same interval on every machine.
///
///     let interval = try Bootstrap.standard.interval(
///       .macroF1, truth: truth, predicted: predicted, classCount: 7)
public struct Bootstrap: Equatable, Sendable {
  /// The number of resamples; ends of a 95 % interval are steady from about 1000 on.
  public let resampleCount: Int
  /// The level of the intervals.
  public let level: Double
  /// The start of the random numbers.
  public let seed: UInt64

  /// 1000 resamples, 95 %, a fixed seed.
  public static let standard = Bootstrap(uncheckedResampleCount: 1000, level: 0.95, seed: 20_240)

  /// Settings for intervals.
  ///
  /// - Throws: ``ScoringError`` `invalidSetting` unless there are 2 resamples or more and the
  ///   level lies strictly between 0 and 1.
  public init(
    resampleCount: Int = 1000, level: Double = 0.95, seed: UInt64
  ) throws(ScoringError) {
    guard resampleCount >= 2 else {
      throw ScoringError(
        .invalidSetting, "\(resampleCount) resamples; an interval needs 2, a steady one 1000")
    }
    try Interval.checkLevel(level)
    self.init(uncheckedResampleCount: resampleCount, level: level, seed: seed)
  }

  private init(uncheckedResampleCount: Int, level: Double, seed: UInt64) {
    self.resampleCount = uncheckedResampleCount
    self.level = level
    self.seed = seed
  }

  /// The interval of any statistic of rows.
  ///
  /// - Parameters:
  ///   - rowCount: 1 or more.
  ///   - statistic: called once a resample with `rowCount` row numbers, repeats included. The
  ///     array is reused: a closure that keeps it costs a copy a resample.
  /// - Throws: ``ScoringError``: `noRows`; `notFinite` where the statistic is NaN or infinite.
  /// - Complexity: O(resamples · (rows + statistic)).
  public func interval(
    rowCount: Int, statistic: (_ rows: [Int]) -> Double
  ) throws(ScoringError) -> Interval {
    try Self.checkRows(rowCount)
    var generator = SplitMix64(seed: seed)
    var rows = [Int](repeating: 0, count: rowCount)
    var values: [Double] = []
    values.reserveCapacity(resampleCount)
    for _ in 0..<resampleCount {
      for slot in 0..<rowCount { rows[slot] = generator.next(below: rowCount) }
      values.append(statistic(rows))
    }
    return try percentileInterval(of: &values)
  }

  /// The interval of the mean of one number a row, such as a log loss.
  ///
  /// - Throws: ``ScoringError``: `noRows`, `notFinite`.
  /// - Complexity: O(resamples · rows).
  public func meanInterval(of values: [Double]) throws(ScoringError) -> Interval {
    try interval(rowCount: values.count) { rows in
      var sum = 0.0
      for row in rows { sum += values[row] }
      return sum / Double(rows.count)
    }
  }

  /// The interval of a class metric, counted directly from the labels.
  ///
  /// Allocates three counts a class once and nothing a resample. A class that a resample happens to
  /// miss is left out of that resample's macro mean.
  ///
  /// - Parameters:
  ///   - metric: the score to resample.
  ///   - truth: `[rows]`, labels in `0 ..< classCount`.
  ///   - predicted: `[rows]`, labels in `0 ..< classCount`.
  ///   - classCount: 1 or more.
  /// - Throws: ``ScoringError``: `lengthMismatch`, `noRows`, `labelOutOfRange`, `invalidSetting`.
  /// - Complexity: O(resamples · (rows + classCount)).
  public func interval(
    _ metric: ClassMetric, truth: [Int], predicted: [Int], classCount: Int
  ) throws(ScoringError) -> Interval {
    try LabelValidation.check(truth: truth, predicted: predicted, classCount: classCount)
    var generator = SplitMix64(seed: seed)
    var tally = ClassTally(classCount: classCount)
    var values: [Double] = []
    values.reserveCapacity(resampleCount)
    for _ in 0..<resampleCount {
      tally.clear()
      for _ in 0..<truth.count {
        let row = generator.next(below: truth.count)
        tally.add(truth: truth[row], predicted: predicted[row])
      }
      values.append(tally.value(of: metric))
    }
    return try percentileInterval(of: &values)
  }

  static func checkRows(_ count: Int) throws(ScoringError) {
    guard count > 0 else {
      throw ScoringError(.noRows, "no rows to resample; check the split that should have made them")
    }
  }

  /// Cuts the same share off both ends; sorts in place.
  func percentileInterval(of values: inout [Double]) throws(ScoringError) -> Interval {
    for (index, value) in values.enumerated() where !value.isFinite {
      throw ScoringError(
        .notFinite,
        "the statistic of resample \(index) is \(value); define it for rows that repeat or miss")
    }
    values.sort()
    let tail = (1 - level) / 2
    return Interval(
      low: Self.quantile(tail, ofSorted: values), high: Self.quantile(1 - tail, ofSorted: values),
      level: level)
  }

  /// Interpolates linearly between the two nearest values, as numpy's `quantile` does.
  private static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    let position = share * Double(values.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, values.count - 1)
    return values[lower] + (position - Double(lower)) * (values[upper] - values[lower])
  }
}
