import AgentKit

/// Texts as rows of term weights: term frequency times inverse document frequency.
///
///     let vectorizer = try TfidfVectorizer(fitting: texts, TfidfSettings(ngrams: 1...2))
///     let rows = vectorizer.rows(for: texts)
///
/// With `n` texts, `df` of them holding a term, the weight of a term that occurs `tf` times in a row is
/// `tf · idf` with `idf = ln((1 + n) / (1 + df)) + 1` (smooth; else `ln(n / df) + 1`), and with sublinear
/// counts `1 + ln(tf)` in place of `tf`; then the row is scaled to length 1. These are scikit-learn's
/// formulas, and its vocabulary order.
public struct TfidfVectorizer: Sendable {
  /// How texts become features.
  public let settings: TfidfSettings
  /// The weight of each column.
  public let idf: [Double]
  private let vocabulary: [Term: Int32]

  /// The number of columns.
  public var columnCount: Int { idf.count }

  /// Learns vocabulary and document frequencies.
  ///
  /// - Parameters:
  ///   - texts: the training part alone; their order does not matter.
  ///   - settings: how texts become features.
  /// - Throws: `AgentFailure` with `invalidArgument` when no term is left.
  /// - Complexity: O(terms) expected, and sorting the vocabulary.
  public init(fitting texts: [String], _ settings: TfidfSettings) throws(AgentFailure) {
    let splitter = TermSplitter(settings: settings)
    if let columnCount = settings.hashing {
      guard columnCount > 0, columnCount <= Int(Int32.max) else {
        throw AgentFailure(.invalidArgument, "\(columnCount) is no number of columns")
      }
      var documents = [Int](repeating: 0, count: columnCount)
      for text in texts {
        var seen: Set<Int32> = []
        splitter.forEachTerm(in: text) { seen.insert($0.column(among: columnCount)) }
        for column in seen { documents[Int(column)] += 1 }
      }
      self.init(
        settings, vocabulary: [:],
        idf: documents.map { Self.idf($0, of: texts.count, smooth: settings.smoothIDF) })
      return
    }
    var statistics: [Term: (documents: Int, occurrences: Int)] = [:]
    for text in texts {
      var counts: [Term: Int] = [:]
      splitter.forEachTerm(in: text) { counts[$0, default: 0] += 1 }
      for (term, count) in counts {
        if statistics[term] != nil {
          statistics[term]?.documents += 1
          statistics[term]?.occurrences += count
        } else {
          statistics[term.compact] = (1, count)
        }
      }
    }
    let most = settings.maxDocumentShare * Double(texts.count)
    var kept = statistics.filter {
      $0.value.documents >= settings.minDocuments && Double($0.value.documents) <= most
    }.map { (term: $0.key, documents: $0.value.documents, occurrences: $0.value.occurrences) }
    kept.sort { $0.term < $1.term }
    if let limit = settings.maxFeatures, kept.count > limit {
      // Ties are broken by the terms' order, so that the same texts always keep the same terms.
      kept.sort { ($1.occurrences, $0.term) < ($0.occurrences, $1.term) }
      kept = kept.prefix(max(0, limit)).sorted { $0.term < $1.term }
    }
    guard !kept.isEmpty else {
      throw AgentFailure(
        .invalidArgument,
        "no term is left of \(texts.count) texts; lower min_df or raise max_df, or check the texts")
    }
    var vocabulary: [Term: Int32] = [:]
    for (index, entry) in kept.enumerated() { vocabulary[entry.term] = Int32(index) }
    self.init(
      settings, vocabulary: vocabulary,
      idf: kept.map { Self.idf($0.documents, of: texts.count, smooth: settings.smoothIDF) })
  }

  init(_ settings: TfidfSettings, vocabulary: [Term: Int32], idf: [Double]) {
    self.settings = settings
    self.vocabulary = vocabulary
    self.idf = idf
  }

  /// The terms in the order of their columns; none with hashing.
  public var terms: [String] { sortedTerms.map { String(decoding: $0.bytes, as: UTF8.self) } }

  var sortedTerms: [Term] { vocabulary.sorted { $0.value < $1.value }.map(\.key) }

  /// The rows of texts; terms that were not learned are left out.
  ///
  /// - Complexity: O(terms) expected.
  public func rows(for texts: [String]) -> SparseRows {
    var rows = SparseRows(columnCount: columnCount)
    for text in texts { rows.append(weights(of: text).map { ($0.column, Float($0.weight)) }) }
    return rows
  }

  /// The weights of one text, by ascending column, in double precision.
  public func weights(of text: String) -> [(column: Int32, weight: Double)] {
    var counts: [Int32: Int] = [:]
    TermSplitter(settings: settings).forEachTerm(in: text) { term in
      let column = settings.hashing.map { term.column(among: $0) } ?? vocabulary[term]
      if let column { counts[column, default: 0] += 1 }
    }
    var weights = counts.map { column, count in
      let frequency =
        settings.sublinear ? 1 + RealFunctions.log(Double(count)) : Double(count)
      return (column: column, weight: frequency * idf[Int(column)])
    }
    weights.sort { $0.column < $1.column }
    if settings.normalise {
      let length = weights.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
      if length > 0 { for index in weights.indices { weights[index].weight /= length } }
    }
    return weights
  }

  private static func idf(_ documents: Int, of count: Int, smooth: Bool) -> Double {
    let (documents, count) = (Double(documents), Double(count))
    if smooth { return RealFunctions.log((1 + count) / (1 + documents)) + 1 }
    // Without smoothing a column that no text has would be infinite; it never has an entry in training.
    return documents == 0 ? 1 : RealFunctions.log(count / documents) + 1
  }
}
