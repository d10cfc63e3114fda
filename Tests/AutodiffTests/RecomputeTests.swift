import Autodiff
import TensorCore
import Testing

@Suite struct RecomputeTests {
  let registry = OpRegistry.standard
  let context: ComputeContext

  init() throws {
    context = try ComputeContext(memory: MemoryAccount())
  }

  func random(_ dimensions: Int...) throws -> Tensor {
    try .normal(dimensions, deviation: 0.5, context: context)
  }

  func run(
    _ op: String, _ inputs: [Tensor], _ tape: Tape?, _ attributes: OpAttributes = .none
  ) throws -> Tensor {
    try registry.run(op, inputs, attributes: attributes, context: context, tape: tape)[0]
  }

  struct Outcome: Equatable {
    var loss: Float = 0
    var gradients: [[Float]] = []
    var savedBytes = 0
    var peakBytes = 0
  }

  /// Six blocks of a residual network, each of them a segment where asked for.
  func network(_ width: Int, rows: Int, recomputes: Bool) throws -> Outcome {
    let account = context.memory
    context.generator = PhiloxGenerator(seed: 3)
    let x = try random(rows, width)
    let parameters = try (0..<6).flatMap { _ in
      [try random(width, width), try random(width), try random(width), try random(width)]
    }
    let tape = Tape()
    for parameter in parameters { try tape.watch(parameter) }
    let before = account.currentBytes
    account.resetPeak()
    var outcome = Outcome()
    var loss: Tensor
    do {
      var y = x
      for block in 0..<6 {
        let p = Array(parameters[4 * block..<4 * block + 4])
        if recomputes { try tape.beginRecompute() }
        var z = try run("layer_norm/1", [y, p[2], p[3]], tape)
        z = try run(
          "linear/1", [z, p[0], p[1]], tape, .linear(activation: .gelu, transposeW: false))
        z = try run("tanh/1", [z], tape)
        z = try run("dropout/1", [z], tape, .dropout(0.3))
        // A truth value inside of the segment, from what the segment computes.
        let mask = try run("greater/1", [z, run("scale/1", [z], tape, .scale(0.5))], tape)
        z = try run("where/1", [mask, z, run("sin/1", [z], tape)], tape)
        y = try run("add/1", [y, z], tape)
        if recomputes { try tape.endRecompute() }
      }
      loss = try run("mean/1", [run("mul/1", [y, y], tape)], tape)
    }
    outcome.savedBytes = tape.savedByteCount
    let generator = context.generator
    let gradients = try tape.gradient(of: loss, withRespectTo: parameters, context: context)
    #expect(context.generator == generator)
    outcome.loss = try loss.item()
    outcome.gradients = try gradients.map { try $0.elements() }
    outcome.peakBytes = account.peakBytes - before
    return outcome
  }

  @Test("segments give the same bits, dropout included, from fewer saved bytes and a lower peak")
  func sameBits() throws {
    let plain = try network(24, rows: 512, recomputes: false)
    let again = try network(24, rows: 512, recomputes: true)
    #expect(plain.loss == again.loss)
    #expect(plain.gradients == again.gradients)
    #expect(again.savedBytes * 2 < plain.savedBytes)
    #expect(again.peakBytes * 3 < plain.peakBytes * 2)
  }

  @Test("a segment keeps what comes from outside of it, and nothing else")
  func savedBytes() throws {
    let tape = Tape()
    let (x, w) = (try random(64, 64), try random(64, 64))
    try tape.watch(w)
    try tape.beginRecompute()
    var y = try run("matmul/1", [x, w], tape)
    for _ in 0..<4 { y = try run("exp/1", [run("tanh/1", [y], tape)], tape) }
    try tape.endRecompute()
    #expect(tape.recordedCount == 9)
    #expect(tape.savedByteCount == 2 * 64 * 64 * 4)
  }

  @Test("results of a segment that are used behind it, watched or dropped all work")
  func crossing() throws {
    func gradients(_ recomputes: Bool) throws -> [[Double]] {
      let tape = Tape()
      let x = try Tensor([0.5, -1, 2] as [Double])
      try tape.watch(x)
      if recomputes { try tape.beginRecompute() }
      let a = try run("exp/1", [x], tape)
      try tape.watch(a)
      let b = try run("sin/1", [a], tape)
      _ = try run("cos/1", [b], tape)
      if recomputes { try tape.endRecompute() }
      let product = try run("mul/1", [run("mul/1", [a, b], tape), x], tape)
      let loss = try run("sum/1", [product], tape)
      return try tape.gradient(of: loss, withRespectTo: [x, a], context: context)
        .map { try $0.reals() }
    }
    #expect(try gradients(true) == gradients(false))
  }

