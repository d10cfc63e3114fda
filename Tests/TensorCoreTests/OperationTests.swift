import TensorCore
import Testing

@Suite struct OperationTests {
  let context: ComputeContext

  init() throws {
    context = try ComputeContext(memory: MemoryAccount(), seed: 5)
  }

  func floats(_ dimensions: Int...) throws -> Tensor {
    try .uniform(dimensions, in: -1..<1, context: context)
  }

  @Test("matmul takes stored transposes and strided views alike")
  func matmulViews() throws {
    let a = try Tensor([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    let b = try Tensor([1, 0, 2, -1, 3, 1] as [Float], [3, 2])
    let expected: [Float] = [14, 1, 32, 1]
    #expect(try matmul(a, b, context: context).elements() == expected)
    let aT = try a.transposed()
    let bT = try b.transposed()
    let dense = try (a: aT.contiguous(), b: bT.contiguous())
    let stored = try matmul(
      dense.a, dense.b, transposeA: true, transposeB: true, context: context)
    #expect(try stored.elements() == expected)
    let viewed = try matmul(aT, bT, transposeA: true, transposeB: true, context: context)
    #expect(try viewed.elements() == expected)
    #expect(try matmul(a, aT, context: context).elements() == [14, 32, 32, 77])
  }

  @Test("matmul names both shapes on mismatch")
  func matmulMismatch() throws {
    let (a, b) = (try floats(2, 3), try floats(4, 5))
    let error = try #require(throws: TensorError.self) { try matmul(a, b, context: context) }
    #expect(error.code == .shapeMismatch)
    #expect(
      error.description.hasPrefix("matmul of [2, 3] and [4, 5]: the inner lengths must agree"))
    #expect(throws: TensorError.self) { try matmul(a, a.reshaped([6]), context: context) }
    let integers = try Tensor([1] as [Int32], [1, 1])
    let dtype = try #require(throws: TensorError.self) {
      try matmul(a, integers, context: context)
    }
    #expect(dtype.code == .dtypeMismatch)
    #expect(dtype.description.contains("must be f32, got i32"))
  }

