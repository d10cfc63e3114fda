import TensorKernels
import Testing

/// A product to compute: sizes, how the operands are stored, and what follows.
struct GemmCase: Sendable, CustomTestStringConvertible {
  var m, n, k: Int
  var batch = 1
  var transposeA = false
  var transposeB = false
  /// Elements between rows of A, B and C beyond their length.
  var gap = 0
  /// The steps along the rows of A and B: above 1 neither step of an operand is 1.
  var spacing = 1
  var sharesB = false
  var packed = false
  var accumulate = false
  var activation = Int32(TK_IDENTITY)
  var hasBias = false
  var keepsBefore = false
  var threads = 1

  var testDescription: String {
    let marks = [
      (transposeA, "A'"), (transposeB, "B'"), (sharesB, "shared"), (packed, "packed"),
      (accumulate, "+="),
    ].filter(\.0).map(\.1)
    let sizes = "\(batch) of \(m)x\(n)x\(k), gap \(gap), spacing \(spacing)"
    return "\(sizes), activation \(activation), \(threads) threads, \(marks)"
  }

  /// Rows and columns as stored, and the steps of element (row, column) of the operand.
  private func layout(_ rows: Int, _ columns: Int, transposed: Bool) -> (
    row: Int, column: Int, count: Int
  ) {
    let step = ((transposed ? rows : columns) + gap) * spacing
    let (row, column) = transposed ? (spacing, step) : (step, spacing)
    let count = rows == 0 || columns == 0 ? 0 : (rows - 1) * row + (columns - 1) * column + 1
    return (row, column, count)
  }

  var aLayout: (row: Int, column: Int, count: Int) { layout(m, k, transposed: transposeA) }
  var bLayout: (row: Int, column: Int, count: Int) { layout(k, n, transposed: transposeB) }
  var cStep: Int { n + gap }
  var cCount: Int { m == 0 || n == 0 ? 0 : (batch * m - 1) * cStep + n }
  var aCount: Int { batch * aLayout.count }
  var bCount: Int { (sharesB || packed ? 1 : batch) * bLayout.count }

  /// C and the values before the activation.
  ///
  /// Everything lies right before a page that must not be touched.
  func run(
    _ table: UnsafePointer<tk_element_kernels>, _ a: [Float], _ b: [Float], bias: [Float],
    c: [Float]
  ) throws -> (c: [Float], before: [Float]) {
    let a = try GuardedArray(a)
    let b = try GuardedArray(b)
    let bias = try GuardedArray(bias)
    let before = try GuardedArray(c)
    let c = try GuardedArray(c)
    let gemm = table.pointee.gemm
    let multiply = try #require(gemm.multiply)
    let workspace = try #require(gemm.workspace)
    let packedBytes = try #require(gemm.packed_bytes)
    let pack = try #require(gemm.pack_b)
    let pool = threads > 1 ? tk_pool_create(UInt32(threads)) : nil
    defer { if let pool { tk_pool_destroy(pool) } }

    let (aSteps, bSteps) = (aLayout, bLayout)
    var call = tk_gemm_call(
      batch: batch, m: m, n: n, k: k,
      a: a.start, a_row: aSteps.row, a_column: aSteps.column, a_batch: aSteps.count,
      b: b.start, b_row: bSteps.row, b_column: bSteps.column,
      b_batch: sharesB || packed ? 0 : bSteps.count, packed_b: nil,
      c: c.start, c_row: cStep, c_batch: m * cStep,
      accumulate: accumulate ? 1 : 0, activation: activation,
      bias: hasBias ? bias.start : nil, before: keepsBefore ? before.start : nil)

    // 64 bytes before the page: aligned as the contract asks, and a write beyond it is a crash.
    func scratch(_ bytes: Int) throws -> GuardedArray<Float> {
      try GuardedArray([Float](repeating: .nan, count: (bytes + 63) / 64 * 16))
    }
    let packedB = try scratch(packed ? packedBytes(n, k) : 0)
    if packed {
      pack(
        n, k, b.start, call.b_row, call.b_column, packedB.start, pool, UInt32(threads))
      call.packed_b = UnsafeRawPointer(packedB.start)
      call.b = nil
    }
    let memory = try scratch(workspace(&call, UInt32(threads)))
    multiply(&call, memory.count == 0 ? nil : memory.start, pool, UInt32(threads))
    return (c.elements, before.elements)
  }

