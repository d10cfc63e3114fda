import Autodiff
import TensorCore
import Testing

@Suite struct ThreadTests {
  @Test("a step of training has the same bits for any number of threads")
  func sameBits() throws {
    func step(_ threads: Int) throws -> [[Float]] {
      let context = try ComputeContext(
        seed: 5, threadLimit: threads, pool: ComputePool(threads: threads))
      let registry = OpRegistry.standard
      let x = try Tensor.normal([700, 257], context: context)
      let w = try Tensor.normal([257, 300], deviation: 0.1, context: context)
      let (scale, shift) = (
        try Tensor.normal([300], context: context), try Tensor.normal([300], context: context)
      )
      let tape = Tape()
      let variables = [w, scale, shift]
      for variable in variables { try tape.watch(variable) }
      func run(
        _ op: String, _ inputs: [Tensor], _ attributes: OpAttributes = .none
      ) throws -> Tensor {
        try registry.run(op, inputs, attributes: attributes, context: context, tape: tape)[0]
      }
      var y = try run("linear/1", [x, w], .linear(activation: .gelu, transposeW: false))
      y = try run("layer_norm/1", [y, scale, shift])
      y = try run("dropout/1", [y], .dropout(0.25))
      y = try run("softmax/1", [run("exp/1", [y])])
      let loss = try run("norm/1", [run("logsumexp/1", [y], .reduce(.init([0]), correction: 0))])
      let gradients = try tape.gradient(of: loss, withRespectTo: variables, context: context)
      return try ([loss] + gradients).map { try $0.elements() }
    }
    let alone = try step(1)
    for threads in [2, 3, 8] { #expect(try step(threads) == alone) }
  }
}
