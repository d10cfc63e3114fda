import AgentKit
import Testing

@testable import TextMLPLearner

@Suite struct TextFeaturesTests {
  private func fit(
    _ texts: [String], _ kind: TextFeatureSettings.Kind, most: Int = 20_000, least: Int = 2
  ) throws -> TextFeatures {
    try TextFeatures(
      fitting: texts,
      TextFeatureSettings(kind: kind, ngrams: 2, maxFeatures: most, minDocuments: least))
  }

  @Test("words and pairs of words; characters come on top")
  func kinds() throws {
    let words = try fit(["red kettle", "red lamp"], .words)
    #expect(words.count == 5)
    let both = try fit(["red kettle", "red lamp"], .wordsAndCharacters)
    #expect(both.count > 30)
    // Each kind's part of a row has length 1.
    let row = try both.rows(for: ["red kettle"]).row(0)
    let squares = row.map { $0.value * $0.value }
    #expect(abs(squares.reduce(0, +) - 2) < 1e-5)
    #expect(row.map(\.column) == row.map(\.column).sorted())
  }

  @Test("no more terms than allowed, of which words take half at most")
  func limit() throws {
    let texts = SampleTexts(200, seed: 1).texts
    let words = try fit(texts, .words, most: 20)
    #expect(words.count == 20)
    #expect(try fit(texts, .wordsAndCharacters, most: 40).count == 40)
    let first = try fit(texts, .wordsAndCharacters, most: 40).rows(for: texts)
    #expect(first.columns.contains { $0 < 20 } && first.columns.contains { $0 >= 20 })
  }

  @Test("rare terms are left out only where there are enough texts")
  func rareTerms() throws {
    let few = try fit(["red kettle", "blue lamp"], .words)
    #expect(few.count == 6)
    let many = try fit(
      SampleTexts(TextFeatures.fewTexts, seed: 1).texts + ["unheard of"], .words)
    #expect(try many.rows(for: ["unheard"]).columns.isEmpty)
  }

  @Test("a text without known terms is an empty row")
  func unknown() throws {
    let features = try fit(["red kettle", "red lamp"], .wordsAndCharacters)
    let rows = try features.rows(for: ["", "red", "zzz qqq"])
    #expect(rows.offsets.first == 0)
    #expect(rows.offsets[1] == 0)
    #expect(rows.offsets[2] > 0)
    #expect(rows.offsets[3] == rows.offsets[2])
  }

  @Test("texts without any word cannot be learned from")
  func noTerms() throws {
    let failure = try #require(throws: AgentFailure.self) { try fit(["!", "?"], .words) }
    #expect(failure.message.contains("no term is left"))
  }
}