  func operands() -> (a: [Float], b: [Float], bias: [Float], c: [Float]) {
    (
      randomFloats(aCount, seed: UInt64(m &+ 31 * k)),
      randomFloats(bCount, seed: UInt64(n &+ 17 * k)),
      randomFloats(n, seed: 5), randomFloats(cCount, seed: 3)
    )
  }

  func expectEqualsReference(_ variant: KernelVariant) throws {
    let x = operands()
    let actual = try run(variant.kernels.f32, x.a, x.b, bias: x.bias, c: x.c)
    let expected = try run(
      KernelVariant.reference.kernels.f32, x.a, x.b, bias: x.bias, c: x.c)
    // Elements up to 2, so a sum of k products errs by at most about 4 k ULPs of 1; no slope of an
    // activation exceeds 1.13.
    let absolute = 5e-7 * Float(k + 1)
    expectClose(actual.c, expected.c, relative: 1e-5, absolute: absolute, testDescription)
    expectClose(
      actual.before, expected.before, relative: 1e-5, absolute: absolute,
      "before, \(testDescription)")
  }
}

@Suite struct GemmTests {
  static let activations = [
    Int32(TK_IDENTITY), Int32(TK_RELU), Int32(TK_TANH),
    Int32(TK_SIGMOID), Int32(TK_GELU), Int32(TK_GELU_TANH),
    Int32(TK_SILU),
  ]

  /// Around the tiles and blocks of every variant; 1024 columns and steps that caches dislike.
  static let sizes = [
    (1, 1, 1), (1, 7, 3), (5, 1, 9), (3, 5, 0), (0, 4, 4), (4, 0, 4), (2, 3, 4), (12, 32, 8),
    (13, 33, 17), (15, 31, 5), (6, 16, 10), (7, 15, 1), (25, 65, 40), (97, 34, 19), (3, 40, 257),
    (50, 70, 300), (8, 515, 6), (1, 300, 33), (300, 1, 33), (15, 96, 770), (3, 9, 1024),
    (15, 1024, 9), (150, 20, 800),
  ]

