import Glibc
import TensorKernels
import Testing

@Suite struct BinaryTests {
  static let arithmetic = [
    TK_ADD, TK_SUBTRACT, TK_MULTIPLY, TK_DIVIDE, TK_POWER, TK_MAXIMUM, TK_MINIMUM,
  ]
  static let comparisons = [
    TK_EQUAL, TK_NOT_EQUAL, TK_LESS, TK_LESS_EQUAL, TK_GREATER, TK_GREATER_EQUAL,
  ]
  /// One for an array, zero for one number at all positions.
  static let steps = [(1, 1), (1, 0), (0, 1), (0, 0)]

  static func arithmetic(_ elements: UnsafePointer<tk_element_kernels>, _ op: Int) throws
    -> tk_binary_fn
  {
    let table = try #require(elements.pointer(to: \.binary))
    return try #require(tk_binary_arithmetic(table, Int32(op)))
  }

  static func compare(_ elements: UnsafePointer<tk_element_kernels>, _ op: Int) throws
    -> tk_binary_fn
  {
    let table = try #require(elements.pointer(to: \.binary))
    return try #require(tk_binary_compare(table, Int32(op)))
  }

  @Test(
    "arithmetic equals the reference at every size and step, with hostile numbers",
    arguments: KernelVariant.fast, arithmetic)
  func equalsReference(variant: KernelVariant, op: Int) throws {
    let fast = try Self.arithmetic(variant.kernels.f32, op)
    let plain = try Self.arithmetic(KernelVariant.reference.kernels.f32, op)
    // Powers are rounded twice, from f64.
    let relative: Float = op == TK_POWER ? 1.2e-7 : 0
    for size in KernelVariant.sizes {
      for (aStep, bStep) in Self.steps {
        let a = try GuardedArray(hostileFloats(aStep == 0 ? min(size, 1) : size, seed: 1))
        let b = try GuardedArray(hostileFloats(bStep == 0 ? min(size, 1) : size, seed: 2))
        let y = try guardedZeros(size, of: Float.self)
        let expected = try guardedZeros(size, of: Float.self)
        fast(size, a.start, aStep, b.start, bStep, y.start)
        plain(size, a.start, aStep, b.start, bStep, expected.start)
        expectClose(
          y.elements, expected.elements, relative: relative, "\(op) of \(size), \(aStep), \(bStep)")
        if aStep == 1 {
          fast(size, a.start, aStep, b.start, bStep, a.start)
          expectClose(a.elements, y.elements, "\(op) of \(size) in place")
        }
      }
    }
  }

  @Test(
    "comparisons equal the reference at every size and step, with hostile numbers",
    arguments: KernelVariant.fast, comparisons)
  func comparisonsEqualReference(variant: KernelVariant, op: Int) throws {
    let fast = try Self.compare(variant.kernels.f32, op)
    let plain = try Self.compare(KernelVariant.reference.kernels.f32, op)
    for size in KernelVariant.sizes {
      for (aStep, bStep) in Self.steps {
        let a = try GuardedArray(hostileFloats(aStep == 0 ? min(size, 1) : size, seed: 3))
        let b = try GuardedArray(hostileFloats(bStep == 0 ? min(size, 1) : size, seed: 6))
        let y = try GuardedArray([UInt8](repeating: 9, count: size))
        let expected = try GuardedArray([UInt8](repeating: 8, count: size))
        fast(size, a.start, aStep, b.start, bStep, y.start)
        plain(size, a.start, aStep, b.start, bStep, expected.start)
        #expect(y.elements == expected.elements, "\(op) of \(size), steps \(aStep), \(bStep)")
      }
    }
  }

  @Test("a comparison with NaN is false, not-equal true", arguments: KernelVariant.fast)
  func comparisonsWithNaN(variant: KernelVariant) throws {
    for op in Self.comparisons {
      var y: [UInt8] = [9, 9]
      let compare = try Self.compare(variant.kernels.f32, op)
      compare(2, [.nan, 1] as [Float], 1, [.nan] as [Float], 0, &y)
      #expect(y == (op == TK_NOT_EQUAL ? [1, 1] : [0, 0]))
    }
  }

  @Test("maximum and minimum give NaN where either is NaN", arguments: KernelVariant.fast)
  func extremesOfNaN(variant: KernelVariant) throws {
    for op in [TK_MAXIMUM, TK_MINIMUM] {
      var y: [Float] = [0, 0, 0]
      let extreme = try Self.arithmetic(variant.kernels.f32, op)
      extreme(3, [.nan, 1, .nan] as [Float], 1, [1, .nan, .nan] as [Float], 1, &y)
      #expect(y[0].isNaN && y[1].isNaN && y[2].isNaN)
    }
  }

