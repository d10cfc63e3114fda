import Scoring
import Testing

@Suite("Paired comparison")
struct PairedComparisonTests {
  private let golden = ScoringGolden.classCases[0]

  @Test("the gain in macro-F1 agrees with scikit-learn and numpy on the same resamples")
  func goldenGain() throws {
    let bootstrap = try Bootstrap(resampleCount: 400, seed: 11)
    let gain = try bootstrap.difference(
      .macroF1, truth: golden.truth, first: golden.predicted,
      second: ScoringGolden.secondPredicted, classCount: golden.classCount)
    #expect(gain.interval.low.isClose(to: ScoringGolden.macroF1GainPercentiles[0]))
    #expect(gain.interval.high.isClose(to: ScoringGolden.macroF1GainPercentiles[1]))
    #expect(gain.pValue.isClose(to: ScoringGolden.macroF1GainPValue))
    #expect(gain.first.isClose(to: golden.scores[1]))
    #expect(gain.difference == gain.second - gain.first)
  }

  @Test("exchanging the predictors mirrors the interval and keeps the p-value")
  func mirrored() throws {
    let bootstrap = try Bootstrap(resampleCount: 100, seed: 4)
    let losses = ScoringGolden.rowLosses
    func mean(_ rows: [Int]) -> Double { rows.reduce(0) { $0 + losses[$1] } / Double(rows.count) }
    func shifted(_ rows: [Int]) -> Double { rows.reduce(0) { $0 + Double($1 % 3) } / 40 }
    let there = try bootstrap.difference(rowCount: losses.count, first: mean, second: shifted)
    let back = try bootstrap.difference(rowCount: losses.count, first: shifted, second: mean)
    #expect(there.interval.low.isClose(to: -back.interval.high))
    #expect(there.interval.high.isClose(to: -back.interval.low))
    #expect(there.pValue == back.pValue)
  }

  @Test("a predictor compared with itself shows no difference")
  func same() throws {
    let none = try Bootstrap.standard.difference(
      .accuracy, truth: golden.truth, first: golden.predicted, second: golden.predicted,
      classCount: golden.classCount)
    #expect(none.interval == Interval(low: 0, high: 0, level: 0.95))
    #expect(none.pValue == 1)
  }

  @Test("statistics that are not finite and empty input are refused")
  func badInput() {
    let codes = [
      #expect(throws: ScoringError.self) {
        try Bootstrap.standard.difference(rowCount: 0, first: { _ in 0 }, second: { _ in 0 })
      },
      #expect(throws: ScoringError.self) {
        try Bootstrap.standard.difference(
          rowCount: 2, first: { _ in .infinity }, second: { _ in 0 })
      },
      #expect(throws: ScoringError.self) {
        try Bootstrap.standard.difference(
          .accuracy, truth: [0, 1], first: [0, 1], second: [0], classCount: 2)
      },
    ].map { $0?.code }
    #expect(codes == [.noRows, .notFinite, .lengthMismatch])
  }

  @Test("McNemar's exact p-value agrees with statsmodels", arguments: ScoringGolden.mcNemar)
  func goldenMcNemar(row: [Double]) throws {
    let test = try McNemarTest(onlyFirstRight: Int(row[0]), onlySecondRight: Int(row[1]))
    // The logarithm of the largest term is near 1700: 1e-16 of it is 2e-13, times many terms.
    #expect(test.pValue.isClose(to: row[2], relative: 1e-10))
    let exchanged = try McNemarTest(
      onlyFirstRight: Int(row[1]), onlySecondRight: Int(row[0]))
    #expect(exchanged.pValue == test.pValue)
  }

  @Test("McNemar's test counts only rows that exactly one predictor gets right")
  func mcNemarCounts() throws {
    let test = try McNemarTest(
      truth: [0, 0, 1, 1, 2], first: [0, 0, 1, 0, 0], second: [0, 1, 0, 1, 1])
    #expect(test.onlyFirstRight == 2)
    #expect(test.onlySecondRight == 1)
    #expect(test.pValue == 1)
  }

  @Test("McNemar's test refuses rows that do not pair and negative counts")
  func mcNemarBadInput() {
    let codes = [
      #expect(throws: ScoringError.self) { try McNemarTest(truth: [0], first: [0], second: []) },
      #expect(throws: ScoringError.self) { try McNemarTest(truth: [], first: [], second: []) },
      #expect(throws: ScoringError.self) {
        try McNemarTest(onlyFirstRight: -1, onlySecondRight: 2)
      },
    ].map { $0?.code }
    #expect(codes == [.lengthMismatch, .noRows, .invalidSetting])
  }
}
