import AgentKit
import ClassificationScoring
import Scoring
import Testing

@Suite struct ClassificationEvaluationTests {
  private let classes = ["ham", "spam"]
  // Probabilities 0.75 and 0.25, as logarithms.
  private let high: Float = -0.287_682_07
  private let low: Float = -1.386_294_4

  private func report(
    _ values: [Float], shape: [Int], truth: [String?], classes: [String]? = nil
  ) throws -> ClassificationReport {
    let evaluation = try ClassificationEvaluation(
      classes: classes ?? self.classes, bootstrap: Bootstrap(seed: 1))
    return try evaluation.report(logp: TensorValue(shape: shape, values), truth: truth)
  }

  @Test("scores follow the arg-max and the order of the classes")
  func scores() throws {
    let report = try report(
      [high, low, high, low, low, high, low, high], shape: [4, 2],
      truth: ["ham", "spam", "spam", "spam"])
    #expect(report.accuracy == 0.75)
    // F1 of ham: 2/3; of spam: 4/5.
    #expect(abs(report.macroF1 - 11.0 / 15) < 1e-12)
    let loss = try #require(report.logLoss)
    #expect(abs(loss - Double(3 * -high - low) / 4) < 1e-6)
    #expect(report.confusion[truth: 1, predicted: 0] == 1)
  }

  @Test("an impossible class costs much, not everything")
  func infinity() throws {
    let report = try report(
      [0, -.infinity, 0, -.infinity], shape: [2, 2], truth: ["ham", "spam"])
    #expect(report.logLoss == 50)
    #expect(report.accuracy == 0.5)
  }

  @Test("rows that differ are refused with both numbers")
  func rowsDiffer() throws {
    let failure = try #require(throws: AgentFailure.self) {
      try report([high, low, high, low], shape: [2, 2], truth: ["ham"])
    }
    #expect(failure.code == .invalidArgument)
    #expect(failure.place == "logp")
    #expect(failure.message.contains("2 rows"))
    #expect(failure.message.contains("has 1"))
  }

  @Test("a label that is no class is named, with its row")
  func unknownLabel() throws {
    let failure = try #require(throws: AgentFailure.self) {
      try report([high, low, high, low], shape: [2, 2], truth: ["ham", "eggs"])
    }
    #expect(failure.place == "truth, row 1")
    #expect(failure.message.contains("'eggs'"))
    let missing = try #require(throws: AgentFailure.self) {
      try report([high, low], shape: [1, 2], truth: [nil])
    }
    #expect(missing.place == "truth, row 0")
  }

  @Test("no rows, no classes, other columns, logits and NaN are refused")
  func refusals() throws {
    let empty = try #require(throws: AgentFailure.self) {
      try report([], shape: [0, 2], truth: [])
    }
    #expect(empty.message.contains("no rows"))
    let classless = try #require(throws: AgentFailure.self) {
      try report([0], shape: [1, 1], truth: ["ham"], classes: [])
    }
    #expect(classless.code == .failedPrecondition)
    let columns = try #require(throws: AgentFailure.self) {
      try report([-1.1, -1.1, -1.1], shape: [1, 3], truth: ["ham"])
    }
    #expect(columns.message.contains("3 columns"))
    let flat = try #require(throws: AgentFailure.self) {
      try report([high, low], shape: [2], truth: ["ham"])
    }
    #expect(flat.place == "logp")
    let logits = try #require(throws: AgentFailure.self) {
      try report([2, 1], shape: [1, 2], truth: ["ham"])
    }
    #expect(logits.message.contains("add up"))
    let undefined = try #require(throws: AgentFailure.self) {
      try report([.nan, 0], shape: [1, 2], truth: ["ham"])
    }
    #expect(undefined.place == "logp")
  }
}
