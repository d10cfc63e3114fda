/// The temperature that makes logits fit labels best; dividing by it changes no decision.
///
/// Guo, Pleiss, Sun, Weinberger: *On Calibration of Modern Neural Networks* (2017), section 4.2.
/// The loss is convex in 1 / temperature, so golden sections find its one minimum.
struct Temperature {
  /// `[rows, classCount]`, row-major.
  let logits: [Float]
  /// One a row, in `0..<classCount`.
  let labels: [Int]
  let classCount: Int
  /// What a row of each class counts; nil: all the same.
  var classWeights: [Float]?

  private static let range = 0.05...20.0
  // After 20 sections the bracket is 1/15000 of the first: finer than the loss can tell.
  private static let sectionCount = 20

  /// The temperature, from 0.05 to 20; 1 without rows.
  ///
  /// - Complexity: O(rows · classes).
  var fitted: Double {
    guard !labels.isEmpty else { return 1 }
    let golden = 0.618_033_988_749_895
    var low = RealFunctions.log(Self.range.lowerBound)
    var high = RealFunctions.log(Self.range.upperBound)
    func loss(_ place: Double) -> Double { meanLoss(inverse: RealFunctions.exp(-place)) }
    var (a, b) = (high - golden * (high - low), low + golden * (high - low))
    var (lossA, lossB) = (loss(a), loss(b))
    for _ in 0..<Self.sectionCount {
      if lossA <= lossB {
        (high, b, lossB) = (b, a, lossA)
        a = high - golden * (high - low)
        lossA = loss(a)
      } else {
        (low, a, lossA) = (a, b, lossB)
        b = low + golden * (high - low)
        lossB = loss(b)
      }
    }
    return RealFunctions.exp((low + high) / 2)
  }

  /// The mean negative log-likelihood of the labels under the softmax of `inverse · logits`,
  /// weighted as in training.
  func meanLoss(inverse: Double) -> Double {
    logits.withUnsafeBufferPointer { logits in
      var total = 0.0
      var weightSum = 0.0
      for (row, label) in labels.enumerated() {
        let start = row * classCount
        var top = -Float.infinity
        for index in start..<(start + classCount) { top = max(top, logits[index]) }
        var sum = 0.0
        for index in start..<(start + classCount) {
          sum += RealFunctions.exp(Double(logits[index] - top) * inverse)
        }
        let weight = classWeights.map { Double($0[label]) } ?? 1
        total += weight * (RealFunctions.log(sum) - Double(logits[start + label] - top) * inverse)
        weightSum += weight
      }
      return total / weightSum
    }
  }
}
