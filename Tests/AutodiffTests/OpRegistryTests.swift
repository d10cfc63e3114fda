import Autodiff
import TensorCore
import Testing

@Suite struct OpRegistryTests {
  let registry = OpRegistry.standard
  let context: ComputeContext

  init() throws {
    context = try ComputeContext()
  }

  @Test("the standard table holds the promised operations, each described")
  func list() throws {
    let inPlace = ["accumulate", "adam_step", "clip_norm", "sgd_step"]
    let flat = [
      "argmax", "argmin", "equal", "greater", "greater_equal", "less", "less_equal", "not_equal",
    ]
    let differentiable = [
      "abs", "add", "broadcast", "cast", "concat", "cos", "cross_entropy", "div", "dropout", "elu",
      "embedding", "embedding_bag", "erf", "exp", "flip", "gather", "gelu", "layer_norm",
      "leaky_relu", "linear", "log", "log_pool", "log_softmax", "logsumexp", "matmul", "max",
      "maximum", "mean", "min", "minimum", "mul", "neg", "norm", "pad", "pow", "relu", "reshape",
      "rms_norm", "rsqrt", "scale", "scatter_add", "sigmoid", "silu", "sin", "slice", "softmax",
      "sort", "split", "sqrt", "stack", "sub", "sum", "tanh", "top_k", "transpose", "variance",
      "where",
    ]
    #expect(registry.all.map(\.name).sorted() == (inPlace + flat + differentiable).sorted())
    for definition in registry.all {
      #expect(definition.version == 1 && !definition.summary.isEmpty)
      #expect(definition.isDifferentiable == differentiable.contains(definition.name))
      #expect((definition.overwrites != .none) == inPlace.contains(definition.name))
      #expect(try registry.find(definition.id) === definition)
    }
  }

  @Test("operations state how many outputs they give, some by their attributes")
  func outputCounts() throws {
    for definition in registry.all {
      let expected: OpDefinition.OutputCount =
        switch definition.name {
        case "split": .perLength
        case "sort", "top_k": .exactly(2)
        case "sgd_step", "adam_step", "accumulate": .exactly(0)
        default: .exactly(1)
        }
      #expect(definition.outputs == expected, "\(definition.id)")
    }
    let split = try registry.find("split/1")
    #expect(split.outputCount(for: .split(lengths: [1, 2, 3], axis: 0)) == 3)
    #expect(split.outputCount() == 0)
  }

  @Test("a call without attributes means the defaults, whatever the operation takes")
  func defaults() throws {
    let x = try Tensor([1, -2, 3, 4] as [Float], [2, 2])
    let expected: [(String, OpAttributes)] = [
      ("matmul", .matmul(transposeA: false, transposeB: false)), ("scale", .scale(1)),
      ("linear", .linear(activation: .identity, transposeW: false)),
      ("leaky_relu", .slope(alpha: 0.01)), ("elu", .slope(alpha: 1)),
      ("gelu", .gelu(approximate: false)), ("cast", .cast(.f32)),
      ("sum", .reduce(ReductionAxes(), correction: 0)), ("argmax", .axis(-1, keeps: false)),
      ("concat", .axis(-1, keeps: false)), ("stack", .axis(0, keeps: false)),
      ("flip", .axes(nil)), ("transpose", .axes(nil)), ("layer_norm", .norm(epsilon: 1e-5)),
      ("sort", .order(OrderAttributes())), ("clip_norm", .clip(maximumNorm: 1)),
      ("dropout", .dropout(0)), ("slice", .slice([])),
      ("sgd_step", .sgdStep(SGDRule(learningRate: 0.01))),
      ("adam_step", .adamStep(AdamRule(learningRate: 0.001, step: 1))),
    ]
    for (name, attributes) in expected {
      let definition = try registry.find("\(name)/1")
      #expect(definition.defaultAttributes == attributes)
      #expect(definition.attributes == attributes.kind)
      guard definition.isDifferentiable else { continue }
      let inputs = [Tensor](repeating: x, count: definition.inputCount.lowerBound)
      let (bare, stated) = (
        try definition.run(inputs, context: context),
        try definition.run(inputs, attributes: attributes, context: context)
      )
      #expect(try bare[0].elements(as: Float.self) == stated[0].elements(as: Float.self))
    }
  }

  @Test("running for one output gives what running gives, by the shortcut and without")
  func single() throws {
    let x = try Tensor([0.5, 2] as [Double])
    for definition in registry.all where definition.outputs == .exactly(1) {
      let inputs = [Tensor](repeating: x, count: definition.inputCount.lowerBound)
      guard definition.overwrites == .none,
        let several = try? definition.run(inputs, context: context)
      else { continue }
      let one = try definition.runSingle(inputs, context: context)
      #expect(one.spec == several[0].spec)
      try one.withUnsafeBytes { left in
        try several[0].withUnsafeBytes { #expect(left.elementsEqual($0), "\(definition.id)") }
      }
    }
    let add = try registry.find("add/1")
    #expect(try add.runSingle([x, x], context: context).elements(as: Double.self) == [1, 4])
    let count = try #require(throws: AutodiffError.self) {
      try add.runSingle([x], context: context)
    }
    #expect(count.code == .wrongInputCount)
    let scale = try registry.find("scale/1")
    let y = try scale.runSingle([x], attributes: .scale(3), context: context)
    #expect(try y.elements(as: Double.self) == [1.5, 6])
  }

