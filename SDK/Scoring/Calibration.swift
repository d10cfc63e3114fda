/// One range of confidence in a reliability diagram.
public struct ReliabilityBin: Equatable, Sendable {
  /// The confidence above which the bin starts (the first bin holds 0 as well).
  public let lowerBound: Double
  /// The confidence up to which it reaches, itself included.
  public let upperBound: Double
  /// The rows whose top probability falls in the bin.
  public let count: Int
  /// The mean top probability of those rows; 0 where there are none.
  public let meanConfidence: Double
  /// The share of those rows whose top class is the true one; 0 where there are none.
  public let accuracy: Double
}

/// How far a predictor's confidence agrees with its accuracy, for the top class of each row.
public struct Calibration: Equatable, Sendable {
  /// Bins of equal width from 0 to 1, empty ones included.
  public let bins: [ReliabilityBin]

  /// The mean distance between confidence and accuracy, weighted by rows.
  ///
  /// Guo, Pleiss, Sun, Weinberger: *On Calibration of Modern Neural Networks* (2017), equation 3.
  public var expectedError: Double {
    let rows = bins.reduce(0) { $0 + $1.count }
    guard rows > 0 else { return 0 }
    return bins.reduce(0) { $0 + Double($1.count) * abs($1.accuracy - $1.meanConfidence) }
      / Double(rows)
  }

  /// The largest distance between confidence and accuracy of any bin that holds rows.
  public var maximumError: Double {
    bins.reduce(0) { $1.count == 0 ? $0 : max($0, abs($1.accuracy - $1.meanConfidence)) }
  }
}

extension ClassProbabilities {
  /// Sorts the rows by their top probability into bins of equal width.
  ///
  /// Bins are open below and closed above, as in scikit-learn's `calibration_curve`.
  ///
  /// - Parameters:
  ///   - truth: `[N]`, labels in `0 ..< classCount`.
  ///   - binCount: 1 or more; 15 is what the literature reports most.
  /// - Throws: ``ScoringError``: `lengthMismatch`, `labelOutOfRange`, `invalidSetting`.
  /// - Complexity: O(N·K + binCount).
  public func calibration(truth: [Int], binCount: Int = 15) throws(ScoringError) -> Calibration {
    try check(truth: truth)
    guard binCount > 0 else {
      throw ScoringError(.invalidSetting, "\(binCount) bins; calibration needs 1 or more")
    }
    var counts = [Int](repeating: 0, count: binCount)
    var hits = counts
    var confidences = [Double](repeating: 0, count: binCount)
    for row in 0..<rowCount {
      let top = topLabel(row: row)
      // A row may add up to a little over 1, so its top probability may as well.
      let confidence = min(1, RealFunctions.exp(logProbabilities[row * classCount + top]))
      let bin = Self.bin(of: confidence, binCount: binCount)
      counts[bin] += 1
      confidences[bin] += confidence
      if top == truth[row] { hits[bin] += 1 }
    }
    return Calibration(
      bins: (0..<binCount).map { bin in
        let rows = Double(max(counts[bin], 1))
        return ReliabilityBin(
          lowerBound: Double(bin) / Double(binCount),
          upperBound: Double(bin + 1) / Double(binCount),
          count: counts[bin],
          meanConfidence: confidences[bin] / rows,
          accuracy: Double(hits[bin]) / rows)
      })
  }

  private static func bin(of confidence: Double, binCount: Int) -> Int {
    let raw = Int((confidence * Double(binCount)).rounded(.up)) - 1
    return min(max(raw, 0), binCount - 1)
  }
}
