import AgentKit
import Testing

/// The ways of `Tensor` that read like NumPy; expected values are NumPy's.
@Suite struct TensorAlgebraTests {
  private let host = OpHost()

  @Test("operators broadcast, and take numbers on either side")
  func arithmetic() throws {
    let ops = try host.ops()
    let x = try ops.tensor([2, 3], [1, -2, 3, -4, 5, -6])
    let column = try ops.tensor([2, 1], [10, 20])
    #expect(try (x - column).floats() == [-9, -12, -7, -24, -15, -26])
    #expect(try (x / column).shape == [2, 3])
    #expect(try (-x).floats() == [-1, 2, -3, 4, -5, 6])
    #expect(try (x + 1).floats() == [2, -1, 4, -3, 6, -5])
    #expect(try (1 - x).floats() == [0, 3, -2, 5, -4, 7])
    #expect(try (x * 2).floats() == (2 * x).floats())
    #expect(try (x / 2).floats() == [0.5, -1, 1.5, -2, 2.5, -3])
    #expect(try (6 / x).floats() == [6, -3, 2, -1.5, 1.2, -1])
    #expect(try x.power(2).floats() == [1, 4, 9, 16, 25, 36])
    #expect(try x.maximum(0).floats() == [1, 0, 3, 0, 5, 0])
    #expect(try x.minimum(column).floats() == [1, -2, 3, -4, 5, -6])
    let whole = try ops.tensor([2], [3, 4] as [Int64])
    #expect(try (whole * 2).integers() == [6, 8])
    #expect(throws: AgentFailure.self) { try whole * 0.5 }
  }

  @Test("comparisons give masks, and masks choose")
  func comparisons() throws {
    let ops = try host.ops()
    let x = try ops.tensor([4], [1, -2, 3, -4])
    let y = try ops.tensor([4], [1, 2, -3, -4])
    #expect(try x.less(than: y).booleans() == [false, true, false, false])
    #expect(try x.lessOrEqual(to: y).booleans() == [true, true, false, true])
    #expect(try x.greater(than: 0).booleans() == [true, false, true, false])
    #expect(try x.greaterOrEqual(to: 3).booleans() == [false, false, true, false])
    #expect(try x.equals(y).booleans() == [true, false, false, true])
    #expect(try x.differs(from: y).booleans() == [false, true, true, false])
    #expect(try Tensor.where(x.less(than: 0), x, 0).floats() == [0, -2, 0, -4])
    let mask = try ops.tensor([4], [true, false, true, false])
    #expect(try Tensor.where(mask, x, y).floats() == [1, 2, 3, -4])
    #expect(try mask.cast(to: .f32).floats() == [1, 0, 1, 0])
  }

  @Test("reductions go over axes that may be kept")
  func reductions() throws {
    let x = try host.ops().tensor([2, 3], [1, -2, 3, -4, 5, -6])
    #expect(try x.sum(axes: [0]).floats() == [-3, 3, -3])
    #expect(try x.sum(axes: [-1], keepAxes: true).shape == [2, 1])
    let means = try x.mean(axes: [1]).floats()
    #expect(abs(means[0] - 2.0 / 3) < 1e-6 && abs(means[1] + 5.0 / 3) < 1e-6)
    #expect(try x.max(axes: [1]).floats() == [3, 5])
    #expect(try x.min().item() == -6)
    #expect(try x.argmin(axis: 0).integers() == [1, 0, 1])
    #expect(try x.argmax(axis: 0, keepAxis: true).shape == [1, 3])
    #expect(try x.norm(axes: [0]).floats()[0] == Float(17).squareRoot())
    #expect(try x.variance(axes: [0], correction: 1).floats() == [12.5, 24.5, 40.5])
    #expect(try x.sum(axes: []).floats() == x.floats())
    let logsum = try x.logSumExp().item()
    #expect(abs(logsum - 5.143843) < 1e-5)
  }

  @Test("brackets take ranges, positions and steps")
  func slicing() throws {
    let x = try host.ops().tensor([3, 4], (0..<12).map(Float.init))
    #expect(try x[0..<2, 1...].floats() == [1, 2, 3, 5, 6, 7])
    #expect(try x[1].floats() == [4, 5, 6, 7])
    #expect(try x[-1, -1].item() == 11)
    #expect(try x[-1, -1].shape.isEmpty)
    #expect(try x[.all, .every(3)].floats() == [0, 3, 4, 7, 8, 11])
    #expect(try x[...0, ..<(-2)].floats() == [0, 1])
    #expect(try x[1...1, SliceRange(begin: 1, step: 2)].shape == [1, 2])
    #expect(try x[0..<99].shape == [3, 4])
    #expect(try x[2..<2].shape == [0, 4])
    #expect(throws: AgentFailure.self) { try x[3] }
    #expect(throws: AgentFailure.self) { try x[0, 0, 0] }
  }

