import AgentKit
import NeuralKit
import Scoring

/// The validation part in the host's memory, as rows of the network's input.
struct ValidationPart {
  private let labels: [Int]
  private let batches: [SparseBatch]
  private let classCount: Int
  private let classWeights: [Float]?

  /// Lays texts out.
  ///
  /// - Parameters:
  ///   - texts: the part.
  ///   - features: what was learned of the training part's terms.
  ///   - classCount: the number of classes.
  ///   - classWeights: what a row of each class counts in the loss, as in training; nil: all the
  ///     same.
  ///   - ops: where the rows go.
  /// - Returns: nil for no texts.
  init?(
    _ texts: LabelledTexts, _ features: TextFeatures, classCount: Int, classWeights: [Float]?,
    on ops: OpTable
  ) throws {
    guard !texts.texts.isEmpty else { return nil }
    let rows = try features.rows(for: texts.texts)
    labels = texts.labels
    batches = try NeuralKit.batches(of: rows.rowCount, size: 256).map {
      try rows.rows(at: $0).batch(on: ops)
    }
    self.classCount = classCount
    self.classWeights = classWeights
  }

  /// The mean cross-entropy and the macro-F1 of a network.
  func score(
    _ network: MLP, _ parameters: Parameters
  ) throws -> (loss: Double, macroF1: Double) {
    let logits = try logits(network, parameters)
    var predicted: [Int] = []
    for row in labels.indices {
      let scores = logits[(row * classCount)..<((row + 1) * classCount)]
      let top = scores.indices.max { scores[$0] < scores[$1] } ?? scores.startIndex
      predicted.append(top - scores.startIndex)
    }
    let confusion = try ConfusionMatrix(
      truth: labels, predicted: predicted, classCount: classCount)
    return (fit(logits).meanLoss(inverse: 1), confusion.macroF1)
  }

  /// What to divide a network's logits by.
  func temperature(_ network: MLP, _ parameters: Parameters) throws -> Double {
    fit(try logits(network, parameters)).fitted
  }

  private func fit(_ logits: [Float]) -> Temperature {
    Temperature(
      logits: logits, labels: labels, classCount: classCount, classWeights: classWeights)
  }

  private func logits(_ network: MLP, _ parameters: Parameters) throws -> [Float] {
    var logits: [Float] = []
    for batch in batches { logits += try network.logits(.sparse(batch), parameters).floats() }
    return logits
  }
}
