import Testing

@testable import Scoring

@Suite("Wilson's interval")
struct IntervalTests {
  @Test("ends agree with statsmodels", arguments: ScoringGolden.wilson)
  func golden(row: [Double]) throws {
    let interval = try Interval.wilson(
      successes: Int(row[0]), trials: Int(row[1]), level: row[2])
    #expect(interval.low.isClose(to: row[3]))
    #expect(interval.high.isClose(to: row[4]))
    #expect(interval.level == row[2])
  }

  @Test(
    "quantiles of the normal distribution agree with scipy",
    arguments: ScoringGolden.normalQuantiles)
  func quantiles(row: [Double]) {
    // 1 - level loses digits before either library sees it: 1e-10 at level 0.999999.
    #expect(
      NormalDistribution.twoSidedQuantile(level: row[0]).isClose(to: row[1], relative: 1e-10))
  }

  @Test("a share of nought or all keeps a width and an exact end")
  func ends() throws {
    let none = try Interval.wilson(successes: 0, trials: 5)
    let all = try Interval.wilson(successes: 5, trials: 5)
    #expect(none.low == 0)
    #expect(all.high == 1)
    #expect(none.width > 0.3)
    #expect(none.width.isClose(to: all.width))
    #expect(none.contains(0) && !none.contains(1))
  }

  @Test(
    "impossible counts and levels are refused",
    arguments: [
      (0, 0, 0.95, ScoringError.Code.noRows),
      (6, 5, 0.95, .invalidSetting),
      (-1, 5, 0.95, .invalidSetting),
      (1, 5, 1.0, .invalidSetting),
      (1, 5, 0.0, .invalidSetting),
      (1, 5, Double.nan, .invalidSetting),
    ])
  func badInput(successes: Int, trials: Int, level: Double, code: ScoringError.Code) {
    let error = #expect(throws: ScoringError.self) {
      try Interval.wilson(successes: successes, trials: trials, level: level)
    }
    #expect(error?.code == code)
  }
}
