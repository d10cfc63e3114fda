/// All scores of one classifier on one set of rows.
///
///     let report = try ClassificationReport(
///       truth: truth, predicted: predicted, labels: ["billing", "shipping"])
///     print(report.json())
public struct ClassificationReport: Equatable, Sendable {
  /// The name of each class, by index.
  public let labels: [String]
  /// The counts behind all class metrics.
  public let confusion: ConfusionMatrix
  /// Wilson's interval of the accuracy.
  public let accuracyInterval: Interval
  /// The bootstrap interval of the macro-F1.
  public let macroF1Interval: Interval
  /// Mean negative log-probability of the true class, in nats; nil without probabilities.
  public let logLoss: Double?
  /// Brier's score, 0...2; nil without probabilities.
  public let brierScore: Double?
  /// Confidence against accuracy; nil without probabilities.
  public let calibration: Calibration?

  /// Scores predicted classes and, where given, their probabilities.
  ///
  /// - Parameters:
  ///   - truth: `[rows]`, indices into `labels`.
  ///   - predicted: `[rows]`, indices into `labels`; they need not be the most probable classes, as
  ///     a decision may weigh costs.
  ///   - labels: the classes' names.
  ///   - probabilities: `[rows, labels]`, or nil for a predictor that gives none.
  ///   - bootstrap: the settings of both intervals' level and of the resampling.
  ///   - binCount: bins of the calibration.
  /// - Throws: ``ScoringError`` for any input that cannot be scored.
  /// - Complexity: O(resamples · (rows + classes)).
  public init(
    truth: [Int], predicted: [Int], labels: [String],
    probabilities: ClassProbabilities? = nil,
    bootstrap: Bootstrap = .standard, binCount: Int = 15
  ) throws(ScoringError) {
    confusion = try ConfusionMatrix(
      truth: truth, predicted: predicted, classCount: labels.count)
    if let probabilities, probabilities.classCount != labels.count {
      throw ScoringError(
        .lengthMismatch,
        "\(labels.count) labels but probabilities of \(probabilities.classCount) classes")
    }
    self.labels = labels
    accuracyInterval = try Interval.wilson(
      successes: confusion.rightCount, trials: truth.count, level: bootstrap.level)
    macroF1Interval = try bootstrap.interval(
      .macroF1, truth: truth, predicted: predicted, classCount: labels.count)
    logLoss = try probabilities?.logLoss(truth: truth)
    brierScore = try probabilities?.brierScore(truth: truth)
    calibration = try probabilities?.calibration(truth: truth, binCount: binCount)
  }

  /// Scores the most probable class of each row.
  ///
  /// - Throws: ``ScoringError`` for any input that cannot be scored.
  public init(
    truth: [Int], probabilities: ClassProbabilities, labels: [String],
    bootstrap: Bootstrap = .standard, binCount: Int = 15
  ) throws(ScoringError) {
    try self.init(
      truth: truth, predicted: probabilities.predictedLabels(), labels: labels,
      probabilities: probabilities, bootstrap: bootstrap, binCount: binCount)
  }

  /// The number of rows scored.
  public var rowCount: Int { confusion.rowCount }
  /// See ``ClassMetric/accuracy``.
  public var accuracy: Double { confusion.accuracy }
  /// See ``ClassMetric/macroF1``.
  public var macroF1: Double { confusion.macroF1 }
  /// The expected calibration error; nil without probabilities.
  public var calibrationError: Double? { calibration?.expectedError }
}
