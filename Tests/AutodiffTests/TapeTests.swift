import Autodiff
import TensorCore
import Testing

@Suite struct TapeTests {
  let registry = OpRegistry.standard
  let context: ComputeContext

  init() throws {
    context = try ComputeContext(memory: MemoryAccount())
  }

  func ones(_ dimensions: Int...) throws -> Tensor {
    try .full(Float(1), dimensions, account: context.memory)
  }

  func run(_ op: String, _ inputs: [Tensor], _ tape: Tape?) throws -> Tensor {
    try registry.run(op, inputs, context: context, tape: tape)[0]
  }

  @Test("a spent tape refuses to watch, to record and to differentiate")
  func spent() throws {
    let tape = Tape()
    let x = try ones(2)
    try tape.watch(x)
    let loss = try run("sum/1", [x], tape)
    _ = try tape.gradient(of: loss, withRespectTo: [x], context: context)
    #expect(tape.isSpent)
    for use: () throws -> Void in [
      { try tape.watch(x) },
      { _ = try self.run("relu/1", [x], tape) },
      { _ = try tape.gradient(of: loss, withRespectTo: [x], context: self.context) },
    ] {
      let error = try #require(throws: AutodiffError.self) { try use() }
      #expect(error.code == .spentTape)
    }
    let named = try #require(throws: AutodiffError.self) { _ = try run("relu/1", [x], tape) }
    #expect(named.op == "relu/1")
  }

