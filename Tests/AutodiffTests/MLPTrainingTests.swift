import Autodiff
import Glibc
import TensorCore
import Testing

/// The problem of Golden/make_mlp.py, trained through the op table.
@Suite struct MLPTrainingTests {
  static let (rows, features, hidden, classes) = (24, 5, 8, 3)

  static func wave(_ rows: Int, _ columns: Int, _ phase: Double) -> [Float] {
    (0..<rows * columns).map { index in
      let (i, j) = (Double(index / columns), Double(index % columns))
      return Float(sin(1.7 * i + 0.9 * j * j + phase))
    }
  }

  struct Network {
    let registry = OpRegistry.standard
    let context: ComputeContext
    let x: Tensor
    let targets: Tensor
    let classWeights: Tensor
    let parameters: [Tensor]

    init(_ set: InstructionSet) throws {
      context = try ComputeContext(instructionSet: set)
      let (rows, features, hidden, classes) = (
        MLPTrainingTests.rows, MLPTrainingTests.features, MLPTrainingTests.hidden,
        MLPTrainingTests.classes
      )
      x = try Tensor(wave(rows, features, 0.3), [rows, features])
      targets = try Tensor((0..<rows).map { Int64((7 * $0 + $0 / 5) % classes) })
      classWeights = try Tensor([1, 2, 0.5] as [Float])
      parameters = [
        try Tensor(wave(features, hidden, 1.1).map { 0.6 * $0 }, [features, hidden]),
        try Tensor(wave(1, hidden, 2.2).map { 0.1 * $0 }),
        try Tensor(wave(hidden, classes, 3.3).map { 0.6 * $0 }, [hidden, classes]),
        try Tensor(wave(1, classes, 4.4).map { 0.1 * $0 }),
      ]
    }

    func lossAndGradients(isFused: Bool = false) throws -> (loss: Float, gradients: [Tensor]) {
      let tape = Tape()
      for parameter in parameters { try tape.watch(parameter) }
      func run(
        _ op: String, _ inputs: [Tensor], _ attributes: OpAttributes = .none
      ) throws -> Tensor {
        try registry.run(op, inputs, attributes: attributes, context: context, tape: tape)[0]
      }
      var y: Tensor
      if isFused {
        y = try run(
          "linear/1", [x, parameters[0], parameters[1]],
          .linear(activation: .relu, transposeW: false))
        y = try run("linear/1", [y, parameters[2], parameters[3]])
      } else {
        y = try run("matmul/1", [x, parameters[0]])
        y = try run("relu/1", [run("add/1", [y, parameters[1]])])
        y = try run("matmul/1", [y, parameters[2]])
        y = try run("add/1", [y, parameters[3]])
      }
      let loss = try run("cross_entropy/1", [y, targets, classWeights])
      let gradients = try tape.gradient(of: loss, withRespectTo: parameters, context: context)
      return (try loss.item(), gradients)
    }
  }

  static let sets = InstructionSet.allCases.filter(\.isSupported)

  @Test("gradient descent with momentum gives numpy's losses to 1e-4", arguments: sets)
  func sgd(set: InstructionSet) throws {
    let network = try Network(set)
    let velocity = try network.parameters.map { try Tensor.zeros($0.spec) }
    let rule = SGDRule(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3)
    var losses: [Float] = []
    for _ in MLPGolden.sgd {
      let (loss, gradients) = try network.lossAndGradients()
      losses.append(loss)
      for (index, parameter) in network.parameters.enumerated() {
        let outputs = try network.registry.run(
          "sgd_step/1", [parameter, gradients[index], velocity[index]],
          attributes: .sgdStep(rule), context: network.context)
        #expect(outputs.isEmpty)
      }
    }
    expectClose(losses, MLPGolden.sgd.map(Double.init), tolerance: 1e-4, "loss")
  }

  @Test("AdamW gives numpy's losses to 1e-4", arguments: sets)
  func adamW(set: InstructionSet) throws {
    let network = try Network(set)
    let first = try network.parameters.map { try Tensor.zeros($0.spec) }
    let second = try network.parameters.map { try Tensor.zeros($0.spec) }
    var losses: [Float] = []
    for step in 1...MLPGolden.adamW.count {
      let (loss, gradients) = try network.lossAndGradients(isFused: true)
      losses.append(loss)
      let rule = AdamRule(learningRate: 0.02, weightDecay: 0.01, step: step)
      for (index, parameter) in network.parameters.enumerated() {
        _ = try network.registry.run(
          "adam_step/1", [parameter, gradients[index], first[index], second[index]],
          attributes: .adamStep(rule), context: network.context)
      }
    }
    expectClose(losses, MLPGolden.adamW.map(Double.init), tolerance: 1e-4, "loss")
  }

  @Test("a sparse first layer gives the loss and gradient of the dense one")
  func sparseFirstLayer() throws {
    let context = try ComputeContext(seed: 8)
    let registry = OpRegistry.standard
    let dense = try Tensor([0, 2, 0, 0, -1, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 3] as [Float], [3, 5])
    let table = try Tensor.normal([5, 4], context: context)
    let entries = [
      try Tensor([1, 4, 3, 4] as [Int32]), try Tensor([0, 2, 3, 4] as [Int32]),
      try Tensor([2, -1, 0.5, 3] as [Float]),
    ]
    let targets = try Tensor([0, 3, 1] as [Int64])
    func gradient(_ op: String, _ inputs: [Tensor], _ attributes: OpAttributes) throws -> [Float] {
      let tape = Tape()
      try tape.watch(table)
      let y = try registry.run(op, inputs, attributes: attributes, context: context, tape: tape)
      let loss = try registry.run("cross_entropy/1", y + [targets], context: context, tape: tape)
      let result = try tape.gradient(of: loss[0], withRespectTo: [table], context: context)
      return try [loss[0].item()] + result[0].elements()
    }
    let sparse = try gradient("embedding_bag/1", [table] + entries, .none)
    let product = try gradient("matmul/1", [dense, table], .none)
    expectClose(sparse, product.map(Double.init), tolerance: 1e-6, "loss and gradient")
  }
}
