/// How often each true class was predicted as each class.
///
///     let matrix = try ConfusionMatrix(
///       truth: [0, 0, 1, 2], predicted: [0, 1, 1, 2], classCount: 3)
///     matrix[truth: 0, predicted: 1]  // 1
///     matrix.macroF1                  // 0.7777…
public struct ConfusionMatrix: Equatable, Sendable {
  /// The number of classes K; labels run from 0 to K - 1.
  public let classCount: Int
  /// `[K, K]`, row-major: true classes down, predicted classes across.
  public let counts: [Int]
  private let tally: ClassTally

  /// Counts the rows of two label arrays.
  ///
  /// - Parameters:
  ///   - truth: `[rows]`, labels in `0 ..< classCount`.
  ///   - predicted: `[rows]`, labels in `0 ..< classCount`.
  ///   - classCount: 1 or more; classes that occur nowhere are allowed.
  /// - Throws: ``ScoringError``: `lengthMismatch`, `noRows`, `labelOutOfRange`, `invalidSetting`.
  /// - Complexity: O(rows + classCount²).
  public init(truth: [Int], predicted: [Int], classCount: Int) throws(ScoringError) {
    try LabelValidation.check(truth: truth, predicted: predicted, classCount: classCount)
    var counts = [Int](repeating: 0, count: classCount * classCount)
    var tally = ClassTally(classCount: classCount)
    for row in truth.indices {
      counts[truth[row] * classCount + predicted[row]] += 1
      tally.add(truth: truth[row], predicted: predicted[row])
    }
    self.classCount = classCount
    self.counts = counts
    self.tally = tally
  }

  /// The number of rows with this true and this predicted class.
  public subscript(truth truth: Int, predicted predicted: Int) -> Int {
    precondition(
      (0..<classCount).contains(truth) && (0..<classCount).contains(predicted),
      "classes \(truth) and \(predicted) must lie in 0..<\(classCount)")
    return counts[truth * classCount + predicted]
  }

  /// The number of rows counted.
  public var rowCount: Int { tally.rowCount }

  /// The number of rows whose predicted class is the true one.
  ///
  /// - Complexity: O(classCount).
  public var rightCount: Int { tally.rightCount }

  /// Precision, recall, F1 and support, one entry a class in the order of the labels.
  ///
  /// - Complexity: O(classCount).
  public var perClass: [ClassScore] {
    (0..<classCount).map { label in
      ClassScore(
        label: label,
        support: tally.truthCounts[label],
        predictedCount: tally.predictedCounts[label],
        precision: tally.precision(label),
        recall: tally.recall(label),
        f1: tally.f1(label))
    }
  }

  /// One metric by its name.
  ///
  /// - Complexity: O(classCount).
  public func value(of metric: ClassMetric) -> Double { tally.value(of: metric) }

  /// See ``ClassMetric/accuracy``.
  public var accuracy: Double { value(of: .accuracy) }
  /// See ``ClassMetric/macroF1``.
  public var macroF1: Double { value(of: .macroF1) }
  /// See ``ClassMetric/weightedF1``.
  public var weightedF1: Double { value(of: .weightedF1) }
  /// See ``ClassMetric/balancedAccuracy``.
  public var balancedAccuracy: Double { value(of: .balancedAccuracy) }
  /// See ``ClassMetric/matthewsCorrelation``.
  public var matthewsCorrelation: Double { value(of: .matthewsCorrelation) }
  /// See ``ClassMetric/cohenKappa``.
  public var cohenKappa: Double { value(of: .cohenKappa) }

  /// Compares class count and counts; all else follows from them.
  public static func == (a: ConfusionMatrix, b: ConfusionMatrix) -> Bool {
    a.classCount == b.classCount && a.counts == b.counts
  }
}