  @Test("add and mul broadcast a row, and refuse a column")
  func broadcasting() throws {
    let a = try Tensor([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    let row = try Tensor([10, 20, 30] as [Float])
    #expect(try add(a, row, context: context).elements() == [11, 22, 33, 14, 25, 36])
    #expect(try multiply(a, row, context: context).elements() == [10, 40, 90, 40, 100, 180])
    #expect(try add(a, a, context: context).elements() == [2, 4, 6, 8, 10, 12])
    let column = try Tensor([1, 2] as [Float], [2, 1])
    let error = try #require(throws: TensorError.self) { try add(a, column, context: context) }
    #expect(error.shapes.map(\.description) == ["[2, 3]", "[2, 1]"])
    let transposed = try a.transposed()
    #expect(try add(transposed, transposed, context: context).elements() == [2, 8, 4, 10, 6, 12])
  }

  @Test("cross-entropy refuses targets that are no class and weights that are no weights")
  func crossEntropyRefusals() throws {
    let logits = try floats(2, 3)
    let targets = try Tensor([0, 3] as [Int64])
    let target = try #require(throws: TensorError.self) {
      try crossEntropy(logits, targets: targets, context: context)
    }
    #expect(target.description.contains("target 3 in row 1 is no class; classes are 0..<3"))
    let good = try Tensor([0, 2] as [Int64])
    for weights: [Float] in [[1, 1, -1], [1, .nan, 1], [1, .infinity, 1], [0, 1, 0]] {
      let error = try #require(throws: TensorError.self) {
        try crossEntropy(logits, targets: good, weights: Tensor(weights), context: context)
      }
      #expect(error.code == .invalidValue)
    }
    let empty = try #require(throws: TensorError.self) {
      try crossEntropy(floats(0, 3), targets: Tensor([] as [Int64]), context: context)
    }
    #expect(empty.description.contains("at least one row"))
    #expect(throws: TensorError.self) {
      try crossEntropy(logits, targets: Tensor([0] as [Int64]), context: context)
    }
  }

  @Test("class weights make a weighted mean")
  func classWeights() throws {
    let logits = try Tensor([0, 0, 0, 0] as [Float], [2, 2])
    let targets = try Tensor([0, 1] as [Int64])
    let plain = try crossEntropy(logits, targets: targets, context: context)
    let weighted = try crossEntropy(
      logits, targets: targets, weights: Tensor([1, 3] as [Float]), context: context)
    // All losses are ln 2, so any mean of them is.
    #expect(abs(try plain.loss.item() as Float - 0.693_147_2) < 1e-6)
    #expect(abs(try weighted.loss.item() as Float - 0.693_147_2) < 1e-6)
    #expect(weighted.weightSum == 4)
  }

  @Test("an embedding bag equals a sparse matrix times the table, and names bad entries")
  func embeddingBags() throws {
    let table = try Tensor([1, 2, 3, 4, 5, 6] as [Float], [3, 2])
    func entries(_ indices: [Int32], _ offsets: [Int32]) throws -> BagEntries {
      try BagEntries(
        indices: Tensor(indices), offsets: Tensor(offsets),
        weights: Tensor(indices.indices.map { Float($0 + 1) }))
    }
    let y = try embeddingBag(table, entries([2, 0, 2], [0, 2, 2, 3]), context: context)
    #expect(y.shape.dimensions == [3, 2])
    #expect(try y.elements() == [7, 10, 0, 0, 15, 18])
    let index = try #require(throws: TensorError.self) {
      try embeddingBag(table, entries([0, 3], [0, 2]), context: context)
    }
    #expect(index.description.contains("index 1 is 3; the table has rows 0..<3"))
    let offset = try #require(throws: TensorError.self) {
      try embeddingBag(table, entries([0, 1], [0, 2, 1]), context: context)
    }
    #expect(offset.description.contains("offset 2 is 1"))
  }

  @Test("concat and split undo each other; concat refuses other rows and dtypes")
  func concatenation() throws {
    let (a, b) = (try floats(3, 2), try floats(3, 4))
    let joined = try concat([a, b], context: context)
    #expect(joined.shape.dimensions == [3, 6])
    let parts = try splitColumns(joined, widths: [2, 4], context: context)
    #expect(try parts[0].elements() as [Float] == a.elements())
    #expect(try parts[1].elements() as [Float] == b.elements())
    let error = try #require(throws: TensorError.self) {
      try concat([a, floats(4, 2)], context: context)
    }
    #expect(error.description.hasPrefix("concat of [3, 2] and [4, 2]"))
    let integers = try Tensor.zeros([3, 1], dtype: .i64)
    let dtype = try #require(throws: TensorError.self) {
      try concat([a, integers], context: context)
    }
    #expect(dtype.code == .dtypeMismatch)
    #expect(throws: TensorError.self) { try concat([], context: context) }
    #expect(throws: TensorError.self) {
      try splitColumns(joined, widths: [2, 3], context: context)
    }
  }

  @Test("totals, norm and argmax")
  func reductions() throws {
    let x = try Tensor([3, -4, 0, 1, 9, 9] as [Float], [2, 3])
    #expect(try sum(x, context: context).item() as Float == 18)
    #expect(try mean(x, context: context).item() as Float == 3)
    let pair = try [Tensor([3] as [Float]), Tensor([4] as [Float])]
    #expect(try norm(pair, context: context).item() as Float == 5)
    #expect(try argmax(x, context: context).elements(as: Int64.self) == [0, 1])
    #expect(try sumRows(x, context: context).elements() == [4, 5, 9])
    #expect(throws: TensorError.self) { try mean(.zeros([0]), context: context) }
    #expect(throws: TensorError.self) { try argmax(.zeros([2, 0]), context: context) }
    #expect(try sum(.zeros([0]), context: context).item() as Float == 0)
  }

  @Test("dropout keeps the expectation, scales what it keeps, and refuses probability 1")
  func dropoutShare() throws {
    let ones = try Tensor.full(Float(1), [1 << 14])
    let (y, mask) = try dropout(ones, probability: 0.5, context: context)
    let values: [Float] = try y.elements()
    #expect(Set(values) == [0, 2])
    #expect(try mask.elements() == values)
    #expect(abs(values.reduce(0, +) / Float(values.count) - 1) < 0.04)  // five standard errors
    for probability: Float in [1, -0.1, .nan] {
      let error = try #require(throws: TensorError.self) {
        try dropout(ones, probability: probability, context: context)
      }
      #expect(error.code == .invalidValue)
    }
  }

  @Test("optimisers refuse overlap, read-only memory and impossible rules, before writing")
  func optimizerRefusals() throws {
    let (p, g, m, v) = (try floats(4), try floats(4), try Tensor.zeros([4]), try Tensor.zeros([4]))
    let before: [Float] = try p.elements()
    func expectRefused(_ code: TensorError.Code, _ body: () throws -> Void) throws {
      let error = try #require(throws: TensorError.self) { try body() }
      #expect(error.code == code)
      #expect(try p.elements() == before)
    }
    try expectRefused(.invalidMemory) {
      try sgdStep(p, gradient: p, rule: SGDRule(learningRate: 1), context: context)
    }
    try expectRefused(.invalidMemory) {
      try adamStep(
        p, gradient: g, firstMoment: m, secondMoment: m, rule: AdamRule(step: 1), context: context)
    }
    try expectRefused(.shapeMismatch) {
      try sgdStep(p, gradient: floats(5), rule: SGDRule(learningRate: 1), context: context)
    }
    try expectRefused(.invalidValue) {
      try sgdStep(
        p, gradient: g, rule: SGDRule(learningRate: 1, momentum: 0.9), context: context)
    }
    for rule in [
      AdamRule(step: 0), AdamRule(learningRate: .nan, step: 1), AdamRule(beta1: 1, step: 1),
      AdamRule(epsilon: 0, step: 1),
    ] {
      try expectRefused(.invalidValue) {
        try adamStep(
          p, gradient: g, firstMoment: m, secondMoment: v, rule: rule, context: context)
      }
    }
  }

  @Test("operations count their results on the context's account and leave nothing behind")
  func accounting() throws {
    let account = MemoryAccount()
    do {
      let context = try ComputeContext(memory: account)
      let x = try Tensor.full(Float(1), [64, 64], account: account)
      _ = try softmax(matmul(x, x, context: context), context: context)
      #expect(account.peakBytes >= 3 * 16_384)
    }
    #expect(account.currentBytes == 0)
  }
}
