import AgentKit

/// How texts become features; names and meaning are scikit-learn's `TfidfVectorizer`'s.
public struct TfidfSettings: Sendable, Hashable {
  /// What n-grams are made of.
  public enum Analyzer: String, Sendable, Hashable, CaseIterable {
    /// Words: runs of two or more letters, digits and underscores (`\b\w\w+\b`).
    case word
    /// Characters, across words.
    case character = "char"
    /// Characters within words, each word with a space on either side.
    case characterWithinWords = "char_wb"
  }

  /// What n-grams are made of.
  public var analyzer: Analyzer
  /// The lengths of n-grams, at least 1.
  public var ngrams: ClosedRange<Int>
  /// Letters are made small first.
  public var lowercase: Bool
  /// Terms in fewer texts are dropped (`min_df`); not with hashing.
  public var minDocuments: Int
  /// Terms in a larger share of texts are dropped (`max_df`); not with hashing.
  public var maxDocumentShare: Double
  /// Only that many terms, the most frequent ones, are kept; nil: all (not with hashing).
  public var maxFeatures: Int?
  /// Counts become `1 + ln(count)`.
  public var sublinear: Bool
  /// Document frequencies are smoothed as if one more text held every term.
  public var smoothIDF: Bool
  /// Rows are scaled to Euclidean length 1.
  public var normalise: Bool
  /// Terms are hashed (MurmurHash3) into that many columns instead of kept; nil: kept.
  public var hashing: Int?

  /// Settings; the defaults are scikit-learn's.
  public init(
    analyzer: Analyzer = .word, ngrams: ClosedRange<Int> = 1...1, lowercase: Bool = true,
    minDocuments: Int = 1, maxDocumentShare: Double = 1, maxFeatures: Int? = nil,
    sublinear: Bool = false, smoothIDF: Bool = true, normalise: Bool = true, hashing: Int? = nil
  ) {
    self.analyzer = analyzer
    self.ngrams = ngrams
    self.lowercase = lowercase
    self.minDocuments = minDocuments
    self.maxDocumentShare = maxDocumentShare
    self.maxFeatures = maxFeatures
    self.sublinear = sublinear
    self.smoothIDF = smoothIDF
    self.normalise = normalise
    self.hashing = hashing
  }

  /// The settings as JSON, for a model's metadata.
  public var json: JSONValue {
    [
      "analyzer": .string(analyzer.rawValue), "ngram_min": .int(ngrams.lowerBound),
      "ngram_max": .int(ngrams.upperBound), "lowercase": .bool(lowercase),
      "min_df": .int(minDocuments), "max_df": .double(maxDocumentShare),
      "max_features": maxFeatures.map(JSONValue.int) ?? .null, "sublinear_tf": .bool(sublinear),
      "smooth_idf": .bool(smoothIDF), "l2": .bool(normalise),
      "hashing": hashing.map(JSONValue.int) ?? .null,
    ]
  }

  /// Settings from a model's metadata.
  ///
  /// - Throws: `AgentFailure` with `dataLoss` naming the key that is missing or wrong.
  public init(_ json: JSONValue) throws(AgentFailure) {
    func read<Value>(_ key: String, _ get: (JSONValue) -> Value?) throws(AgentFailure) -> Value {
      guard let value = json[key].flatMap(get) else {
        throw AgentFailure(.dataLoss, "is missing or has a wrong type", where: "tfidf.\(key)")
      }
      return value
    }
    let (low, high) = (try read("ngram_min", \.intValue), try read("ngram_max", \.intValue))
    guard low >= 1, high >= low else {
      throw AgentFailure(.dataLoss, "\(low)...\(high) is no range of lengths", where: "tfidf")
    }
    self.init(
      analyzer: try read("analyzer") { $0.stringValue.flatMap(Analyzer.init(rawValue:)) },
      ngrams: low...high, lowercase: try read("lowercase", \.boolValue),
      minDocuments: try read("min_df", \.intValue),
      maxDocumentShare: try read("max_df", \.doubleValue),
      maxFeatures: json["max_features"]?.intValue,
      sublinear: try read("sublinear_tf", \.boolValue),
      smoothIDF: try read("smooth_idf", \.boolValue), normalise: try read("l2", \.boolValue),
      hashing: json["hashing"]?.intValue)
  }
}
