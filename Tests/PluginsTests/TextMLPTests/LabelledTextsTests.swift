import AgentKit
import Testing

@testable import TextMLPLearner

@Suite struct LabelledTextsTests {
  private let classes = ["a", "b", "c"]

  private func read(_ texts: [String?], _ labels: [String?]) throws -> LabelledTexts {
    let table = try Table(columns: [
      TableColumn("text", .utf8(texts)), TableColumn("label", .utf8(labels)),
    ])
    return try LabelledTexts(table, classes: classes, port: "data")
  }

  @Test("rows without text or label are left out")
  func gaps() throws {
    let data = try read(["x", nil, "y", "z"], ["b", "a", nil, "c"])
    #expect(data.texts == ["x", "z"])
    #expect(data.labels == [1, 2])
  }

  @Test("a label that is no class is named, with its row")
  func unknownLabel() throws {
    let failure = try #require(throws: AgentFailure.self) { try read(["x", "y"], ["a", "d"]) }
    #expect(failure.place == "data, row 1")
    #expect(failure.message.contains("'d'"))
  }

  @Test("one class is not enough, and is named")
  func oneClass() throws {
    let failure = try #require(throws: AgentFailure.self) {
      try read(["x", "y"], ["b", "b"]).requireTwoClasses(of: classes)
    }
    #expect(failure.message == "needs at least 2 classes, the data has 1: b")
    let empty = try #require(throws: AgentFailure.self) {
      try read([nil], ["b"]).requireTwoClasses(of: classes)
    }
    #expect(empty.message.contains("no rows"))
  }

  @Test("balanced weights are scikit-learn's, and 1 for a class without rows")
  func balancedWeights() throws {
    // compute_class_weight("balanced", y=[0, 0, 0, 1]) gives 2/3 and 2.
    let weights = try read(["t", "u", "v", "w"], ["a", "a", "a", "b"])
      .balancedWeights(classCount: 3)
    #expect(weights == [2.0 / 3, 2, 1])
  }

  @Test("the prior adds up to 1 and gives something to a class without rows")
  func prior() throws {
    let prior = try read(["t", "u", "v"], ["a", "a", "b"]).logPrior(classCount: 3)
    let shares = prior.map { RealFunctions.exp(Double($0)) }
    #expect(zip(shares, [0.5, 1.0 / 3, 1.0 / 6]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("a tenth is held back, each row once, the same for the same seed")
  func holdout() throws {
    let sample = SampleTexts(200, seed: 1)
    let texts = (0..<200).map(String.init)
    let labels = sample.labels.map { SampleTexts.classes.firstIndex(of: $0) ?? 0 }
    let data = LabelledTexts(texts: texts, labels: labels)
    let parts = try #require(data.holdingBack(seed: 3))
    #expect(parts.held.texts.count == 20)
    #expect(Set(parts.held.texts + parts.rest.texts) == Set(texts))
    #expect(parts.rest.texts.count == 180)
    for (text, label) in zip(parts.held.texts, parts.held.labels) {
      #expect(labels[try #require(Int(text))] == label)
    }
    #expect(data.holdingBack(seed: 3)?.held == parts.held)
    #expect(data.holdingBack(seed: 4)?.held != parts.held)
    #expect(LabelledTexts(texts: ["x"], labels: [0]).holdingBack(seed: 3) == nil)
  }
}