  @Test("shapes: turned, joined, cut, filled")
  func shapes() throws {
    let ops = try host.ops()
    let x = try ops.tensor([2, 3], [1, 2, 3, 4, 5, 6])
    #expect(try x.T.floats() == [1, 4, 2, 5, 3, 6])
    #expect(try x.transposed([1, 0]).shape == [3, 2])
    #expect(try x.reshaped([3, -1]).shape == [3, 2])
    #expect(try x.reshaped([6])[0..<1].reshaped([]).item() == 1)
    #expect(try ops.tensor([2, 1], [1, 2]).broadcast(to: [2, 2]).floats() == [1, 1, 2, 2])
    #expect(try x.flipped([1]).floats() == [3, 2, 1, 6, 5, 4])
    #expect(try x.flipped().floats() == [6, 5, 4, 3, 2, 1])
    #expect(try Tensor.concat([x, x], axis: 0).shape == [4, 3])
    #expect(try Tensor.stack([x, x], axis: -1).shape == [2, 3, 2])
    #expect(try x.split([1, 2], axis: 1).map { try $0.floats() } == [[1, 4], [2, 3, 5, 6]])
    #expect(
      try x.padded(before: [0, 1], after: [0, 0], value: 9).floats() == [9, 1, 2, 3, 9, 4, 5, 6])
    #expect(throws: AgentFailure.self) { try x.padded(before: [0], after: [0, 1]) }
    #expect(throws: AgentFailure.self) { try Tensor.stack([]) }
  }

  @Test("positions: looked up, gathered, added back, ordered")
  func indexing() throws {
    let ops = try host.ops()
    let x = try ops.tensor([2, 3], [3, 1, 2, 4, 6, 5])
    let rows = try ops.tensor([3], [1, 0, 1] as [Int64])
    #expect(try x.embedding(rows).floats() == [4, 6, 5, 3, 1, 2, 4, 6, 5])
    let picks = try ops.tensor([2, 1], [2, 0] as [Int64])
    #expect(try x.gather(picks).floats() == [2, 4])
    let ones = try ops.tensor([2, 1], [10, 10])
    #expect(try x.scatterAdding(ones, at: picks).floats() == [3, 1, 12, 14, 6, 5])
    let (values, positions) = try x.sorted(descending: true)
    #expect(try values.floats() == [3, 2, 1, 6, 5, 4])
    #expect(try positions.integers() == [0, 2, 1, 1, 2, 0])
    let top = try x.topK(1, smallest: true)
    #expect(try top.values.floats() == [1, 4] && top.positions.integers() == [1, 0])
  }

  @Test("a fused layer is its parts")
  func layers() throws {
    let ops = try host.ops()
    let x = try ops.tensor([2, 2], [1, -2, 3, 4])
    let w = try ops.tensor([2, 3], [1, 0, -1, 0.5, 1, 2])
    let b = try ops.tensor([3], [0.5, -0.5, 1])
    for activation in Activation.allCases {
      let fused = try x.linear(w, b, activation: activation).floats()
      let parts = try (x.matmul(w) + b).activated(by: activation).floats()
      for (a, b) in zip(fused, parts) { #expect(abs(a - b) < 1e-5, "\(activation)") }
    }
    #expect(try x.linear(w.T, transposingWeights: true).floats() == x.matmul(w).floats())
    let normal = try x.layerNorm().floats()
    #expect(abs(normal[0] - 1) < 1e-4 && abs(normal[1] + 1) < 1e-4)
    #expect(throws: AgentFailure.self) { try x.layerNorm(shift: b) }
    #expect(try x.rmsNorm(scale: ops.tensor([2], [0, 1])).floats()[0] == 0)
    let p = try x.softmax(axis: 0).floats()
    #expect(abs(p[0] + p[2] - 1) < 1e-6)
  }

  @Test("a segment that is computed again keeps less and changes no gradient")
  func recomputing() throws {
    let ops = try host.ops()
    let x = try ops.tensor([8], [Float](repeating: 0.25, count: 8))
    func run(recomputed: Bool) throws -> (bytes: Int, gradient: [Float]) {
      let tape = try Tape(ops)
      let watched = try tape.watch(x)
      func body() throws -> Tensor { try watched.exp().tanh().sigmoid().silu() }
      let y = try recomputed ? tape.recompute(body) : body()
      let loss = try y.sum()
      let bytes = try tape.savedByteCount
      return (bytes, try tape.gradients(of: loss, for: [watched])[0].floats())
    }
    let (plain, again) = (try run(recomputed: false), try run(recomputed: true))
    #expect(plain.gradient == again.gradient)
    #expect(again.bytes < plain.bytes)
    struct Stop: Error {}
    let tape = try Tape(ops)
    #expect(throws: Stop.self) { try tape.recompute { throw Stop() } }
    #expect(try tape.recompute { 1 } == 1, "the segment was ended")
  }

  @Test("gradients are summed and clipped in place")
  func inPlace() throws {
    let ops = try host.ops()
    let g = try ops.tensor([2], [3, 0])
    try ops.accumulate(g, adding: ops.tensor([2], [0, 4]))
    #expect(try g.floats() == [3, 4])
    #expect(try ops.clipNorm([g], to: 1).item() == 5)
    let clipped = try g.floats()
    #expect(abs(clipped[0] - 0.6) < 1e-6 && abs(clipped[1] - 0.8) < 1e-6)
  }
}