  @Test(
    "products equal the reference, however the operands lie, and read nothing past the end",
    arguments: KernelVariant.fast)
  func layouts(variant: KernelVariant) throws {
    for (m, n, k) in Self.sizes {
      let plain = GemmCase(m: m, n: n, k: k)
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        var product = plain
        (product.transposeA, product.transposeB) = (transposeA, transposeB)
        try product.expectEqualsReference(variant)
        product.accumulate = true
        product.gap = 3
        try product.expectEqualsReference(variant)
        product.accumulate = false
        product.packed = true
        try product.expectEqualsReference(variant)
      }
      var spaced = plain
      spaced.spacing = 2
      try spaced.expectEqualsReference(variant)
    }
  }

  @Test("matrices of a batch share B or bring their own", arguments: KernelVariant.fast)
  func batches(variant: KernelVariant) throws {
    for (m, n, k) in [(5, 7, 3), (1, 20, 9), (20, 1, 9), (33, 48, 64), (15, 40, 0)] {
      for (sharesB, packed) in [(false, false), (true, false), (true, true)] {
        let product = GemmCase(
          m: m, n: n, k: k, batch: 4, transposeB: m == 33, gap: 2, sharesB: sharesB,
          packed: packed, threads: 2)
        try product.expectEqualsReference(variant)
      }
    }
  }

  @Test("bias and activation follow, and what stood before is kept", arguments: KernelVariant.fast)
  func epilogues(variant: KernelVariant) throws {
    for (m, n, k) in [(3, 5, 4), (14, 32, 8), (17, 37, 3), (1, 40, 6), (40, 1, 6), (2, 19, 0)] {
      for activation in Self.activations {
        for (hasBias, keepsBefore) in [(true, true), (true, false), (false, true), (false, false)] {
          try GemmCase(
            m: m, n: n, k: k, gap: 1, activation: activation, hasBias: hasBias,
            keepsBefore: keepsBefore
          ).expectEqualsReference(variant)
        }
      }
    }
  }

  @Test("gelu after a product errs by a few roundings", arguments: KernelVariant.fast)
  func gelu(variant: KernelVariant) throws {
    // 1 · x, from -8 to 8, and the ends.
    var inputs: [Float] = (0..<16385).map { Float($0) / 1024 - 8 }
    inputs += [.nan, .infinity, -1e30, 1e30, -0.0]
    let product = GemmCase(
      m: 1, n: inputs.count, k: 1, activation: Int32(TK_GELU))
    let blank = [Float](repeating: 0, count: inputs.count)
    let actual = try product.run(variant.kernels.f32, [1], inputs, bias: blank, c: blank).c
    let expected = try product.run(
      KernelVariant.reference.kernels.f32, [1], inputs, bias: blank, c: blank
    ).c
    expectClose(actual, expected, relative: 3e-7, absolute: 3e-8, "gelu")
  }

  @Test("the same bits for any number of threads", arguments: KernelVariant.fast)
  func threads(variant: KernelVariant) throws {
    for (m, n, k) in [(129, 130, 70), (64, 64, 64), (257, 40, 33), (30, 700, 40), (1, 3000, 300)] {
      for (transposeA, transposeB) in [(false, false), (true, true)] {
        var product = GemmCase(
          m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB,
          activation: Int32(TK_GELU), hasBias: true)
        let x = product.operands()
        let alone = try product.run(variant.kernels.f32, x.a, x.b, bias: x.bias, c: x.c).c
        for threads in [2, 3, 5] {
          product.threads = threads
          let together = try product.run(variant.kernels.f32, x.a, x.b, bias: x.bias, c: x.c).c
          #expect(
            alone.map(\.bitPattern) == together.map(\.bitPattern), "\(product.testDescription)")
        }
      }
    }
  }

  @Test(
    "NaN and infinity reach their row and column and nothing else", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    for packed in [false, true] {
      let product = GemmCase(m: 16, n: 33, k: 10, packed: packed)
      var a = [Float](repeating: 1, count: product.aCount)
      var b = [Float](repeating: 1, count: product.bCount)
      a[4 * 10 + 3] = .nan
      b[2 * 33 + 32] = .infinity
      let blank = [Float](repeating: 0, count: product.cCount)
      let c = try product.run(variant.kernels.f32, a, b, bias: blank, c: blank).c
      for i in 0..<16 {
        for j in 0..<33 {
          let value = c[i * 33 + j]
          if i == 4 {
            #expect(value.isNaN)
          } else {
            #expect(value == (j == 32 ? .infinity : 10))
          }
        }
      }
    }
  }

  @Test("f64 products are exact where f64 is")
  func doubles() throws {
    let gemm = try KernelVariant.reference.kernels.f64.pointee.gemm
    let (m, n, k) = (7, 300, 5)
    let a = try GuardedArray((0..<m * k).map { Double($0 % 11) - 5 })
    let b = try GuardedArray((0..<k * n).map { Double($0 % 7) - 3 })
    let c = try GuardedArray([Double](repeating: 1, count: m * n))
    let multiply = try #require(gemm.multiply)
    var call = tk_gemm_call(
      batch: 1, m: m, n: n, k: k, a: a.start, a_row: k, a_column: 1, a_batch: 0,
      b: b.start, b_row: n, b_column: 1, b_batch: 0, packed_b: nil, c: c.start, c_row: n,
      c_batch: 0, accumulate: 1, activation: Int32(TK_IDENTITY), bias: nil, before: nil)
    multiply(&call, nil, nil, 1)
    for i in 0..<m {
      for j in 0..<n {
        let sum = (0..<k).reduce(1) { $0 + a.start[i * k + $1] * b.start[$1 * n + j] }
        #expect(c.start[i * n + j] == sum)
      }
    }
  }
}
