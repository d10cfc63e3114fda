import Scoring
import Testing

@Suite("Class probabilities")
struct ClassProbabilitiesTests {
  private func golden() throws -> ClassProbabilities {
    try ClassProbabilities(logProbabilities: ScoringGolden.logProbabilities, classCount: 4)
  }

  @Test("log loss and Brier's score agree with scikit-learn")
  func goldenLosses() throws {
    let probabilities = try golden()
    let truth = ScoringGolden.probabilityTruth
    #expect(try probabilities.logLoss(truth: truth).isClose(to: ScoringGolden.logLoss))
    #expect(try probabilities.brierScore(truth: truth).isClose(to: ScoringGolden.brierScore))
  }

  @Test("the log loss is the mean of the rows' losses")
  func rowLosses() throws {
    let probabilities = try golden()
    let losses = try probabilities.logLosses(truth: ScoringGolden.probabilityTruth)
    #expect(losses.count == probabilities.rowCount)
    #expect((losses.reduce(0, +) / Double(losses.count)).isClose(to: ScoringGolden.logLoss))
  }

  @Test("reliability bins and calibration error agree with scikit-learn")
  func goldenCalibration() throws {
    let calibration = try golden().calibration(
      truth: ScoringGolden.probabilityTruth, binCount: 10)
    #expect(calibration.bins.map(\.count) == ScoringGolden.binCounts)
    let filled = calibration.bins.filter { $0.count > 0 }
    for (bin, accuracy) in zip(filled, ScoringGolden.binAccuracy) {
      #expect(bin.accuracy.isClose(to: accuracy))
    }
    for (bin, confidence) in zip(filled, ScoringGolden.binConfidence) {
      #expect(bin.meanConfidence.isClose(to: confidence))
    }
    #expect(calibration.expectedError.isClose(to: ScoringGolden.expectedCalibrationError))
    let worst = zip(ScoringGolden.binAccuracy, ScoringGolden.binConfidence)
      .map { abs($0 - $1) }.max()
    #expect(calibration.maximumError.isClose(to: try #require(worst)))
  }

  @Test("a confidence on a bin's edge belongs to the bin below it, 1 to the last")
  func binEdges() throws {
    let probabilities = try ClassProbabilities(
      probabilities: [0.5, 0.5, 1, 0], classCount: 2)
    let bins = try probabilities.calibration(truth: [0, 0], binCount: 2).bins
    #expect(bins.map(\.count) == [1, 1])
  }

  @Test("the lowest class wins a tie")
  func ties() throws {
    let probabilities = try ClassProbabilities(
      probabilities: [0.2, 0.4, 0.4, 0.4, 0.2, 0.4], classCount: 3)
    #expect(probabilities.predictedLabels() == [1, 0])
  }

  @Test("a zero among plain probabilities costs 36 nats, as in scikit-learn")
  func clippedZero() throws {
    let probabilities = try ClassProbabilities(probabilities: [1, 0], classCount: 2)
    #expect(try probabilities.logLoss(truth: [1]).isClose(to: 36.04365338911715))
  }

  @Test("minus infinity is refused without a floor and raised to it with one")
  func floor() throws {
    let error = #expect(throws: ScoringError.self) {
      try ClassProbabilities(logProbabilities: [0, -Double.infinity], classCount: 2)
    }
    #expect(error?.code == .notFinite)
    let raised = try ClassProbabilities(
      logProbabilities: [0, -Double.infinity], classCount: 2, floor: -20)
    #expect(try raised.logLoss(truth: [1]) == 20)
  }

  @Test("single precision is accepted")
  func singlePrecision() throws {
    let single = try ClassProbabilities(
      logProbabilities: ScoringGolden.logProbabilities.map(Float.init), classCount: 4)
    let loss = try single.logLoss(truth: ScoringGolden.probabilityTruth)
    #expect(loss.isClose(to: ScoringGolden.logLoss, relative: 1e-6))
  }

  @Test(
    "rows that are no log-probabilities are refused with their kind",
    arguments: [
      ([2.0, 1.0], 2, ScoringError.Code.notNormalized),
      ([1000.0, 1.0], 2, .notNormalized),
      ([Double.nan, 0.0], 2, .notFinite),
      ([-1.0, -1.0, -1.0], 2, .lengthMismatch),
      ([], 2, .noRows),
      ([0.0], 0, .invalidSetting),
    ])
  func badRows(values: [Double], classCount: Int, code: ScoringError.Code) {
    let error = #expect(throws: ScoringError.self) {
      try ClassProbabilities(logProbabilities: values, classCount: classCount)
    }
    #expect(error?.code == code)
  }

  @Test("negative and NaN probabilities and a floor that is no floor are refused")
  func badPlainProbabilities() {
    for values in [[-0.5, 1.5], [Double.nan, 1]] {
      let error = #expect(throws: ScoringError.self) {
        try ClassProbabilities(probabilities: values, classCount: 2)
      }
      #expect(error?.code == .notFinite)
    }
    let error = #expect(throws: ScoringError.self) {
      try ClassProbabilities(logProbabilities: [0.0], classCount: 1, floor: 0)
    }
    #expect(error?.code == .invalidSetting)
  }

  @Test("truth that does not fit the rows is refused by every score")
  func badTruth() throws {
    let probabilities = try ClassProbabilities(probabilities: [0.5, 0.5], classCount: 2)
    for (truth, code) in [([0, 1], ScoringError.Code.lengthMismatch), ([2], .labelOutOfRange)] {
      let errors = [
        #expect(throws: ScoringError.self) { try probabilities.logLoss(truth: truth) },
        #expect(throws: ScoringError.self) { try probabilities.brierScore(truth: truth) },
        #expect(throws: ScoringError.self) { try probabilities.calibration(truth: truth) },
      ]
      #expect(errors.map { $0?.code } == [code, code, code])
    }
    let error = #expect(throws: ScoringError.self) {
      try probabilities.calibration(truth: [0], binCount: 0)
    }
    #expect(error?.code == .invalidSetting)
  }
}
