import Scoring
import Testing

@Suite("Classification report")
struct ClassificationReportTests {
  @Test("a report without probabilities is exactly this JSON")
  func exactJSON() throws {
    let report = try ClassificationReport(
      truth: [0, 0, 1, 1], predicted: [0, 0, 1, 1], labels: ["say \"hi\"\n", "C:\\é"],
      bootstrap: try Bootstrap(resampleCount: 20, level: 0.5, seed: 1))
    let wilson = try Interval.wilson(successes: 4, trials: 4, level: 0.5)
    #expect(
      report.json() == """
        {"rows":4,"accuracy":{"value":1.0,"low":\(wilson.low),"high":1.0,"level":0.5},\
        "macro_f1":{"value":1.0,"low":1.0,"high":1.0,"level":0.5},"weighted_f1":1.0,\
        "balanced_accuracy":1.0,"mcc":1.0,"kappa":1.0,"log_loss":null,"brier":null,"ece":null,\
        "classes":[{"label":"say \\"hi\\"\\u000a","precision":1.0,"recall":1.0,"f1":1.0,\
        "support":2,"predicted":2},{"label":"C:\\\\é","precision":1.0,"recall":1.0,"f1":1.0,\
        "support":2,"predicted":2}],"confusion":[[2,0],[0,2]],"reliability":null}
        """)
  }

  @Test("a report with probabilities holds the scores of its parts")
  func withProbabilities() throws {
    let truth = ScoringGolden.probabilityTruth
    let probabilities = try ClassProbabilities(
      logProbabilities: ScoringGolden.logProbabilities, classCount: 4)
    let report = try ClassificationReport(
      truth: truth, probabilities: probabilities, labels: ["a", "b", "c", "d"], binCount: 10)
    #expect(try #require(report.logLoss).isClose(to: ScoringGolden.logLoss))
    #expect(try #require(report.brierScore).isClose(to: ScoringGolden.brierScore))
    let error = try #require(report.calibrationError)
    #expect(error.isClose(to: ScoringGolden.expectedCalibrationError))
    #expect(report.rowCount == truth.count)
    #expect(report.accuracyInterval.contains(report.accuracy))
    #expect(report.macroF1Interval.contains(report.macroF1))
    #expect(report.json().contains("\"ece\":\(error),"))
  }

  @Test("predictions may differ from the most probable classes")
  func decisionsDiffer() throws {
    let probabilities = try ClassProbabilities(
      probabilities: [0.9, 0.1, 0.4, 0.6], classCount: 2)
    let report = try ClassificationReport(
      truth: [0, 1], predicted: [1, 1], labels: ["no", "yes"], probabilities: probabilities)
    #expect(report.accuracy == 0.5)
    #expect(report.calibration?.bins.filter { $0.accuracy == 1 }.count == 2)
  }

  @Test("labels that do not fit the probabilities are refused")
  func badInput() throws {
    let probabilities = try ClassProbabilities(probabilities: [0.9, 0.1], classCount: 2)
    let error = #expect(throws: ScoringError.self) {
      try ClassificationReport(
        truth: [0], probabilities: probabilities, labels: ["a", "b", "c"])
    }
    #expect(error?.code == .lengthMismatch)
    let empty = #expect(throws: ScoringError.self) {
      try ClassificationReport(truth: [], predicted: [], labels: ["a"])
    }
    #expect(empty?.code == .noRows)
  }
}
