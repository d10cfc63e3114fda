import NaiveBayesLearner
import Testing

/// Sparse rows of texts, freed with the test.
final class Rows {
  var raw = nb_rows()

  init(_ texts: [String], features: UInt32 = 1024, words: UInt32 = 1, characters: UInt32 = 0) throws
  {
    let recipe = nb_recipe(features: features, words: words, characters: characters)
    try #require(nb_rows_init(&raw, recipe) == 1)
    for text in texts { try #require(nb_rows_append(&raw, text, text.utf8.count) == 1) }
  }

  deinit { nb_rows_free(&raw) }

  /// The counts of a row by feature.
  func row(_ index: Int) -> [UInt32: Float] {
    var counts: [UInt32: Float] = [:]
    for entry in Int(raw.offsets[index])..<Int(raw.offsets[index + 1]) {
      counts[raw.indices[entry]] = raw.values[entry]
    }
    return counts
  }
}

/// A fit, freed with the test.
final class Fit {
  var weights = nb_weights()
  let status: Int32

  init(
    _ rows: Rows, labels: [UInt32], classes: UInt32, alpha: Double, complement: Bool = false,
    stop: (@convention(c) (UnsafeMutableRawPointer?) -> Int32)? = nil
  ) {
    var learned = nb_weights()
    status = withUnsafePointer(to: rows.raw) { rows in
      labels.withUnsafeBufferPointer { labels in
        var request = nb_fit_request(
          rows: rows, labels: labels.baseAddress, classes: classes, alpha: alpha,
          complement: complement ? 1 : 0, stop: stop, data: nil)
        return nb_fit(&request, &learned)
      }
    }
    weights = learned
  }

  deinit { nb_weights_free(&weights) }

  func weight(_ column: Int, of label: Int) -> Double {
    Double(weights.weights[label * Int(weights.features) + column])
  }

  func scores(_ rows: Rows, _ row: Int) -> [Double] {
    var scores = [Double](repeating: 0, count: Int(weights.classes))
    nb_score(&weights, &rows.raw, UInt64(row), &scores)
    return scores
  }
}

/// Weights are single-precision: 24 bits.
func isClose(_ value: Double, _ golden: Double, within tolerance: Double = 2e-6) -> Bool {
  abs(value - golden) <= tolerance * max(1, abs(golden))
}

@Suite struct NaiveBayesLearnerTests {
  @Test("FNV-1a gives the published vectors")
  func hashing() {
    #expect(nb_hash(NB_FNV_START, "", 0) == 0x811c_9dc5)
    #expect(nb_hash(NB_FNV_START, "a", 1) == 0xe40c_292c)
    #expect(nb_hash(NB_FNV_START, "foobar", 6) == 0xbf9c_f968)
  }

  @Test("a row counts words and pairs of words, whatever their case and punctuation")
  func words() throws {
    let rows = try Rows(["Card, card LOST!", "card card lost"], features: 65536, words: 2)
    #expect(rows.row(0) == rows.row(1))
    #expect(rows.row(0).values.sorted() == [1, 1, 1, 2])
    #expect(nb_length(&rows.raw, 0) == 5)
  }

  @Test("character n-grams count characters, not bytes, with a space on either side")
  func characters() throws {
    let rows = try Rows(["für", "fur"], features: 65536, characters: 4)
    // The word; three of length 3; two of length 4.
    #expect(rows.row(0).count == 6)
    #expect(rows.row(1).count == 6)
    #expect(rows.row(0) != rows.row(1))
  }

  @Test("many rows keep their own counts")
  func growth() throws {
    let texts = (0..<3000).map { "word\($0) and more" }
    let rows = try Rows(texts, features: 262144)
    #expect(rows.raw.count == 3000)
    let last = try Rows(["word2999 and more"], features: 262144)
    #expect(rows.row(2999) == last.row(0))
  }

