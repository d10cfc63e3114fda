import AgentKit
import NeuralKit

/// What was learned of the training texts' terms: words, and characters where asked for, side by
/// side.
public struct TextFeatures: Sendable {
  private let words: TfidfVectorizer
  private let characters: TfidfVectorizer?

  /// Below that many texts each term counts: too little would be left.
  static let fewTexts = 100

  /// Learns from the training texts.
  ///
  /// Words take up to half of the terms where characters come too, which take what is left.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` when no term is left.
  public init(
    fitting texts: [String], _ settings: TextFeatureSettings
  ) throws(AgentFailure) {
    let both = settings.kind == .wordsAndCharacters
    let most = settings.maxFeatures
    let leastTexts = texts.count < Self.fewTexts ? 1 : settings.minDocuments
    words = try TfidfVectorizer(
      fitting: texts,
      TfidfSettings(
        ngrams: 1...settings.ngrams, minDocuments: leastTexts,
        maxFeatures: both ? most / 2 : most, sublinear: true))
    guard both else {
      characters = nil
      return
    }
    characters = try TfidfVectorizer(
      fitting: texts,
      TfidfSettings(
        analyzer: .characterWithinWords, ngrams: 3...5, minDocuments: leastTexts,
        maxFeatures: most - words.columnCount, sublinear: true))
  }

  /// The number of features.
  public var count: Int { words.columnCount + (characters?.columnCount ?? 0) }

  /// The rows of texts; unknown terms are left out.
  ///
  /// - Complexity: O(terms) expected.
  public func rows(for texts: [String]) throws(AgentFailure) -> SparseRows {
    let rows = words.rows(for: texts)
    guard let characters else { return rows }
    return try rows.beside(characters.rows(for: texts))
  }

  /// Adds what was learned to a model.
  public func write(to draft: inout ModelDraft) throws(AgentFailure) {
    try words.write(to: &draft, prefix: "words")
    try characters?.write(to: &draft, prefix: "characters")
  }

  /// Reads what was learned from a model.
  ///
  /// - Throws: `AgentFailure` with `notFound` or `dataLoss` when it is not whole.
  public init(from model: Model) throws(AgentFailure) {
    words = try TfidfVectorizer(from: model, prefix: "words")
    characters =
      model.metadata["characters"] == nil
      ? nil : try TfidfVectorizer(from: model, prefix: "characters")
  }
}