  @Test("power follows C's pow: signs, zeros, infinities, range", arguments: KernelVariant.fast)
  func power(variant: KernelVariant) throws {
    let bases: [Float] = [
      0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 10, 1.0000001, 0.9999999, .infinity, -.infinity, .nan,
      .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, -3.7,
    ]
    let exponents: [Float] = [
      0, -0.0, 1, -1, 2, 3, -3, 0.5, -0.5, 2.5, 37, -37.25, 149, 1e8, -1e8, 8_388_609, 16_777_215,
      16_777_216, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
    ]
    let a = bases.flatMap { base in exponents.map { _ in base } }
    let b = bases.flatMap { _ in exponents }
    let y = try guardedZeros(a.count, of: Float.self)
    let power = try Self.arithmetic(variant.kernels.f32, TK_POWER)
    power(a.count, a, 1, b, 1, y.start)
    for (index, output) in y.elements.enumerated() {
      let exact = Glibc.pow(Double(a[index]), Double(b[index]))
      let rounded = Float(exact)
      let right =
        exact.isNaN
        ? output.isNaN
        : (output == rounded || abs(Double(output) - exact) <= Double(rounded.ulp))
          && output.sign == rounded.sign
      #expect(right, "pow(\(a[index]), \(b[index])) is \(output), exact \(exact)")
    }
  }

  @Test("power stays within 1 ULP over a wide range", arguments: KernelVariant.fast)
  func powerAccuracy(variant: KernelVariant) throws {
    let count = 200_000
    let a = randomFloats(count, seed: 11, range: 40).map { Glibc.expf($0) }
    let b = randomFloats(count, seed: 12, range: 4)
    let y = try guardedZeros(count, of: Float.self)
    try Self.arithmetic(variant.kernels.f32, TK_POWER)(count, a, 1, b, 1, y.start)
    for (index, output) in y.elements.enumerated() {
      let exact = Glibc.pow(Double(a[index]), Double(b[index]))
      let rounded = Float(exact)
      if output == rounded || abs(Double(output) - exact) <= Double(rounded.ulp) { continue }
      Issue.record("pow(\(a[index]), \(b[index])) is \(output), exact \(exact)")
      return
    }
  }

  @Test("a sum too large for the cache is the same", arguments: KernelVariant.fast)
  func streaming(variant: KernelVariant) throws {
    let count = Int(TK_STREAM_BYTES) / 4 + 3
    let a = try GuardedArray(randomFloats(count, seed: 7))
    let y = try guardedZeros(count, of: Float.self)
    let add = try Self.arithmetic(variant.kernels.f32, TK_ADD)
    add(count, a.start, 1, a.start, 1, y.start)
    #expect(y.elements == a.elements.map { $0 + $0 })
    add(count, a.start, 1, [1 as Float], 0, a.start)
    #expect(a.elements == y.elements.map { $0 / 2 + 1 })
  }

  @Test("whole numbers wrap around and compare with their sign")
  func wholeNumbers() throws {
    let kernels = try KernelVariant.reference.kernels
    var y: [Int64] = [0, 0]
    try Self.arithmetic(kernels.i64, TK_ADD)(2, [.max, 1] as [Int64], 1, [1] as [Int64], 0, &y)
    #expect(y == [.min, 2])
    try Self.arithmetic(kernels.i64, TK_MULTIPLY)(
      2, [.max, -3] as [Int64], 1, [2, 5] as [Int64], 1, &y)
    #expect(y == [-2, -15])
    var small: [Int32] = [0, 0]
    try Self.arithmetic(kernels.i32, TK_SUBTRACT)(
      2, [.min] as [Int32], 0, [1, -1] as [Int32], 1, &small)
    #expect(small == [.max, .min + 1])
    try Self.arithmetic(kernels.i32, TK_MAXIMUM)(
      2, [-1, 4] as [Int32], 1, [3] as [Int32], 0, &small)
    #expect(small == [3, 4])
    var truth: [UInt8] = [9, 9]
    try Self.compare(kernels.i32, TK_LESS)(2, [-1, 4] as [Int32], 1, [3] as [Int32], 0, &truth)
    #expect(truth == [1, 0])
    var bytes: [UInt8] = [0, 0]
    try Self.arithmetic(kernels.u8, TK_MULTIPLY)(
      2, [16, 3] as [UInt8], 1, [17] as [UInt8], 0, &bytes)
    #expect(bytes == [16, 51])
  }
}
