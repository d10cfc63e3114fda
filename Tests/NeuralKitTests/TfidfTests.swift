import AgentKit
import NeuralKit
import Testing

/// What scikit-learn gave: terms in column order, and rows as columns with weights.
struct TfidfCase: Sendable {
  let terms: [String]
  let fit: [([Int32], [Double])]
  let apply: [([Int32], [Double])]
}

@Suite struct TfidfTests {
  private func compare(_ settings: TfidfSettings, _ golden: TfidfCase) throws {
    let vectorizer = try TfidfVectorizer(fitting: TfidfGolden.fit, settings)
    #expect(vectorizer.terms == golden.terms)
    for (texts, expected) in [(TfidfGolden.fit, golden.fit), (TfidfGolden.apply, golden.apply)] {
      #expect(texts.count == expected.count)
      for (text, (columns, weights)) in zip(texts, expected) {
        let row = vectorizer.weights(of: text)
        #expect(row.map(\.column) == columns, "\(text)")
        // Sums of squares in another order: a few units in the last place.
        let furthest = zip(row, weights).map { abs($0.weight - $1) }.max() ?? 0
        #expect(furthest < 1e-13, "\(text)")
      }
    }
  }

  @Test("word features equal scikit-learn's")
  func words() throws {
    try compare(TfidfSettings(), TfidfGolden.words)
    try compare(TfidfSettings(ngrams: 1...2, sublinear: true), TfidfGolden.wordBigrams)
  }

  @Test("rare, common and too many terms are dropped as scikit-learn does")
  func selection() throws {
    try compare(TfidfSettings(minDocuments: 2, maxDocumentShare: 0.4), TfidfGolden.minDocuments)
    try compare(TfidfSettings(maxFeatures: 4, normalise: false), TfidfGolden.maxFeatures)
  }

  @Test("without smoothing and with capitals, features equal scikit-learn's")
  func notSmooth() throws {
    try compare(TfidfSettings(lowercase: false, smoothIDF: false), TfidfGolden.notSmooth)
  }

  @Test("character features equal scikit-learn's, across words and within them")
  func characters() throws {
    try compare(
      TfidfSettings(analyzer: .character, ngrams: 1...3, minDocuments: 2), TfidfGolden.characters)
    try compare(
      TfidfSettings(
        analyzer: .characterWithinWords, ngrams: 2...4, minDocuments: 2, sublinear: true),
      TfidfGolden.withinWords)
  }

  @Test("hashed features equal scikit-learn's")
  func hashed() throws {
    try compare(TfidfSettings(ngrams: 1...2, hashing: 32), TfidfGolden.hashedWords)
    try compare(
      TfidfSettings(
        analyzer: .characterWithinWords, ngrams: 3...3, sublinear: true, hashing: 4096),
      TfidfGolden.hashedCharacters)
  }

  @Test("what is learned does not depend on the order of the texts")
  func order() throws {
    let settings = TfidfSettings(ngrams: 1...2, maxFeatures: 7)
    let one = try TfidfVectorizer(fitting: TfidfGolden.fit, settings)
    let other = try TfidfVectorizer(fitting: TfidfGolden.fit.reversed(), settings)
    #expect(one.terms == other.terms)
    #expect(one.idf == other.idf)
  }

  @Test("texts without any term are refused, and so is a hashing width of none")
  func nothingLeft() {
    #expect(throws: AgentFailure.self) {
      try TfidfVectorizer(fitting: ["a", "!"], TfidfSettings())
    }
    #expect(throws: AgentFailure.self) {
      try TfidfVectorizer(fitting: ["word"], TfidfSettings(hashing: 0))
    }
  }

  @Test("settings come back from their JSON, and a missing key is named")
  func settingsJSON() throws {
    let settings = TfidfSettings(
      analyzer: .characterWithinWords, ngrams: 2...5, minDocuments: 3, maxFeatures: 100,
      sublinear: true)
    #expect(try TfidfSettings(JSONValue(parsing: settings.json.text)) == settings)
    var broken = settings.json
    broken["ngram_min"] = nil
    let failure = #expect(throws: AgentFailure.self) { try TfidfSettings(broken) }
    #expect(failure?.place == "tfidf.ngram_min")
  }
}
