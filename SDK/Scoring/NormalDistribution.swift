/// Quantiles of the standard normal distribution.
enum NormalDistribution {
  /// The z with `P(|Z| ≤ z) = level`: 1.959963984540054 for 0.95.
  ///
  /// Found by bisection on `erfc`: sixty steps once an interval, instead of forty coefficients of
  /// a rational approximation.
  ///
  /// - Parameter level: above 0 and below 1.
  static func twoSidedQuantile(level: Double) -> Double {
    let outside = 1 - level
    var low = 0.0
    // erfc underflows beyond 38; no level below 1 has its quantile out there.
    var high = 38.0
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if RealFunctions.erfc(middle / 2.0.squareRoot()) > outside {
        low = middle
      } else {
        high = middle
      }
    }
  }
}
