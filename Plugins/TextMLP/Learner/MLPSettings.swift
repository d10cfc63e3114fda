import AgentKit

/// How a text classifier is trained.
public struct MLPSettings: Sendable, Hashable {
  /// What early stopping watches.
  public enum StopRule: String, Sendable, Hashable, CaseIterable {
    /// The mean F1 over the classes; the loss parts equal ones.
    case macroF1 = "macro_f1"
    /// The mean cross-entropy.
    case loss
  }

  /// The size of Adam's steps at first; it falls to a tenth until the last epoch.
  public var learningRate: Double
  /// Hidden units.
  public var hidden: Int
  /// The share of hidden units that training drops.
  public var dropout: Double
  /// Decoupled weight decay (AdamW).
  public var weightDecay: Double
  /// The most passes over the training part.
  public var epochs: Int
  /// Rows a step.
  public var batch: Int
  /// Epochs without improvement after which training stops.
  public var patience: Int
  /// What early stopping watches.
  public var stopRule: StopRule
  /// Rare classes weigh as much as frequent ones.
  public var balanced: Bool
  /// How texts become features.
  public var features: TextFeatureSettings

  /// Reads the settings.
  ///
  /// They are checked again here, since a tuner's come to a job without the host's check.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument`, naming the setting.
  public init(_ settings: Settings) throws(AgentFailure) {
    let read = CheckedSettings(settings)
    learningRate = try read.number("learning_rate", in: 1e-5...0.1)
    hidden = try read.whole("hidden", in: 4...2048)
    dropout = try read.number("dropout", in: 0...0.9)
    weightDecay = try read.number("weight_decay", in: 0...10)
    epochs = try read.whole("epochs", in: 1...500)
    batch = try read.whole("batch", in: 1...4096)
    patience = try read.whole("patience", in: 1...500)
    stopRule = try read.choice("stop_on", of: StopRule.self)
    balanced = try read.choice("class_weight", of: ClassWeight.self) == .balanced
    features = TextFeatureSettings(
      kind: try read.choice("features", of: TextFeatureSettings.Kind.self),
      ngrams: try read.whole("ngrams", in: 1...3),
      maxFeatures: try read.whole("max_features", in: 10...1_000_000),
      minDocuments: try read.whole("min_df", in: 1...1000))
  }

  private enum ClassWeight: String, CaseIterable {
    case none, balanced
  }

  /// What an offer says about these settings.
  ///
  /// The defaults did best, or within the noise of the best, on three sets: intents of bank
  /// customers, spam, and messages to a support desk.
  public static let specs: [SettingSpec] = [
    .f64(
      "learning_rate", 0.002, in: 1e-5...0.1, tunable: true, log: true,
      about: "the size of Adam's steps at first"),
    .i64("hidden", 64, choices: [32, 64, 128, 256], tunable: true, about: "hidden units"),
    .f64("dropout", 0.5, in: 0...0.9, tunable: true, about: "share of hidden units dropped"),
    .f64(
      "weight_decay", 0.1, in: 1e-4...10, tunable: true, log: true,
      about: "decoupled weight decay (AdamW)"),
    .i64("epochs", 30, in: 1...500, about: "the most passes over the rows"),
    .i64("batch", 64, in: 1...4096, about: "rows a step"),
    .i64("patience", 5, in: 1...500, about: "epochs without improvement before it stops"),
    .utf8(
      "stop_on", "macro_f1", choices: StopRule.allCases.map(\.rawValue),
      about: "what early stopping watches on `val`"),
    .utf8(
      "class_weight", "none", choices: ClassWeight.allCases.map(\.rawValue),
      about: "balanced: rare classes weigh as much as frequent ones"),
    .utf8(
      "features", "words+chars", choices: TextFeatureSettings.Kind.allCases.map(\.rawValue),
      about: "sequences of words, or also of 3 to 5 characters within words"),
    .i64("ngrams", 2, in: 1...3, about: "longest sequence of words"),
    .i64("max_features", 20_000, in: 10...1_000_000, about: "the most terms of all kinds"),
    .i64(
      "min_df", 2, in: 1...1000,
      about: "terms in fewer texts are left out, where there are 100 texts or more"),
  ]

  /// The settings as JSON, for a model's metadata; the same keys as in ``specs``.
  public var json: JSONValue {
    [
      "learning_rate": .double(learningRate), "hidden": .int(hidden), "dropout": .double(dropout),
      "weight_decay": .double(weightDecay), "epochs": .int(epochs), "batch": .int(batch),
      "patience": .int(patience), "stop_on": .string(stopRule.rawValue),
      "class_weight": .string((balanced ? ClassWeight.balanced : .none).rawValue),
      "features": .string(features.kind.rawValue), "ngrams": .int(features.ngrams),
      "max_features": .int(features.maxFeatures), "min_df": .int(features.minDocuments),
    ]
  }
}

/// Settings read with their ranges.
private struct CheckedSettings {
  let settings: Settings

  init(_ settings: Settings) { self.settings = settings }

  func number(
    _ name: String, in range: ClosedRange<Double>
  ) throws(AgentFailure) -> Double {
    let value = try settings.double(name)
    guard range.contains(value) else {
      throw AgentFailure(
        .invalidArgument, "should lie in \(range), not be \(value)", where: "settings.\(name)")
    }
    return value
  }

  func whole(_ name: String, in range: ClosedRange<Int>) throws(AgentFailure) -> Int {
    let value = try settings.double(name)
    guard let whole = Int(exactly: value), range.contains(whole) else {
      throw AgentFailure(
        .invalidArgument, "should be a whole number in \(range), not \(value)",
        where: "settings.\(name)")
    }
    return whole
  }

  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String, of type: Choice.Type
  ) throws(AgentFailure) -> Choice {
    let value = try settings.string(name)
    guard let choice = Choice(rawValue: value) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw AgentFailure(
        .invalidArgument, "'\(value)' is none of \(all)", where: "settings.\(name)")
    }
    return choice
  }
}
