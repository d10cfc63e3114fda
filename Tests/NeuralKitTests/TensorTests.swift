import AgentKit
import Testing

@Suite struct TensorTests {
  private let host = OpHost()

  @Test("operations give what their names say")
  func operations() throws {
    let ops = try host.ops()
    let x = try ops.tensor([2, 3], [1, -2, 3, -4, 5, -6])
    let w = try ops.tensor([3, 2], [1, 0, 0, 1, 1, 1])
    #expect(try x.matmul(w).floats() == [4, 1, -10, -1])
    #expect(try x.matmul(x, transposingOther: true).floats() == [14, -32, -32, 77])
    #expect(try w.matmul(w, transposingSelf: true).shape == [2, 2])
    let row = try ops.tensor([3], [10, 20, 30])
    #expect(try (x + row).floats() == [11, 18, 33, 6, 25, 24])
    #expect(try (x * row).floats() == [10, -40, 90, -40, 100, -180])
    #expect(try x.scaled(by: 0.5).floats() == [0.5, -1, 1.5, -2, 2.5, -3])
    #expect(try x.relu().floats() == [1, 0, 3, 0, 5, 0])
    #expect(try x.sum().item() == -3)
    #expect(try x.mean().item() == -0.5)
    #expect(try x.argmax().integers() == [2, 1])
    #expect(try Tensor.concat([w, w]).floats() == [1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1])
    #expect(try Tensor.norm([ops.tensor([1], [3]), ops.tensor([1], [4])]).item() == 5)
    let p = try x.softmax().floats()
    #expect(abs(p[0] + p[1] + p[2] - 1) < 1e-6)
    let logp = try x.logSoftmax().floats()
    let logSum: Float = 3.1328452
    #expect(abs(logp[2] - (3 - logSum)) < 1e-5)
    #expect(try ops.zeros([2], .i64).integers() == [0, 0])
  }