  @Test("texts without words give empty rows")
  func empty() throws {
    let rows = try Rows(["", " !? ", "x"])
    #expect(rows.row(0).isEmpty && rows.row(1).isEmpty && rows.row(2).count == 1)
  }

  @Test("multinomial weights and scores are scikit-learn's")
  func multinomial() throws {
    let rows = try Rows(NaiveBayesGolden.texts, features: NaiveBayesGolden.features)
    let fit = Fit(rows, labels: NaiveBayesGolden.labels, classes: 3, alpha: NaiveBayesGolden.alpha)
    try #require(fit.status == Int32(NB_FIT_DONE))
    let columns = NaiveBayesGolden.columns
    let unseen = try #require((0..<1024).first { !columns.contains($0) })
    for label in 0..<3 {
      #expect(isClose(Double(fit.weights.priors[label]), NaiveBayesGolden.classLogPrior[label]))
      #expect(isClose(fit.weight(unseen, of: label), NaiveBayesGolden.unseenLogProb[label]))
      for (index, column) in columns.enumerated() {
        #expect(
          isClose(
            fit.weight(column, of: label),
            NaiveBayesGolden.featureLogProb[label * columns.count + index]))
      }
    }
    let queries = try Rows(NaiveBayesGolden.queries, features: NaiveBayesGolden.features)
    for row in NaiveBayesGolden.queries.indices {
      let scores = fit.scores(queries, row)
      var logp = [Double](repeating: 0, count: 3)
      nb_log_softmax(scores, 3, 1, &logp)
      for label in 0..<3 {
        #expect(isClose(scores[label], NaiveBayesGolden.jointLogLikelihood[row * 3 + label]))
        #expect(isClose(logp[label], NaiveBayesGolden.logProbability[row * 3 + label]))
      }
    }
  }

  @Test("complement weights are scikit-learn's, up to one factor")
  func complement() throws {
    let rows = try Rows(NaiveBayesGolden.texts, features: NaiveBayesGolden.features)
    let fit = Fit(
      rows, labels: NaiveBayesGolden.labels, classes: 3, alpha: NaiveBayesGolden.alpha,
      complement: true)
    let columns = NaiveBayesGolden.columns
    let factor = fit.weight(columns[0], of: 0) / NaiveBayesGolden.complementWeights[0]
    for label in 0..<3 {
      #expect(fit.weights.priors[label] == 0)
      for (index, column) in columns.enumerated() {
        let golden = NaiveBayesGolden.complementWeights[label * columns.count + index] * factor
        #expect(isClose(fit.weight(column, of: label), golden, within: 1e-5))
      }
    }
  }

  @Test("the temperature is the minimiser's, and 1 without rows")
  func temperature() {
    let fitted = nb_fit_temperature(
      NaiveBayesGolden.jointLogLikelihood, NaiveBayesGolden.truth,
      UInt64(NaiveBayesGolden.truth.count), 3)
    #expect(isClose(fitted, NaiveBayesGolden.temperature, within: 1e-5))
    #expect(nb_fit_temperature([], [], 0, 3) == 1)
  }

  @Test("log-probabilities of far scores stay finite and add up to 1")
  func overflow() {
    var logp = [0.0, 0]
    nb_log_softmax([-5000, -1], 2, 1, &logp)
    #expect(logp == [-4999, 0])
  }

  @Test("a class without rows stays finite and never wins a seen text")
  func emptyClass() throws {
    let rows = try Rows(["card lost", "refund now"])
    let fit = Fit(rows, labels: [0, 2], classes: 3, alpha: 0.1)
    let scores = fit.scores(rows, 0)
    #expect(scores.allSatisfy { $0.isFinite })
    #expect(scores[0] > scores[2] && scores[2] > scores[1])
  }

  @Test("a fit that is told to stop stops")
  func stop() throws {
    let rows = try Rows(["a b", "c d"])
    #expect(
      Fit(rows, labels: [0, 1], classes: 2, alpha: 1, stop: { _ in 1 }).status
        == Int32(NB_FIT_STOPPED))
  }
}
