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
    let promised = [
      "adam_step/1", "add/1", "argmax/1", "concat/1", "cross_entropy/1", "dropout/1",
      "embedding_bag/1", "log_softmax/1", "matmul/1", "mean/1", "mul/1", "norm/1", "relu/1",
      "scale/1", "sgd_step/1", "softmax/1", "sum/1", "tanh/1",
    ]
    #expect(registry.all.map(\.id) == promised)
    for definition in registry.all {
      #expect(!definition.summary.isEmpty)
      let isStep = definition.id.hasSuffix("_step/1")
      #expect(definition.isDifferentiable == !(isStep || definition.id == "argmax/1"))
      #expect(definition.inPlaceInputs.isEmpty == !isStep)
      #expect(definition.outputCount == (isStep ? 0 : 1))
      #expect(try registry.find(definition.id) === definition)
    }
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
      _ = try registry.run("matmul/1", [x, x], context: context)
    }
    #expect(attributes.code == .wrongAttributes)
    #expect(attributes.message == "takes attributes of kind 'matmul', got 'none'")
    let infer = try #require(throws: AutodiffError.self) {
      _ = try registry.find("norm/1").inferOutputs([])
    }
    #expect(infer.message == "takes 1 to 4096 inputs, got 0")
  }

  @Test("inference throws what running would throw")
  func inference() throws {
    let (a, b) = (try Tensor.zeros([2, 3]), try Tensor.zeros([4, 5]))
    let matmul = try registry.find("matmul/1")
    let attributes = OpAttributes.matmul(MatmulAttributes())
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
      let doubled = try scale(x, by: 2, context: pullback.context)
      return [try multiply(dy, doubled, context: pullback.context)]
    }
    return OpDefinition(
      name: "org.example.square", version: 1, inputCount: 1...1, attributes: .opaque,
      summary: "x * x",
      infer: { inputs, _ in inputs },
      forward: { call in
        let x = call.inputs[0]
        return OpResult([try multiply(x, x, context: call.context)], saved: [x])
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
