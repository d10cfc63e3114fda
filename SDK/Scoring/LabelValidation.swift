/// Checks of label arrays, made once before a score trusts them as indices.
enum LabelValidation {
  /// Throws unless both arrays have the same rows, at least one, all labels in range.
  ///
  /// - Complexity: O(rows).
  static func check(truth: [Int], predicted: [Int], classCount: Int) throws(ScoringError) {
    guard truth.count == predicted.count else {
      throw ScoringError(
        .lengthMismatch,
        "\(truth.count) true labels but \(predicted.count) predicted ones; pass one of each a row")
    }
    try check(truth, classCount: classCount, role: "true")
    try check(predicted, classCount: classCount, role: "predicted")
  }

  /// Throws unless there is at least one label and all lie in `0 ..< classCount`.
  static func check(_ labels: [Int], classCount: Int, role: String) throws(ScoringError) {
    guard classCount > 0 else {
      throw ScoringError(.invalidSetting, "class count \(classCount); it must be 1 or more")
    }
    guard !labels.isEmpty else {
      throw ScoringError(.noRows, "no rows to score; check the split that should have made them")
    }
    for (row, label) in labels.enumerated() where label < 0 || label >= classCount {
      throw ScoringError(
        .labelOutOfRange,
        "\(role) label \(label) in row \(row) is outside 0..<\(classCount); "
          + "map labels to class indices first")
    }
  }
}
