extension ClassificationReport {
  /// The report as one line of JSON; keys keep their order, so equal reports give equal bytes.
  ///
  /// Keys: `rows`, `accuracy` and `macro_f1` (each `{value, low, high, level}`), `weighted_f1`,
  /// `balanced_accuracy`, `mcc`, `kappa`, `log_loss`, `brier`, `ece` (null without probabilities),
  /// `classes` (`[{label, precision, recall, f1, support, predicted}]`), `confusion` (`[K][K]`, true
  /// classes down) and `reliability` (`[{low, high, rows, confidence, accuracy}]`, or null).
  ///
  /// - Complexity: O(classes² + bins).
  public func json() -> String {
    let fields = [
      Self.field("rows", "\(rowCount)"),
      Self.field("accuracy", Self.scored(accuracy, accuracyInterval)),
      Self.field("macro_f1", Self.scored(macroF1, macroF1Interval)),
      Self.field("weighted_f1", Self.number(confusion.weightedF1)),
      Self.field("balanced_accuracy", Self.number(confusion.balancedAccuracy)),
      Self.field("mcc", Self.number(confusion.matthewsCorrelation)),
      Self.field("kappa", Self.number(confusion.cohenKappa)),
      Self.field("log_loss", Self.number(logLoss)),
      Self.field("brier", Self.number(brierScore)),
      Self.field("ece", Self.number(calibrationError)),
      Self.field("classes", Self.array(confusion.perClass.map(classObject))),
      Self.field("confusion", Self.array((0..<labels.count).map(confusionRow))),
      Self.field("reliability", calibration.map { Self.array($0.bins.map(Self.bin)) } ?? "null"),
    ]
    return Self.object(fields)
  }

  private func classObject(_ score: ClassScore) -> String {
    Self.object([
      Self.field("label", Self.string(labels[score.label])),
      Self.field("precision", Self.number(score.precision)),
      Self.field("recall", Self.number(score.recall)),
      Self.field("f1", Self.number(score.f1)),
      Self.field("support", "\(score.support)"),
      Self.field("predicted", "\(score.predictedCount)"),
    ])
  }

  private func confusionRow(_ truth: Int) -> String {
    Self.array((0..<labels.count).map { "\(confusion[truth: truth, predicted: $0])" })
  }

  private static func bin(_ bin: ReliabilityBin) -> String {
    object([
      field("low", number(bin.lowerBound)),
      field("high", number(bin.upperBound)),
      field("rows", "\(bin.count)"),
      field("confidence", number(bin.meanConfidence)),
      field("accuracy", number(bin.accuracy)),
    ])
  }

  private static func scored(_ value: Double, _ interval: Interval) -> String {
    object([
      field("value", number(value)),
      field("low", number(interval.low)),
      field("high", number(interval.high)),
      field("level", number(interval.level)),
    ])
  }

  private static func field(_ key: String, _ value: String) -> String { "\"\(key)\":\(value)" }
  private static func object(_ fields: [String]) -> String {
    "{\(fields.joined(separator: ","))}"
  }
  private static func array(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

  /// The shortest digits that read back as the same number, which Swift's description gives.
  private static func number(_ value: Double?) -> String {
    value.map { "\($0)" } ?? "null"
  }

  private static func string(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
