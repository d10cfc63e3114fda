/// Three counts a class, from which every ``ClassMetric`` follows.
///
/// Smaller than a confusion matrix (3·K instead of K² numbers) and reusable, so a bootstrap fills
/// it thousands of times without allocating.
struct ClassTally {
  private(set) var truthCounts: [Int]
  private(set) var predictedCounts: [Int]
  private(set) var hits: [Int]
  private(set) var rowCount = 0

  init(classCount: Int) {
    truthCounts = [Int](repeating: 0, count: classCount)
    predictedCounts = truthCounts
    hits = truthCounts
  }

  var rightCount: Int { hits.reduce(0, +) }

  mutating func clear() {
    for label in hits.indices {
      truthCounts[label] = 0
      predictedCounts[label] = 0
      hits[label] = 0
    }
    rowCount = 0
  }

  mutating func add(truth: Int, predicted: Int) {
    truthCounts[truth] &+= 1
    predictedCounts[predicted] &+= 1
    if truth == predicted { hits[truth] &+= 1 }
    rowCount &+= 1
  }

  func precision(_ label: Int) -> Double { ratio(hits[label], predictedCounts[label]) }
  func recall(_ label: Int) -> Double { ratio(hits[label], truthCounts[label]) }
  func f1(_ label: Int) -> Double {
    ratio(2 * hits[label], truthCounts[label] + predictedCounts[label])
  }

  /// The metric over all rows added so far.
  ///
  /// - Complexity: O(classes).
  func value(of metric: ClassMetric) -> Double {
    switch metric {
    case .accuracy: ratio(rightCount, rowCount)
    case .macroF1: macroF1
    case .weightedF1: weightedF1
    case .balancedAccuracy: balancedAccuracy
    case .matthewsCorrelation: matthewsCorrelation
    case .cohenKappa: cohenKappa
    }
  }

  private var macroF1: Double {
    var sum = 0.0
    var present = 0
    for label in hits.indices where truthCounts[label] + predictedCounts[label] > 0 {
      sum += f1(label)
      present += 1
    }
    return present == 0 ? 0 : sum / Double(present)
  }

  private var weightedF1: Double {
    guard rowCount > 0 else { return 0 }
    var sum = 0.0
    for label in hits.indices { sum += f1(label) * Double(truthCounts[label]) }
    return sum / Double(rowCount)
  }

  private var balancedAccuracy: Double {
    var sum = 0.0
    var present = 0
    for label in hits.indices where truthCounts[label] > 0 {
      sum += recall(label)
      present += 1
    }
    return present == 0 ? 0 : sum / Double(present)
  }

  // The sums below reach rows², which a Double holds exactly up to 94 million rows.

  private var matthewsCorrelation: Double {
    let total = Double(rowCount)
    let covariance = Double(rightCount) * total - dot(truthCounts, predictedCounts)
    let truthVariance = total * total - dot(truthCounts, truthCounts)
    let predictedVariance = total * total - dot(predictedCounts, predictedCounts)
    // One root of the product: a perfect predictor then scores exactly 1.
    let scale = (truthVariance * predictedVariance).squareRoot()
    return scale == 0 ? 0 : covariance / scale
  }

  private var cohenKappa: Double {
    let total = Double(rowCount)
    let chance = dot(truthCounts, predictedCounts)
    let room = total * total - chance
    return room == 0 ? 0 : (Double(rightCount) * total - chance) / room
  }

  private func dot(_ a: [Int], _ b: [Int]) -> Double {
    var sum = 0.0
    for label in a.indices { sum += Double(a[label]) * Double(b[label]) }
    return sum
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
