import AgentKit
import NeuralKit
import Testing

extension Float {
  /// The natural logarithm by its series around 1; good to 1e-7 where tests need it.
  var logarithm: Float {
    let y = Double((self - 1) / (self + 1))
    var (sum, power) = (0.0, y)
    for k in stride(from: 1, to: 400, by: 2) {
      sum += power / Double(k)
      power *= y * y
    }
    return Float(2 * sum)
  }
}

@Suite struct NetworkTests {
  private let host = OpHost()

  private static let messages = [
    ("where is my parcel", 0), ("the parcel is late", 0), ("parcel did not arrive", 0),
    ("delivery is late again", 0), ("my delivery did not arrive", 0), ("track my delivery", 0),
    ("refund my money", 1), ("i want a refund", 1), ("charged twice refund please", 1),
    ("the invoice is wrong", 1), ("wrong amount on my invoice", 1), ("money back please", 1),
    ("cannot log in", 2), ("password does not work", 2), ("reset my password", 2),
    ("login page is broken", 2), ("the app does not open", 2), ("app crashes at login", 2),
  ]

  private func features() throws -> (SparseRows, [Int64]) {
    let texts = Self.messages.map(\.0)
    let vectorizer = try TfidfVectorizer(fitting: texts, TfidfSettings(ngrams: 1...2))
    return (vectorizer.rows(for: texts), Self.messages.map { Int64($0.1) })
  }

  private func train(
    _ network: MLP, _ optimiser: some Optimiser, epochs: Int, seed: UInt64
  ) throws -> (first: Float, last: Float, logits: [Float]) {
    let ops = try host.ops(job: 1)
    let (rows, labels) = try features()
    let parameters = try network.initialised(on: ops, seed: seed)
    var optimiser = optimiser
    var (first, last): (Float?, Float) = (nil, 0)
    var step: UInt64 = 0
    for epoch in 0..<epochs {
      for batch in shuffledBatches(of: rows.rowCount, size: 6, seed: seed, epoch: epoch) {
        step += 1
        let input = NetworkInput.sparse(try rows.rows(at: batch).batch(on: ops))
        let targets = try ops.tensor([batch.count], batch.map { labels[$0] })
        let key = DropoutKey(seed: seed, step: step)
        let (loss, gradients) = try parameters.gradients(on: ops) { watched in
          try network.logits(input, watched, dropout: key).crossEntropy(targets)
        }
        try optimiser.step(parameters, gradients.clipped(toNorm: 5), on: ops)
        last = try loss.item()
        first = first ?? last
      }
    }
    let all = NetworkInput.sparse(try rows.batch(on: ops))
    return (first ?? 0, last, try network.logits(all, parameters).floats())
  }

  private func correct(_ logits: [Float]) -> Int {
    Self.messages.indices.count { row in
      let scores = logits[(row * 3)..<(row * 3 + 3)]
      return scores.max() == scores[row * 3 + Self.messages[row].1]
    }
  }

  @Test("a network with a hidden layer learns a small task with Adam")
  func learns() throws {
    let (rows, _) = try features()
    let network = MLP(
      inputs: rows.columnCount, hidden: [16], outputs: 3, dropout: 0.2,
      entriesPerRow: rows.entriesPerRow)
    let result = try train(
      network, AdamOptimizer(AdamSettings(learningRate: 0.02, weightDecay: 0.01)), epochs: 40,
      seed: 3)
    #expect(abs(result.first - 1.1) < 0.6, "ln 3 at the start, about")
    #expect(result.last < 0.3)
    #expect(correct(result.logits) == Self.messages.count)
  }

  @Test("without hidden layers it is logistic regression, and SGD trains it")
  func logisticRegression() throws {
    let (rows, _) = try features()
    let network = MLP(inputs: rows.columnCount, hidden: [], outputs: 3)
    #expect(network.parameterNames == ["output.weight", "output.bias"])
    let result = try train(
      network, SGDOptimizer(learningRate: 0.5, momentum: 0.9), epochs: 30, seed: 1)
    #expect(correct(result.logits) == Self.messages.count)
  }

  @Test("the same seed trains to the same bits, another seed does not")
  func reproducible() throws {
    let (rows, _) = try features()
    let network = MLP(inputs: rows.columnCount, hidden: [8], outputs: 3, dropout: 0.5)
    let one = try train(network, AdamOptimizer(), epochs: 2, seed: 9)
    #expect(try train(network, AdamOptimizer(), epochs: 2, seed: 9).logits == one.logits)
    #expect(try train(network, AdamOptimizer(), epochs: 2, seed: 10).logits != one.logits)
  }

  @Test("dense and sparse rows give the same logits")
  func denseAndSparse() throws {
    let ops = try host.ops()
    var rows = SparseRows(columnCount: 5)
    rows.append([(0, 1), (4, -2)])
    rows.append([])
    rows.append([(2, 0.5)])
    let dense = try ops.tensor([3, 5], [1, 0, 0, 0, -2, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0])
    let network = MLP(inputs: 5, hidden: [4, 3], outputs: 2)
    let parameters = try network.initialised(on: ops, seed: 4)
    let sparse = try network.logits(.sparse(rows.batch(on: ops)), parameters).floats()
    let other = try network.logits(.dense(dense), parameters).floats()
    for (a, b) in zip(sparse, other) { #expect(abs(a - b) < 1e-6) }
    let z = try network.representation(.dense(dense), parameters)
    #expect(try z.shape == [3, 3])
    let again = try network.logits(fromRepresentation: z, parameters).floats()
    #expect(again == other)
  }

  @Test("a snapshot brings parameters back after more steps")
  func snapshot() throws {
    let ops = try host.ops()
    let network = MLP(inputs: 3, hidden: [2], outputs: 2)
    let parameters = try network.initialised(on: ops, seed: 1)
    let kept = try parameters.snapshot()
    let x = try ops.tensor([1, 3], [1, 2, 3])
    let (_, gradients) = try parameters.gradients(on: ops) {
      try network.logits(.dense(x), $0).sum()
    }
    var optimiser = AdamOptimizer(AdamSettings(learningRate: 1))
    try optimiser.step(parameters, gradients, on: ops)
    #expect(try parameters.snapshot() != kept)
    #expect(try parameters.restored(from: kept, on: ops).snapshot() == kept)
  }

  @Test("two layers of one name are refused; a missing parameter is named")
  func names() throws {
    let ops = try host.ops()
    var parameters = Parameters()
    let layer = Linear("a", inputs: 2, outputs: 2)
    try layer.initialise(&parameters, on: ops, seed: 1)
    #expect(throws: AgentFailure.self) { try layer.initialise(&parameters, on: ops, seed: 1) }
    let failure = #expect(throws: AgentFailure.self) { try parameters.tensor("b.weight") }
    #expect(failure?.description.contains("a.weight, a.bias") == true)
  }
}
