/// How texts become features.
public struct TextFeatureSettings: Sendable, Hashable {
  /// What terms are made of.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Sequences of words.
    case words
    /// Also sequences of 3 to 5 characters within words, which see through spelling and endings.
    case wordsAndCharacters = "words+chars"
  }

  /// What terms are made of.
  public var kind: Kind
  /// The longest sequence of words.
  public var ngrams: Int
  /// The most terms of all kinds together.
  public var maxFeatures: Int
  /// Terms in fewer texts are left out.
  public var minDocuments: Int

  /// Settings.
  public init(kind: Kind, ngrams: Int, maxFeatures: Int, minDocuments: Int) {
    self.kind = kind
    self.ngrams = ngrams
    self.maxFeatures = maxFeatures
    self.minDocuments = minDocuments
  }
}
