import Scoring
import Testing

@Suite("Confusion matrix")
struct ConfusionMatrixTests {
  @Test("scores agree with scikit-learn", arguments: ScoringGolden.classCases)
  func goldenScores(golden: ClassCase) throws {
    let matrix = try ConfusionMatrix(
      truth: golden.truth, predicted: golden.predicted, classCount: golden.classCount)
    #expect(matrix.counts == golden.confusion)
    #expect(matrix.rowCount == golden.truth.count)
    for (metric, expected) in zip(ClassMetric.allCases, golden.scores) {
      #expect(matrix.value(of: metric).isClose(to: expected), "\(metric) of \(golden.name)")
    }
    for score in matrix.perClass {
      #expect(score.precision.isClose(to: golden.precision[score.label]))
      #expect(score.recall.isClose(to: golden.recall[score.label]))
      #expect(score.f1.isClose(to: golden.f1[score.label]))
      #expect(score.support == golden.support[score.label])
    }
  }

  @Test("each named property is the metric of its name")
  func namedProperties() throws {
    let golden = ScoringGolden.classCases[0]
    let matrix = try ConfusionMatrix(
      truth: golden.truth, predicted: golden.predicted, classCount: golden.classCount)
    let named = [
      matrix.accuracy, matrix.macroF1, matrix.weightedF1, matrix.balancedAccuracy,
      matrix.matthewsCorrelation, matrix.cohenKappa,
    ]
    #expect(named == ClassMetric.allCases.map { matrix.value(of: $0) })
  }

  @Test("true classes run down and predicted ones across")
  func orientation() throws {
    let matrix = try ConfusionMatrix(truth: [0, 0, 1], predicted: [1, 1, 1], classCount: 2)
    #expect(matrix[truth: 0, predicted: 1] == 2)
    #expect(matrix[truth: 1, predicted: 0] == 0)
    #expect(matrix.perClass.map(\.predictedCount) == [0, 3])
  }

  @Test("a class that occurs nowhere does not change the macro-F1")
  func absentClass() throws {
    let narrow = try ConfusionMatrix(truth: [0, 0, 1], predicted: [0, 1, 1], classCount: 2)
    let wide = try ConfusionMatrix(truth: [0, 0, 1], predicted: [0, 1, 1], classCount: 9)
    #expect(narrow.macroF1 == wide.macroF1)
    #expect(narrow.balancedAccuracy == wide.balancedAccuracy)
  }

  @Test("constant truth and predictions give 0 for correlation and kappa, not NaN")
  func constantSides() throws {
    let matrix = try ConfusionMatrix(truth: [1, 1], predicted: [1, 1], classCount: 2)
    #expect(matrix.accuracy == 1)
    #expect(matrix.matthewsCorrelation == 0)
    #expect(matrix.cohenKappa == 0)
  }

  @Test(
    "input that cannot be counted is refused with its kind",
    arguments: [
      ([0, 1], [0], 2, ScoringError.Code.lengthMismatch),
      ([], [], 2, .noRows),
      ([0, 2], [0, 1], 2, .labelOutOfRange),
      ([0, 1], [0, -1], 2, .labelOutOfRange),
      ([0], [0], 0, .invalidSetting),
    ])
  func badInput(truth: [Int], predicted: [Int], classCount: Int, code: ScoringError.Code) {
    let error = #expect(throws: ScoringError.self) {
      try ConfusionMatrix(truth: truth, predicted: predicted, classCount: classCount)
    }
    #expect(error?.code == code)
  }

  @Test("the message about a label names its row, its side and the range")
  func messageNamesRow() {
    let error = #expect(throws: ScoringError.self) {
      try ConfusionMatrix(truth: [0, 1, 0], predicted: [0, 1, 7], classCount: 2)
    }
    #expect(error?.message.contains("predicted label 7 in row 2 is outside 0..<2") == true)
  }
}
