import Scoring
import Testing

@Suite("Bootstrap")
struct BootstrapTests {
  private let golden = ScoringGolden.classCases[0]

  @Test("the macro-F1 interval agrees with scikit-learn and numpy on the same resamples")
  func goldenMacroF1() throws {
    let bootstrap = try Bootstrap(resampleCount: 400, seed: 11)
    let interval = try bootstrap.interval(
      .macroF1, truth: golden.truth, predicted: golden.predicted,
      classCount: golden.classCount)
    #expect(interval.low.isClose(to: ScoringGolden.macroF1Percentiles[0]))
    #expect(interval.high.isClose(to: ScoringGolden.macroF1Percentiles[1]))
  }

  @Test(
    "the counted metrics and a closure over rows give the same interval",
    arguments: ClassMetric.allCases)
  func countedEqualsClosure(metric: ClassMetric) throws {
    let bootstrap = try Bootstrap(resampleCount: 50, seed: 3)
    let counted = try bootstrap.interval(
      metric, truth: golden.truth, predicted: golden.predicted,
      classCount: golden.classCount)
    let general = try bootstrap.interval(rowCount: golden.truth.count) { rows in
      let matrix = try? ConfusionMatrix(
        truth: rows.map { golden.truth[$0] }, predicted: rows.map { golden.predicted[$0] },
        classCount: golden.classCount)
      return matrix?.value(of: metric) ?? .nan
    }
    #expect(counted == general)
  }

  @Test("the interval of a mean agrees with scipy's bootstrap within sampling noise")
  func scipyMean() throws {
    let bootstrap = try Bootstrap(resampleCount: 8_000, seed: 1)
    let interval = try bootstrap.meanInterval(of: ScoringGolden.rowLosses)
    let expected = ScoringGolden.rowLossMeanInterval
    // An end's standard error at 8000 resamples is 3 % of the interval's width at most.
    let slack = 0.06 * (expected[1] - expected[0])
    #expect(abs(interval.low - expected[0]) < slack)
    #expect(abs(interval.high - expected[1]) < slack)
  }

  @Test("equal seeds give equal intervals and other seeds others")
  func seeds() throws {
    let losses = ScoringGolden.rowLosses
    let first = try Bootstrap(resampleCount: 200, seed: 1).meanInterval(of: losses)
    #expect(try Bootstrap(resampleCount: 200, seed: 1).meanInterval(of: losses) == first)
    #expect(try Bootstrap(resampleCount: 200, seed: 2).meanInterval(of: losses) != first)
  }

  @Test("a higher level gives a wider interval")
  func levels() throws {
    let losses = ScoringGolden.rowLosses
    let narrow = try Bootstrap(level: 0.8, seed: 1).meanInterval(of: losses)
    let wide = try Bootstrap(level: 0.99, seed: 1).meanInterval(of: losses)
    #expect(wide.low < narrow.low && narrow.high < wide.high)
  }

  @Test("no rows, a NaN statistic and impossible settings are refused")
  func badInput() {
    let codes = [
      #expect(throws: ScoringError.self) { try Bootstrap.standard.meanInterval(of: []) },
      #expect(throws: ScoringError.self) { try Bootstrap.standard.meanInterval(of: [1, .nan]) },
      #expect(throws: ScoringError.self) { try Bootstrap(resampleCount: 1, seed: 0) },
      #expect(throws: ScoringError.self) { try Bootstrap(level: 95, seed: 0) },
      #expect(throws: ScoringError.self) {
        try Bootstrap.standard.interval(.macroF1, truth: [0], predicted: [3], classCount: 2)
      },
    ].map { $0?.code }
    #expect(
      codes == [.noRows, .notFinite, .invalidSetting, .invalidSetting, .labelOutOfRange])
  }
}
