/// A predictor's probabilities: one row an item, one column a class, checked when made.
///
/// Kept as logarithms, because the log loss of a confident mistake is lost once a small
/// probability has been rounded to zero.
public struct ClassProbabilities: Equatable, Sendable {
  /// The number of classes K.
  public let classCount: Int
  /// The number of rows N.
  public let rowCount: Int
  /// `[N, K]`, row-major natural logarithms, all finite.
  public let logProbabilities: [Double]

  // Wide enough for rows that came from bfloat16, far too narrow for logits.
  private static let sumTolerance = 0.01

  /// Takes natural logarithms of probabilities, as a log-softmax gives them.
  ///
  /// - Parameters:
  ///   - logProbabilities: `[N, K]`, row-major; each row's exponentials add up to 1 ± 0.01.
  ///   - classCount: K, 1 or more.
  ///   - floor: where set, smaller values (−∞ included) are raised to it first; where nil, −∞ is
  ///     an error, since its log loss is infinite.
  /// - Throws: ``ScoringError``: `noRows`, `lengthMismatch`, `notFinite`, `notNormalized`,
  ///   `invalidSetting`.
  /// - Complexity: O(N·K).
  public init(
    logProbabilities: [Double], classCount: Int, floor: Double? = nil
  ) throws(ScoringError) {
    guard classCount > 0 else {
      throw ScoringError(.invalidSetting, "class count \(classCount); it must be 1 or more")
    }
    if let floor, !floor.isFinite || floor >= 0 {
      throw ScoringError(
        .invalidSetting, "floor \(floor) of log-probabilities; it must be finite and below 0")
    }
    guard !logProbabilities.isEmpty else {
      throw ScoringError(.noRows, "no probabilities to score")
    }
    guard logProbabilities.count.isMultiple(of: classCount) else {
      throw ScoringError(
        .lengthMismatch,
        "\(logProbabilities.count) probabilities do not fill rows of \(classCount) classes")
    }
    var values = logProbabilities
    if let floor {
      for index in values.indices where values[index] < floor { values[index] = floor }
    }
    self.classCount = classCount
    self.rowCount = values.count / classCount
    self.logProbabilities = values
    try checkRows()
  }

  /// Takes natural logarithms of probabilities in single precision.
  ///
  /// See ``init(logProbabilities:classCount:floor:)-([Double],_,_)`` for shapes and errors.
  public init(
    logProbabilities: [Float], classCount: Int, floor: Double? = nil
  ) throws(ScoringError) {
    try self.init(
      logProbabilities: logProbabilities.map(Double.init), classCount: classCount, floor: floor)
  }

  /// Takes plain probabilities; those below 2⁻⁵² are raised to it, as scikit-learn's log loss does.
  ///
  /// - Parameters:
  ///   - probabilities: `[N, K]`, row-major, in 0...1; each row adds up to 1 ± 0.01.
  ///   - classCount: K, 1 or more.
  /// - Throws: ``ScoringError``, as for logarithms.
  /// - Complexity: O(N·K).
  public init(probabilities: [Double], classCount: Int) throws(ScoringError) {
    for (index, value) in probabilities.enumerated() where !(value >= 0 && value.isFinite) {
      throw ScoringError(
        .notFinite,
        "probability \(value) in row \(index / max(classCount, 1)); it must lie in 0...1")
    }
    try self.init(
      logProbabilities: probabilities.map { RealFunctions.log(max($0, Double.ulpOfOne)) },
      classCount: classCount)
  }

  /// The most probable class of each row; the lowest index wins a tie.
  ///
  /// - Complexity: O(N·K).
  public func predictedLabels() -> [Int] {
    (0..<rowCount).map { topLabel(row: $0) }
  }

  /// The most probable class of one row.
  func topLabel(row: Int) -> Int {
    let start = row * classCount
    var best = 0
    for label in 1..<max(classCount, 1)
    where logProbabilities[start + label] > logProbabilities[start + best] {
      best = label
    }
    return best
  }

  /// Throws unless `truth` has one label in range for each row.
  func check(truth: [Int]) throws(ScoringError) {
    guard truth.count == rowCount else {
      throw ScoringError(
        .lengthMismatch, "\(truth.count) true labels but \(rowCount) rows of probabilities")
    }
    try LabelValidation.check(truth, classCount: classCount, role: "true")
  }

  private func checkRows() throws(ScoringError) {
    for row in 0..<rowCount {
      var sum = 0.0
      for label in 0..<classCount {
        let value = logProbabilities[row * classCount + label]
        guard value.isFinite else {
          throw ScoringError(
            .notFinite,
            "log-probability \(value) in row \(row), class \(label); "
              + "use a log-softmax, or set a floor where zero probabilities are meant")
        }
        sum += RealFunctions.exp(value)
      }
      guard abs(sum - 1) <= Self.sumTolerance else {
        throw ScoringError(
          .notNormalized,
          "the probabilities of row \(row) add up to \(sum), not 1; "
            + "pass log-softmax outputs, not logits")
      }
    }
  }
}
