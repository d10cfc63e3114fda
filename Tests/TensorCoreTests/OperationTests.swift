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
    #expect(dtype.description.contains("got f32 and i32"))
  }

  @Test("shapes that do not broadcast are refused with both of them")
  func broadcasting() throws {
    for (first, second) in [([2, 3], [2]), ([2, 3], [3, 3]), ([4, 1, 2], [3, 3])] {
      let (a, b) = (try Tensor.zeros(first), try Tensor.zeros(second))
      let error = try #require(throws: TensorError.self) {
        try elementwise(.add, a, b, context: context)
      }
      #expect(error.code == .shapeMismatch)
      #expect(error.shapes.map(\.dimensions) == [first, second])
      #expect(throws: TensorError.self) { try compare(.less, a, b, context: context) }
    }
    let (halves, wholes) = (try Tensor.zeros([2]), try Tensor.zeros([2], dtype: .i32))
    let mixed = try #require(throws: TensorError.self) {
      try elementwise(.add, halves, wholes, context: context)
    }
    #expect(mixed.code == .dtypeMismatch)
    #expect(mixed.description.contains("cast one of them"))
    #expect(throws: TensorError.self) { try elementwise(.divide, wholes, wholes, context: context) }
    #expect(throws: TensorError.self) {
      try elementwise(.exp, .zeros([2], dtype: .bf16), context: context)
    }
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
    let parts = try split(joined, lengths: [2, 4], context: context)
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
      try split(joined, lengths: [2, 3], context: context)
    }
  }

  @Test("reductions of nothing: a sum is 0, the others say which axis is empty")
  func emptyReductions() throws {
    let empty = try Tensor.zeros([2, 0])
    #expect(try reduce(.sum, empty, context: context).item() as Float == 0)
    #expect(try reduce(.sum, empty, over: .init([1]), context: context).elements() == [0, 0])
    for op in [ReductionOp.mean, .max, .min, .variance] {
      let error = try #require(throws: TensorError.self) { try reduce(op, empty, context: context) }
      #expect(error.description.contains("axis 1 is empty"), "\(op)")
    }
    #expect(throws: TensorError.self) { try position(.argmax, empty, context: context) }
    // No rows are fine: there is nothing to say about them.
    #expect(try reduce(.max, empty, over: .init([0]), context: context).shape.dimensions == [0])
  }

  @Test("axes that are not there, or named twice, are refused", arguments: [[2], [-3], [0, -2]])
  func axes(axes: [Int]) throws {
    let x = try floats(2, 3)
    let error = try #require(throws: TensorError.self) {
      try reduce(.sum, x, over: .init(axes), context: context)
    }
    #expect(error.code == .invalidValue)
    #expect(error.shapes == [x.shape])
  }

  @Test("a sum that two threads share has the bits of one that a single thread makes")
  func sameBits() throws {
    let x = try Tensor.uniform([3_000_001], in: -1..<1, context: context)
    let matrix = try x.rows(0..<3_000_000).reshaped([3000, 1000])
    var results: [[Float]] = []
    for threads in [1, 2, 3] {
      let shared = try ComputeContext(threadLimit: threads, pool: ComputePool(threads: threads))
      results.append(
        try reduce(.sum, x, context: shared).elements()
          + reduce(.norm, x, context: shared).elements()
          + reduce(.sum, matrix, over: .init([0]), context: shared).elements()
          + softmax(matrix, context: shared).elements())
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test("norms take several tensors; clipping keeps small gradients and scales large ones")
  func norms() throws {
    let pair = try [Tensor([3] as [Float]), Tensor([4, 0] as [Float])]
    #expect(try norm(pair, context: context).item() as Float == 5)
    #expect(try clipNorm(pair, maximum: 6, context: context).item() as Float == 5)
    #expect(try pair[1].elements() as [Float] == [4, 0])
    #expect(try clipNorm(pair, maximum: 2.5, context: context).item() as Float == 5)
    #expect(try pair[0].elements() as [Float] == [1.5])
    #expect(try pair[1].elements() as [Float] == [2, 0])
    try accumulate(pair[1], adding: pair[1].copied(), context: context)
    #expect(try pair[1].elements() as [Float] == [4, 0])
    #expect(throws: TensorError.self) { try accumulate(pair[1], adding: pair[1], context: context) }
    #expect(throws: TensorError.self) { try clipNorm(pair, maximum: 0, context: context) }
    #expect(throws: TensorError.self) { try norm([], context: context) }
  }

  @Test("indices out of range are named, and nothing is read")
  func indices() throws {
    let table = try floats(3, 2)
    for bad: Int64 in [3, -1, .max] {
      let error = try #require(throws: TensorError.self) {
        try embedding(table, Tensor([0, bad]), context: context)
      }
      #expect(error.description.contains("index 1 is \(bad); it must lie in 0..<3"))
      #expect(throws: TensorError.self) {
        try gather(table, Tensor([0, bad], [1, 2]), axis: 0, context: context)
      }
    }
  }

  @Test("impossible parts are refused: slices, paddings, permutations, reshapes, k")
  func parts() throws {
    let x = try floats(2, 3)
    #expect(throws: TensorError.self) { try slice(x, [SliceRange(step: 0)], context: context) }
    #expect(throws: TensorError.self) { try slice(x, [SliceRange(step: -1)], context: context) }
    #expect(throws: TensorError.self) {
      try slice(x, [SliceRange(), SliceRange(), SliceRange()], context: context)
    }
    #expect(try slice(x, [SliceRange(begin: .min, end: .max)], context: context).shape == x.shape)
    #expect(throws: TensorError.self) {
      try pad(x, before: [0, -1], after: [0, 0], context: context)
    }
    #expect(throws: TensorError.self) {
      try pad(x, before: [0, .max], after: [0, .max], context: context)
    }
    #expect(throws: TensorError.self) { try transpose(x, axes: [0, 0], context: context) }
    #expect(throws: TensorError.self) { try x.reshaped([-1, -1]) }
    #expect(throws: TensorError.self) { try x.reshaped([4, -1]) }
    #expect(throws: TensorError.self) { try topK(x, k: 4, context: context) }
    #expect(throws: TensorError.self) { try stack([x, floats(3, 2)], context: context) }
  }

  @Test("packed weights are made at the second use and follow what happens to the weights")
  func packedWeights() throws {
    let account = MemoryAccount()
    let context = try ComputeContext(memory: account)
    let (x, w) = (try floats(3, 80), try floats(80, 96))
    func product() throws -> [Float] {
      try linear(x, w, bias: nil, context: context).output.elements()
    }
    let first = try product()
    let bytes = account.currentBytes
    #expect(try product() == first)
    let expected = try InstructionSet.processDefault.get() != .reference
    #expect((account.currentBytes > bytes + 80 * 96 * 4 - 1) == expected)
    #expect(try product() == first)
    try accumulate(w, adding: w.copied(), context: context)
    #expect(try product() == first.map { 2 * $0 })
    #expect(try product() == first.map { 2 * $0 })
  }

  @Test("dropout keeps the expectation, scales what it keeps, and refuses probability 1")
  func dropoutShare() throws {
    let ones = try Tensor.full(Float(1), [1 << 14])
    let (y, mask) = try dropout(ones, probability: 0.5, context: context)
    let values: [Float] = try y.elements()
    #expect(Set(values) == [0, 2])
    #expect(try mask.elements() == values)
    #expect(abs(values.reduce(0, +) / Float(values.count) - 1) < 0.04)  // five standard errors
    for probability in [1, -0.1, .nan] {
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
