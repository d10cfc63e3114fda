import AgentKit

/// Which words are taken out of texts.
public enum StopWordChoice: String, Sendable, Hashable, CaseIterable {
  /// None.
  case none
  /// The function words of English.
  case english
  /// Those that stand in more than a share of the training part's texts.
  case fitted
}

/// What becomes of a row without a label.
public enum MissingLabel: String, Sendable, Hashable, CaseIterable {
  /// The row goes.
  case drop
  /// The row stays.
  case keep
}

/// How texts are prepared; the same for all three tasks.
public struct PreparationSettings: Sendable, Hashable {
  /// The steps on each text.
  public var cleaner: TextCleaner
  /// Whether duplicates are removed.
  public var removesDuplicates: Bool
  /// Which words are taken out.
  public var stopWords: StopWordChoice
  /// The share of texts above which a word is one, for `fitted`.
  public var maxDocumentFrequency: Double
  /// What becomes of a row without a label.
  public var missingLabel: MissingLabel

  /// Reads the settings.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument`, naming the setting and what it may be.
  public init(_ settings: Settings) throws(AgentFailure) {
    var steps: [CleaningStep] = []
    removesDuplicates = false
    for name in try settings.strings("clean") {
      if name == "dedup" {
        removesDuplicates = true
      } else {
        steps.append(try Self.choice(name, "clean", also: ["dedup"]))
      }
    }
    cleaner = TextCleaner(steps)
    stopWords = try Self.choice(settings.string("stop_words"), "stop_words")
    missingLabel = try Self.choice(settings.string("missing_label"), "missing_label")
    maxDocumentFrequency = try settings.double("max_df")
    guard maxDocumentFrequency > 0, maxDocumentFrequency <= 1 else {
      throw AgentFailure(
        .invalidArgument, "should be a share above 0 and up to 1, not \(maxDocumentFrequency)",
        where: "settings.max_df")
    }
  }

  /// What an offer says about these settings.
  public static let specs: [SettingSpec] = [
    .json(
      "clean",
      ["mojibake", "html", "controls", "nfc", "collapse", "trim", "dedup"],
      about: "any of " + (CleaningStep.allCases.map(\.rawValue) + ["dedup"]).joined(separator: ", ")
    ),
    .utf8(
      "stop_words", "none", choices: StopWordChoice.allCases.map(\.rawValue),
      about: "which words are taken out"),
    .f64(
      "max_df", 0.5, in: 0.01...1,
      about: "fitted stop words stand in more than this share of the training texts"),
    .utf8(
      "missing_label", "drop", choices: MissingLabel.allCases.map(\.rawValue),
      about: "what becomes of rows without a label"),
  ]

  private static func choice<Choice>(
    _ name: String, _ setting: String, also others: [String] = []
  ) throws(AgentFailure) -> Choice
  where Choice: RawRepresentable<String> & CaseIterable {
    if let choice = Choice(rawValue: name) { return choice }
    let names = Choice.allCases.map(\.rawValue) + others
    throw AgentFailure(
      .invalidArgument, "'\(name)' is none of \(names.joined(separator: ", "))",
      where: "settings.\(setting)")
  }
}
