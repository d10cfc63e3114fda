import TensorCore
import Testing

@Suite struct PhiloxGeneratorTests {
  @Test("words equal numpy's, over block boundaries, keys and a carry", arguments: 0..<5)
  func golden(which: Int) {
    let golden = PhiloxGolden.cases[which]
    var generator = PhiloxGenerator(
      seed: golden.seed, stream: golden.stream, counter: golden.block)
    #expect(golden.words.map { _ in generator.next() } == golden.words)
  }

  @Test("random tensors depend on seed and counter alone, and move the generator on")
  func tensors() throws {
    let context = try ComputeContext(seed: 3)
    let first = try Tensor.uniform([5, 7], in: -1..<1, context: context)
    let counter = context.generator.counter
    let second = try Tensor.uniform([5, 7], in: -1..<1, context: context)
    #expect(try first.elements(as: Float.self) != second.elements(as: Float.self))
    let again = try ComputeContext(seed: 3)
    again.generator = PhiloxGenerator(seed: 3, counter: counter)
    let replayed = try Tensor.uniform([5, 7], in: -1..<1, context: again)
    #expect(try replayed.elements(as: Float.self) == second.elements(as: Float.self))
    #expect(try first.elements(as: Float.self).allSatisfy { $0 >= -1 && $0 < 1 })
  }
}
