import TensorCore
import Testing

@Suite struct InstructionSetTests {
  @Test("supported names resolve; no name takes the best")
  func resolve() throws {
    for set in InstructionSet.allCases where set.isSupported {
      #expect(try InstructionSet.resolve(set.name).get() == set)
    }
    let best = try InstructionSet.resolve(nil).get()
    #expect(best == InstructionSet.allCases.last(where: \.isSupported))
  }

  @Test("an unknown name gives an error that lists what would work")
  func unknown() throws {
    let error = try #require(throws: TensorError.self) {
      try InstructionSet.resolve("sse9").get()
    }
    #expect(error.code == .unsupportedInstructionSet)
    #expect(error.description.contains("'sse9' is no instruction set"))
    #expect(error.description.contains("portable"))
  }

  @Test("every set computes the same product to rounding")
  func agreement() throws {
    let seeded = try ComputeContext(seed: 1)
    let a = try Tensor.uniform([9, 21], context: seeded)
    let b = try Tensor.uniform([21, 35], context: seeded)
    var products: [[Float]] = []
    for set in InstructionSet.allCases where set.isSupported {
      let context = try ComputeContext(instructionSet: set)
      products.append(try matmul(a, b, context: context).elements())
    }
    #expect(products.count >= 2)
    for product in products {
      #expect(zip(product, products[0]).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }
}
