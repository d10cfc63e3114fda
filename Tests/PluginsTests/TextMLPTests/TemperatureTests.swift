import NeuralKit
import Testing

@testable import TextMLPLearner

@Suite struct TemperatureTests {
  /// Labels drawn from the softmax of the logits: the right temperature is near 1.
  private func drawn(_ rows: Int) -> (logits: [Float], labels: [Int]) {
    var random = CounterRandom(seed: 11, stream: "logits")
    var logits: [Float] = []
    var labels: [Int] = []
    for _ in 0..<rows {
      let row = (0..<3).map { _ in 1.5 * random.normal() }
      let weights = row.map(RealFunctions.exp)
      var rest = random.uniform() * weights.reduce(0, +)
      let label =
        weights.firstIndex {
          rest -= $0; return rest < 0
        } ?? 2
      logits += row.map(Float.init)
      labels.append(label)
    }
    return (logits, labels)
  }

  @Test("logits that tell the truth keep their temperature; inflated ones are cooled by as much")
  func scaling() {
    let (logits, labels) = drawn(4000)
    let own = Temperature(logits: logits, labels: labels, classCount: 3).fitted
    #expect(abs(own - 1) < 0.1)
    let inflated = Temperature(
      logits: logits.map { 3 * $0 }, labels: labels, classCount: 3
    ).fitted
    #expect(abs(inflated - 3 * own) < 0.01)
  }

  @Test("no neighbouring temperature fits better")
  func minimum() {
    let (logits, labels) = drawn(500)
    let fit = Temperature(logits: logits.map { 2 * $0 }, labels: labels, classCount: 3)
    let best = fit.fitted
    for factor in [0.9, 1.1] {
      #expect(fit.meanLoss(inverse: 1 / best) < fit.meanLoss(inverse: 1 / (best * factor)))
    }
  }

  @Test("the loss is the mean cross-entropy, also where exp would overflow")
  func loss() {
    let fit = Temperature(logits: [1000, 0, 0, 1000], labels: [0, 0], classCount: 2)
    #expect(fit.meanLoss(inverse: 1) == 500)
    #expect(fit.meanLoss(inverse: 0) == RealFunctions.log(2))
  }

  @Test("weights count a row as often as they say")
  func weights() {
    let weighted = Temperature(
      logits: [2, 0, 1, 0], labels: [0, 1], classCount: 2, classWeights: [1, 3])
    let repeated = Temperature(
      logits: [2, 0, 1, 0, 1, 0, 1, 0], labels: [0, 1, 1, 1], classCount: 2)
    #expect(abs(weighted.meanLoss(inverse: 1) - repeated.meanLoss(inverse: 1)) < 1e-12)
  }

  @Test("without rows nothing is divided, and one sided labels keep within bounds")
  func edges() {
    #expect(Temperature(logits: [], labels: [], classCount: 3).fitted == 1)
    let sure = Temperature(logits: [1, 0, 2, 0], labels: [0, 0], classCount: 2).fitted
    #expect(abs(sure - 0.05) < 0.001)
  }
}