  @Test("a refused question does not spend the tape")
  func refusals() throws {
    let tape = Tape()
    let (x, other) = (try ones(2), try ones(2))
    try tape.watch(x)
    let y = try run("relu/1", [x], tape)
    let loss = try run("sum/1", [y], tape)
    let questions: [(AutodiffError.Code, Tensor, Tensor)] = [
      (.notScalar, y, x), (.notWatched, loss, other), (.notRecorded, try ones(), x),
    ]
    for (code, loss, variable) in questions {
      let error = try #require(throws: AutodiffError.self) {
        _ = try tape.gradient(of: loss, withRespectTo: [variable], context: context)
      }
      #expect(error.code == code)
    }
    #expect(!tape.isSpent)
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self) == [1, 1])
  }

  @Test("gradients add up where a tensor is used twice, also as both operands")
  func accumulation() throws {
    let tape = Tape()
    let x = try Tensor([3, -2] as [Float])
    try tape.watch(x)
    let square = try run("mul/1", [x, x], tape)
    let total = try run("sum/1", [run("add/1", [square, x], tape)], tape)
    let gradient = try tape.gradient(of: total, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self) == [7, -3])
  }

  @Test("a variable without influence gets zeros; asking twice gives two answers")
  func zeros() throws {
    let tape = Tape()
    let (x, idle) = (try ones(2), try ones(3, 2))
    try tape.watch(x)
    try tape.watch(idle)
    let loss = try run("sum/1", [x], tape)
    let gradients = try tape.gradient(of: loss, withRespectTo: [idle, x, x], context: context)
    #expect(try gradients[0].elements(as: Float.self) == [0, 0, 0, 0, 0, 0])
    #expect(try gradients[1].elements(as: Float.self) == [1, 1])
    #expect(try gradients[2].elements(as: Float.self) == [1, 1])
  }

  @Test("an intermediate result can be watched, too")
  func intermediate() throws {
    let tape = Tape()
    let x = try Tensor([1, -1] as [Float])
    try tape.watch(x)
    let y = try run("relu/1", [x], tape)
    try tape.watch(y)
    let loss = try run("sum/1", [run("mul/1", [y, y], tape)], tape)
    let gradients = try tape.gradient(of: loss, withRespectTo: [y, x], context: context)
    #expect(try gradients[0].elements(as: Float.self) == [2, 0])
    #expect(try gradients[1].elements(as: Float.self) == [2, 0])
  }

  @Test("what depends on nothing watched is not recorded, and what needs no value saves none")
  func economy() throws {
    let tape = Tape()
    let (x, w) = (try ones(4, 4), try ones(4, 4))
    try tape.watch(w)
    let still = try run("relu/1", [x], tape)
    #expect(tape.recordedCount == 0)
    let product = try registry.run(
      "matmul/1", [still, w], context: context, tape: tape)
    #expect(tape.recordedCount == 1)
    #expect(tape.savedByteCount == 64)  // the constant operand alone: w has no use for itself
    _ = try run("add/1", [product[0], x], tape)
    #expect(tape.savedByteCount == 64)
  }

  @Test("a value that was overwritten before its gradient was taken is an error that names the op")
  func modified() throws {
    let tape = Tape()
    let (x, w) = (try ones(2), try ones(2))
    try tape.watch(x)
    let loss = try run("sum/1", [run("mul/1", [x, w], tape)], tape)
    _ = try registry.run(
      "sgd_step/1", [w, ones(2)], attributes: .sgdStep(SGDRule(learningRate: 1)), context: context)
    let error = try #require(throws: AutodiffError.self) {
      _ = try tape.gradient(of: loss, withRespectTo: [x], context: context)
    }
    #expect(error.code == .modifiedInPlace)
    #expect(error.op == "mul/1")
  }

  @Test("argmax on the tape is no obstacle: the loss does not depend on it")
  func argmax() throws {
    let tape = Tape()
    let x = try Tensor([1, 5, 2] as [Float], [1, 3])
    try tape.watch(x)
    #expect(try run("argmax/1", [x], tape).elements(as: Int64.self) == [1])
    let loss = try run("sum/1", [x], tape)
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self) == [1, 1, 1])
  }

  @Test("only f32 and f64 can be watched")
  func watchIntegers() throws {
    let tape = Tape()
    let error = try #require(throws: TensorError.self) { try tape.watch(Tensor([1] as [Int64])) }
    #expect(error.code == .dtypeMismatch)
  }

  @Test("f64 tensors are watched, and give f64 losses and gradients")
  func doubles() throws {
    let tape = Tape()
    let x = try Tensor([3, -2] as [Double])
    try tape.watch(x)
    let loss = try run("sum/1", [run("mul/1", [x, x], tape)], tape)
    #expect(loss.dtype == .f64)
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Double.self) == [6, -4])
  }

  @Test("many uses of one tensor add up in one buffer, and leave shared gradients alone")
  func accumulatesInPlace() throws {
    let account = context.memory
    let unit = 4096 * 4
    let tape = Tape()
    let (x, z) = (try ones(4096), try ones(4096))
    try tape.watch(x)
    try tape.watch(z)
    // Each addition hands one and the same gradient to both of its operands.
    var y = z
    for _ in 0..<8 { y = try run("add/1", [y, x], tape) }
    let loss = try run("sum/1", [y], tape)
    y = x
    let recorded = account.currentBytes
    account.resetPeak()
    let gradients = try tape.gradient(of: loss, withRespectTo: [x, z], context: context)
    #expect(try gradients[0].elements(as: Float.self).allSatisfy { $0 == 8 })
    #expect(try gradients[1].elements(as: Float.self).allSatisfy { $0 == 1 })
    #expect(account.peakBytes <= recorded + 2 * unit + 1024)
  }

  @Test("each gradient has memory of its own, so that clipping in place scales it once")
  func ownMemory() throws {
    let tape = Tape()
    let (a, b) = (try ones(2), try ones(2))
    try tape.watch(a)
    try tape.watch(b)
    let loss = try run("sum/1", [run("add/1", [a, b], tape)], tape)
    let gradients = try tape.gradient(of: loss, withRespectTo: [a, b, a], context: context)
    let norm = try registry.run(
      "clip_norm/1", gradients, attributes: .clip(maximumNorm: 0.5), context: context)
    let root = Float(6).squareRoot()
    #expect(abs(try norm[0].item(as: Float.self) - root) < 1e-6)
    for gradient in gradients {
      #expect(try abs(gradient.elements(as: Float.self)[0] - 0.5 / root) < 1e-6)
    }
  }

  @Test("what an operation gives back unchanged is another tensor to the tape")
  func unchangedResult() throws {
    let tape = Tape()
    let x = try ones(2)
    try tape.watch(x)
    let same = try registry.run("cast/1", [x], context: context, tape: tape)[0]
    #expect(same !== x)
    let loss = try run("sum/1", [run("add/1", [same, x], tape)], tape)
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self) == [2, 2])
  }

  @Test("of two outputs one is enough; positions carry no gradient")
  func severalOutputs() throws {
    let tape = Tape()
    let x = try Tensor([1, 5, 2, 4] as [Float])
    try tape.watch(x)
    let attributes = OpAttributes.order(OrderAttributes(k: 2))
    let top = try registry.run(
      "top_k/1", [x], attributes: attributes, context: context, tape: tape)
    #expect(try top[1].elements(as: Int64.self) == [1, 3])
    let parts = try registry.run(
      "split/1", [top[0]], attributes: .split(lengths: [1, 1], axis: 0), context: context,
      tape: tape)
    let loss = try run("sum/1", [parts[1]], tape)
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self) == [0, 0, 0, 1])
  }

  @Test("stepping on the tape is refused before anything is overwritten")
  func stepOnTape() throws {
    let tape = Tape()
    let x = try ones(2)
    try tape.watch(x)
    for (op, inputs) in [
      ("sgd_step/1", [x, try ones(2)]), ("accumulate/1", [try ones(2), x]), ("clip_norm/1", [x]),
    ] {
      let error = try #require(throws: AutodiffError.self) {
        _ = try registry.run(op, inputs, context: context, tape: tape)
      }
      #expect(error.code == .notDifferentiable)
      #expect(error.op == op)
    }
    #expect(try x.elements(as: Float.self) == [1, 1])
  }

  @Test("gradients of intermediate results go as soon as they were used")
  func intermediateMemory() throws {
    let account = context.memory
    let unit = 4096 * 4
    let tape = Tape()
    let x = try ones(4096)
    try tape.watch(x)
    var y = x
    // Scaling saves nothing, so whatever piles up is gradients.
    for _ in 0..<10 {
      y = try registry.run(
        "scale/1", [y], attributes: .scale(2), context: context,
        tape: tape)[0]
    }
    let loss = try run("sum/1", [y], tape)
    #expect(tape.savedByteCount == 0)
    let recorded = account.currentBytes
    account.resetPeak()
    let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)[0]
    #expect(try gradient.elements(as: Float.self).allSatisfy { $0 == 1024 })
    #expect(account.peakBytes <= recorded + 2 * unit + 256)
  }

  @Test("the walk backwards frees what it has passed: its peak stays two gradients above the tape")
  func memory() throws {
    let account = context.memory
    let unit = 4096 * 4
    let before = account.currentBytes
    do {
      let tape = Tape()
      let x = try ones(4096)
      try tape.watch(x)
      var y = x
      for _ in 0..<10 { y = try run("tanh/1", [y], tape) }
      let loss = try run("sum/1", [y], tape)
      y = x
      #expect(tape.savedByteCount == 10 * unit)
      let recorded = account.currentBytes
      account.resetPeak()
      let gradient = try tape.gradient(of: loss, withRespectTo: [x], context: context)
      // A gradient of the output and one of the input, and a line for each scalar.
      #expect(account.peakBytes <= recorded + 2 * unit + 256)
      #expect(account.currentBytes <= before + 2 * unit + 256)
      #expect(gradient.count == 1)
    }
    #expect(account.currentBytes == before)
  }
}