  @Test("positions that a segment computes are computed again")
  func positions() throws {
    let tape = Tape()
    let x = try Tensor([3, 1, 2] as [Double])
    try tape.watch(x)
    try tape.beginRecompute()
    let sorted = try registry.run("sort/1", [x], context: context, tape: tape)
    let back = try run("gather/1", [run("exp/1", [sorted[0]], tape), sorted[1]], tape)
    try tape.endRecompute()
    let loss = try run("sum/1", [run("mul/1", [back, x], tape)], tape)
    #expect(tape.savedByteCount == 2 * 24)
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    let values = try x.elements(as: Double.self)
    // sorted: 1 2 3, positions 1 2 0, so gathered: e² e³ e¹
    let expected = [
      GradientFormulas.exponential(2) + values[1] * GradientFormulas.exponential(3),
      GradientFormulas.exponential(3) + values[2] * GradientFormulas.exponential(1),
      GradientFormulas.exponential(1) + values[0] * GradientFormulas.exponential(2),
    ]
    expectClose(
      try gradient.elements(as: Double.self), expected, tolerance: 1e-12, "gradient")
  }

  @Test("computing again keeps no value longer than the segment uses it")
  func replayPeak() throws {
    let account = context.memory
    let unit = 4096 * 4
    let tape = Tape()
    let x = try random(4096)
    try tape.watch(x)
    try tape.beginRecompute()
    var y = x
    // Scaling saves nothing, so whatever piles up was kept too long.
    for _ in 0..<10 { y = try run("scale/1", [y], tape, .scale(2)) }
    try tape.endRecompute()
    let loss = try run("sum/1", [y], tape)
    y = x
    let recorded = account.currentBytes
    account.resetPeak()
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self).allSatisfy { $0 == 1024 })
    #expect(account.peakBytes <= recorded + 4 * unit)
  }

  @Test("a segment without influence on the loss is not computed again")
  func idle() throws {
    let tape = Tape()
    let x = try Tensor([1] as [Double])
    try tape.watch(x)
    try tape.beginRecompute()
    let drop = try run("dropout/1", [x], tape, .dropout(0.5))
    try tape.endRecompute()
    let loss = try run("sum/1", [x], tape)
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.item(as: Double.self) == 1)
    #expect(drop.shape.elementCount == 1)
  }

  @Test("a kept input that was overwritten is an error that names the operation")
  func modified() throws {
    let tape = Tape()
    let (x, w) = (try random(4), try random(4))
    try tape.watch(x)
    try tape.beginRecompute()
    let y = try run("tanh/1", [run("add/1", [x, w], tape)], tape)
    try tape.endRecompute()
    let loss = try run("sum/1", [y], tape)
    _ = try registry.run("accumulate/1", [w, x], context: context)
    let error = try #require(throws: AutodiffError.self) {
      _ = try tape.gradient(of: loss, withRespectTo: [x], context: context)
    }
    #expect(error.code == .modifiedInPlace)
    #expect(error.op == "add/1")
  }

  @Test("segments do not nest, end once, and are closed before gradients are asked for")
  func balance() throws {
    let tape = Tape()
    let x = try random(2)
    try tape.watch(x)
    func refused(_ op: String, _ body: () throws -> Void) throws {
      let error = try #require(throws: AutodiffError.self) { try body() }
      #expect(error.code == .unbalancedRecompute)
      #expect(error.op == op)
    }
    try refused("end_recompute") { try tape.endRecompute() }
    try tape.beginRecompute()
    try refused("begin_recompute") { try tape.beginRecompute() }
    let loss = try run("sum/1", [run("exp/1", [x], tape)], tape)
    try refused("gradient") {
      _ = try tape.gradient(of: loss, withRespectTo: [x], context: context)
    }
    #expect(!tape.isSpent)
    try tape.endRecompute()
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(gradient.spec == x.spec)
    for use in [{ try tape.beginRecompute() }, { try tape.endRecompute() }] {
      let error = try #require(throws: AutodiffError.self) { try use() }
      #expect(error.code == .spentTape)
    }
  }
}