  @Test("an unknown operation names what there is; an unknown version names the known ones")
  func unknown() throws {
    let name = try #require(throws: AutodiffError.self) { try registry.find("conv2d/1") }
    #expect(name.code == .unknownOp)
    #expect(name.message.contains("matmul/1"))
    let version = try #require(throws: AutodiffError.self) { try registry.find("matmul/2") }
    #expect(version.description == "matmul/2: is not registered; there is matmul/1")
  }

  @Test("wrong counts and attributes of another operation are refused before computing")
  func arity() throws {
    let x = try Tensor.zeros([2, 2])
    let count = try #require(throws: AutodiffError.self) {
      _ = try registry.run("add/1", [x], context: context)
    }
    #expect(count.description == "add/1: takes 2 inputs, got 1")
    let attributes = try #require(throws: AutodiffError.self) {
      _ = try registry.run("matmul/1", [x, x], attributes: .scale(2), context: context)
    }
    #expect(attributes.code == .wrongAttributes)
    #expect(attributes.message == "takes attributes of kind 'matmul', got 'scale'")
    let infer = try #require(throws: AutodiffError.self) {
      _ = try registry.find("norm/1").inferOutputs([])
    }
    #expect(infer.message == "takes 1 to 4096 inputs, got 0")
  }

  @Test("inference throws what running would throw")
  func inference() throws {
    let (a, b) = (try Tensor.zeros([2, 3]), try Tensor.zeros([4, 5]))
    let matmul = try registry.find("matmul/1")
    let attributes = OpAttributes.matmul(transposeA: false, transposeB: false)
    let inferred = try #require(throws: TensorError.self) {
      _ = try matmul.inferOutputs([a.spec, b.spec], attributes: attributes)
    }
    let ran = try #require(throws: TensorError.self) {
      _ = try matmul.run([a, b], attributes: attributes, context: context)
    }
    #expect(inferred == ran)
    let step = try registry.find("adam_step/1")
    let bad = OpAttributes.adamStep(AdamRule(step: 0))
    #expect(throws: TensorError.self) {
      _ = try step.inferOutputs([a.spec, a.spec, a.spec, a.spec], attributes: bad)
    }
    let good = OpAttributes.adamStep(AdamRule(step: 1))
    let outputs = try step.inferOutputs([a.spec, a.spec, a.spec, a.spec], attributes: good)
    #expect(outputs.isEmpty)
  }

  /// `x²`, as a plug-in would add it; `broken` gives a gradient of the wrong shape.
  static func square(broken: Bool = false, differentiable: Bool = true) -> OpDefinition {
    let vjp: OpDefinition.VectorJacobianProduct = { pullback in
      guard let dy = pullback.outputGradients[0], let x = pullback.saved[0] else { return [nil] }
      if broken { return [try Tensor.zeros([1])] }
      let doubled = try elementwise(.scale, x, alpha: 2, context: pullback.context)
      return [try elementwise(.multiply, dy, doubled, context: pullback.context)]
    }
    return OpDefinition(
      name: "org.example.square", version: 1, inputCount: 1...1,
      defaultAttributes: .opaque([]), summary: "x * x",
      infer: { inputs, _ in inputs },
      forward: { call in
        let x = call.inputs[0]
        return OpResult(try elementwise(.multiply, x, x, context: call.context), saved: [x])
      },
      vjp: differentiable ? vjp : nil)
  }

  func gradientOfSquare(_ definition: OpDefinition) throws -> [Float] {
    let x = try Tensor([3, -1] as [Float])
    let tape = Tape()
    try tape.watch(x)
    let y = try definition.run([x], attributes: .opaque([]), context: context, tape: tape)
    let loss = try registry.run("sum/1", y, context: context, tape: tape)[0]
    return try tape.gradient(of: loss, withRespectTo: [x], context: context)[0].elements()
  }

  @Test("a registered operation runs and differentiates like the host's own, once")
  func registered() throws {
    var extended = registry
    let square = Self.square()
    try extended.register(square)
    #expect(try extended.find("org.example.square/1") === square)
    #expect(throws: AutodiffError.self) { try registry.find("org.example.square/1") }
    #expect(try gradientOfSquare(square) == [6, -2])
    let error = try #require(throws: AutodiffError.self) { try extended.register(square) }
    #expect(error.code == .duplicateOp)
  }

  @Test("an operation without gradient, or with a broken one, is an error and not a silent zero")
  func brokenGradients() throws {
    let none = try #require(throws: AutodiffError.self) {
      _ = try gradientOfSquare(Self.square(differentiable: false))
    }
    #expect(none.code == .notDifferentiable)
    #expect(none.op == "org.example.square/1")
    let broken = try #require(throws: AutodiffError.self) {
      _ = try gradientOfSquare(Self.square(broken: true))
    }
    #expect(broken.code == .brokenOp)
  }
}