  @Test("embedding_bag is a sparse matrix times a dense one")
  func embeddingBag() throws {
    let ops = try host.ops()
    let table = try ops.tensor([4, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    let y = try table.embeddingBag(
      indices: ops.tensor([3], [0, 3, 1] as [Int32]),
      offsets: ops.tensor([4], [0, 2, 2, 3] as [Int32]),
      weights: ops.tensor([3], [1, 0.5, 2]))
    #expect(try y.floats() == [4.5, 6, 0, 0, 6, 8])
  }

  @Test("dropout depends on seed and counter alone, and keeps the mean")
  func dropout() throws {
    let ops = try host.ops()
    let x = try ops.tensor([10_000], [Float](repeating: 1, count: 10_000))
    let a = try x.dropout(0.25, seed: 1, counter: 0).floats()
    #expect(try x.dropout(0.25, seed: 1, counter: 0).floats() == a)
    #expect(try x.dropout(0.25, seed: 2, counter: 0).floats() != a)
    #expect(try x.dropout(0.25, seed: 1, counter: 1 << 32).floats() != a)
    let kept = Double(a.count { $0 > 0 }) / 10_000
    // Four standard deviations of a share of 10,000 draws.
    #expect(abs(kept - 0.75) < 0.0174)
  }

  @Test("gradients of a linear layer with cross-entropy are those of the formula")
  func gradients() throws {
    let ops = try host.ops(job: 5)
    let x = try ops.tensor([2, 2], [1, 2, 3, 4])
    let w = try host.ops().tensor([2, 2], [0.1, -0.2, 0.3, 0.4])
    let targets = try ops.tensor([2], [0, 1] as [Int64])
    let (loss, gradients) = try ops.gradients(for: [w]) { watched in
      try x.matmul(watched[0]).crossEntropy(targets)
    }
    // Softmax minus one-hot over the rows, times x transposed, divided by the number of rows.
    let p = try x.matmul(w).softmax().floats()
    let d: [Float] = [(p[0] - 1) / 2, p[1] / 2, p[2] / 2, (p[3] - 1) / 2]
    var expected: [Float] = []
    for feature in 0..<2 {
      for output in 0..<2 {
        expected.append(Float(1 + feature) * d[output] + Float(3 + feature) * d[2 + output])
      }
    }
    for (got, want) in zip(try gradients[0].floats(), expected) { #expect(abs(got - want) < 1e-6) }
    let value = try loss.item()
    let byHand: Float = -(p[0].logarithm + p[3].logarithm) / 2
    #expect(abs(value - byHand) < 1e-6)
  }

  @Test("a tensor that the loss does not depend on has a gradient of zeros")
  func zeroGradient() throws {
    let ops = try host.ops()
    let (a, b) = (try ops.tensor([2], [1, 2]), try ops.tensor([2], [3, 4]))
    let (_, gradients) = try ops.gradients(for: [a, b]) { try ($0[0] * $0[0]).sum() }
    #expect(try gradients[0].floats() == [2, 4])
    #expect(try gradients[1].floats() == [0, 0])
  }

  @Test("gradients are computed on behalf of the loss's job, with its threads")
  func gradientContext() throws {
    let x = try host.ops(job: 77_001, threads: 2).tensor([1], [3])
    let w = try host.ops().tensor([1], [5])
    let (_, gradients) = try host.ops().gradients(for: [w]) { try ($0[0] * x).sum() }
    #expect(try gradients[0].floats() == [3])
    #expect(TapeRecorder.contexts(job: 77_001) == [TapeRecorder.Context(threads: 2, tape: false)])
  }

  @Test("a spent tape records nothing more, and two tapes do not mix")
  func tapes() throws {
    let ops = try host.ops()
    let a = try ops.tensor([1], [3])
    let tape = try Tape(ops)
    let watched = try tape.watch(a)
    let loss = try (watched * watched).sum()
    #expect(try tape.gradients(of: loss, for: [watched])[0].floats() == [6])
    #expect(try (watched + watched).floats() == [6], "used as if on no tape")
    #expect(throws: AgentFailure.self) { try tape.gradients(of: loss, for: [watched]) }
    let first = try Tape(ops).watch(a)
    let second = try Tape(ops).watch(a)
    let failure = #expect(throws: AgentFailure.self) { try first + second }
    #expect(failure?.place == "add")
  }

  @Test("the host's refusal reaches the agent with the op and the shapes")
  func refusals() throws {
    let ops = try host.ops()
    let x = try ops.zeros([2, 3])
    let failure = #expect(throws: AgentFailure.self) { try x.matmul(x) }
    #expect(failure?.description.contains("matmul") == true)
    #expect(failure?.description.contains("3") == true)
    #expect(throws: AgentFailure.self) { try ops.tensor([2], [Float(1)]) }
    #expect(throws: AgentFailure.self) { try ops.zeros([-1]) }
    #expect(throws: AgentFailure.self) { try Tensor.concat([]) }
    #expect(throws: AgentFailure.self) { try ops.zeros([2]).item() }
  }

  @Test("every handle is released when its last tensor is gone")
  func released() throws {
    do {
      let ops = try host.ops()
      let x = try ops.tensor([2], [1, 2])
      _ = try ops.gradients(for: [x]) { try ($0[0] * x).sum() }
    }
    #expect(host.runtime.handleCount == 0)
  }

  @Test("Adam's first step moves by the learning rate; weight decay is decoupled")
  func adam() throws {
    let ops = try host.ops()
    let p = try ops.tensor([2], [1, -1])
    let g = try ops.tensor([2], [0.5, -20])
    let (m, v) = (try ops.zeros([2]), try ops.zeros([2]))
    try ops.adamStep(
      p, gradient: g, first: m, second: v, number: 1,
      AdamSettings(learningRate: 0.1, weightDecay: 0.5))
    let moved = try p.floats()
    #expect(abs(moved[0] - 0.85) < 1e-5)
    #expect(abs(moved[1] + 0.85) < 1e-5)
    #expect(throws: AgentFailure.self) {
      try ops.adamStep(p, gradient: g, first: m, second: v, number: 0, AdamSettings())
    }
  }

  @Test("SGD with momentum remembers its velocity")
  func sgd() throws {
    let ops = try host.ops()
    let (p, g, v) = (try ops.tensor([1], [1]), try ops.tensor([1], [2]), try ops.zeros([1]))
    try ops.sgdStep(p, gradient: g, velocity: v, learningRate: 0.1, momentum: 0.5)
    let first = try p.item()
    #expect(abs(first - 0.8) < 1e-6)
    try ops.sgdStep(p, gradient: g, velocity: v, learningRate: 0.1, momentum: 0.5)
    let second = try p.item()
    #expect(abs(second - 0.5) < 1e-6)
    try ops.sgdStep(p, gradient: g, learningRate: 0.1)
    let third = try p.item()
    #expect(abs(third - 0.3) < 1e-6)
  }
}
