import AgentKit
import NeuralKit

/// Texts with the index of their class: what a classifier learns from.
public struct LabelledTexts: Sendable, Hashable {
  /// The texts.
  public let texts: [String]
  /// The class of each text, an index into the classes.
  public let labels: [Int]

  init(texts: [String], labels: [Int]) {
    self.texts = texts
    self.labels = labels
  }

  /// Takes the rows of a table; those without text or label teach nothing and are left out.
  ///
  /// - Parameters:
  ///   - table: has the columns `text` and `label`.
  ///   - classes: the classes in the order of their indices.
  ///   - port: where the table comes from, for messages.
  /// - Throws: `AgentFailure` with `invalidArgument` for a label that is none of the classes.
  public init(_ table: Table, classes: [String], port: String) throws {
    let indices = Dictionary(
      zip(classes, classes.indices), uniquingKeysWith: { first, _ in first })
    var texts: [String] = []
    var labels: [Int] = []
    let rows = zip(try table.strings("text"), try table.strings("label"))
    for (row, (text, label)) in rows.enumerated() {
      guard let text, let label else { continue }
      guard let index = indices[label] else {
        throw AgentFailure(
          .invalidArgument,
          "the label '\(label)' is none of the training data's \(classes.count) classes",
          where: "\(port), row \(row)")
      }
      texts.append(text)
      labels.append(index)
    }
    self.init(texts: texts, labels: labels)
  }

  /// Throws unless there are two classes to tell apart.
  ///
  /// - Throws: `AgentFailure` with `failedPrecondition`.
  public func requireTwoClasses(of classes: [String]) throws(AgentFailure) {
    let present = Set(labels)
    guard let first = present.first else {
      throw AgentFailure(
        .failedPrecondition, "the data has no rows with a text and a label", where: "data")
    }
    guard present.count > 1 else {
      throw AgentFailure(
        .failedPrecondition, "needs at least 2 classes, the data has 1: \(classes[first])",
        where: "data")
    }
  }

  /// A weight a class, so that each class has the same share in the loss.
  ///
  /// `rows / (classes · rows of the class)`, as scikit-learn's `balanced`; a class without rows
  /// weighs 1.
  ///
  /// - Complexity: O(rows + classes).
  public func balancedWeights(classCount: Int) -> [Float] {
    let counts = counts(classCount: classCount)
    let present = counts.count { $0 > 0 }
    return counts.map { $0 == 0 ? 1 : Float(labels.count) / Float(present * $0) }
  }

  /// The logarithms of the classes' shares: the answer for a text of which nothing is known.
  ///
  /// Each class is given one more row (Laplace), so that none is impossible.
  ///
  /// - Complexity: O(rows + classes).
  public func logPrior(classCount: Int) -> [Float] {
    let total = Double(labels.count + classCount)
    return counts(classCount: classCount).map {
      Float(RealFunctions.log(Double($0 + 1) / total))
    }
  }

  /// A tenth of the rows held back, and the rest: for early stopping without a part of its own.
  ///
  /// - Returns: nil where a tenth would say nothing, or the rest would lack a class.
  /// - Complexity: O(rows).
  func holdingBack(seed: UInt64) -> (rest: LabelledTexts, held: LabelledTexts)? {
    let share = texts.count / 10
    guard share >= 10 else { return nil }
    var random = CounterRandom(seed: seed, stream: "holdout")
    let order = random.permutation(texts.count)
    let rest = rows(at: order[share...].sorted())
    guard Set(rest.labels) == Set(labels) else { return nil }
    return (rest, rows(at: order[..<share].sorted()))
  }

  private func rows(at places: [Int]) -> LabelledTexts {
    LabelledTexts(texts: places.map { texts[$0] }, labels: places.map { labels[$0] })
  }

  private func counts(classCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return counts
  }
}
