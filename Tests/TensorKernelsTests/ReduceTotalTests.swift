import TensorKernels
import Testing

@Suite struct ReduceTotalTests {
  @Test(
    "sums, squares and dot products equal f64 sums at every size",
    arguments: KernelVariant.fast + [.reference])
  func totals(variant: KernelVariant) throws {
    let reduce = try variant.kernels.f32.pointee.reduce
    for size in KernelVariant.sizes + [8192, 8193] {
      let x = try GuardedArray(randomFloats(size, seed: 1))
      let z = try GuardedArray(randomFloats(size, seed: 2))
      let xs = x.elements.map(Double.init)
      let zs = z.elements.map(Double.init)
      // A summand is rounded with each of the 32 that a lane takes before f64 does.
      func expectSum(of terms: [Double], _ sum: Double?, _ what: String) throws {
        let error = try #require(sum) - terms.reduce(0, +)
        #expect(abs(error) <= 3e-7 * terms.reduce(0) { $0 + abs($1) }, "\(what) of \(size)")
      }
      try expectSum(of: xs, reduce.sum?(size, x.start), "sum")
      try expectSum(of: xs.map { $0 * $0 }, reduce.sum_squares?(size, x.start), "squares")
      try expectSum(of: zip(xs, zs).map { $0 * $1 }, reduce.dot?(size, x.start, z.start), "dot")
    }
  }

  @Test("a long sum does not drift, along a row and down a column", arguments: KernelVariant.fast)
  func longSum(variant: KernelVariant) throws {
    // One running f32 sum would stop growing near 2²⁴ · 0.1.
    let count = 1 << 22
    let x = [Float](repeating: 0.1, count: count)
    let exact = Double(Float(0.1)) * Double(count)
    let table = try variant.kernels.f32
    let sum = try #require(table.pointee.reduce.sum?(count, x))
    #expect(abs(sum - exact) < exact * 1e-6)
    let columns = try ReduceTests.run(table, TK_SUM, (1, count / 2, 2), x)
    expectClose(columns, [Float(exact / 2), Float(exact / 2)], relative: 1e-6, "columns")
  }

  @Test("NaN and infinity show in a sum", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    var x = randomFloats(53, seed: 4)
    x[50] = .infinity
    let reduce = try variant.kernels.f32.pointee.reduce
    #expect(reduce.sum?(53, x) == .infinity)
    x[3] = -.infinity
    #expect(reduce.sum?(53, x).isNaN == true)
  }

  /// Every reduction by plain loops over Swift numbers.
  static func expectReductions<T: FixedWidthInteger>(
    of x: [T], table: UnsafePointer<tk_element_kernels>, name: String
  ) throws {
    for (outer, n, inner) in [(2, 3, 1), (1, 20, 1), (1, 4, 3), (2, 2, 5), (1, 1, 20)] {
      let shape = "\(name) [\(outer), \(n), \(inner)]"
      func slice(_ result: Int) -> [T] {
        (0..<n).map { x[result / inner * n * inner + $0 * inner + result % inner] }
      }
      var y = [T](repeating: 99, count: outer * inner)
      for (op, expected) in [
        (TK_SUM, { $0.reduce(0, &+) }), (TK_MAX, { $0.max() ?? 0 }), (TK_MIN, { $0.min() ?? 0 }),
      ] as [(Int, ([T]) -> T)] {
        let kernel = try #require(tk_reduce_of(table, Int32(op)))
        kernel(outer, n, inner, x, &y)
        #expect(y == y.indices.map { expected(slice($0)) }, "\(op) of \(shape)")
      }
      var at = [Int64](repeating: -1, count: outer * inner)
      let argmax = try #require(tk_position_of(table, Int32(TK_ARGMAX)))
      argmax(outer, n, inner, x, &at)
      #expect(
        at == at.indices.map { i in Int64(slice(i).firstIndex(of: slice(i).max() ?? 0) ?? -1) },
        "argmax of \(shape)")
      let argmin = try #require(tk_position_of(table, Int32(TK_ARGMIN)))
      argmin(outer, n, inner, x, &at)
      #expect(
        at == at.indices.map { i in Int64(slice(i).firstIndex(of: slice(i).min() ?? 0) ?? -1) },
        "argmin of \(shape)")
    }
    #expect(tk_reduce_of(table, Int32(TK_VARIANCE)) == nil)
  }

  @Test("whole numbers: sums wrap around, extremes respect the sign")
  func wholeNumbers() throws {
    let kernels = try KernelVariant.reference.kernels
    let small: [Int64] = [3, -1, 4, -1, 5, -9, 2, 6, -5, 3, 5, -8, 9, 7, -9, 3, 2, 3, 8, -4]
    try Self.expectReductions(
      of: small.map { Int32($0) &* 500_000_000 }, table: kernels.i32, name: "i32")
    try Self.expectReductions(of: small.map { $0 &* (.max / 3) }, table: kernels.i64, name: "i64")
    try Self.expectReductions(
      of: small.map { UInt8(truncatingIfNeeded: $0 &* 40) }, table: kernels.u8, name: "u8")
  }

  @Test("f64 reductions, by hand")
  func doubles() throws {
    let table = try KernelVariant.reference.kernels.f64
    // [2, 3, 2]: the middle axis of each of four.
    let x: [Double] = [1, 4, 2, -3, 6, 0.5, 7, .nan, 1, 2, 1, 3]
    func run(_ op: Int) throws -> [Double] {
      var y = [Double](repeating: 9, count: 4)
      let kernel = try #require(tk_reduce_of(table, Int32(op)))
      kernel(2, 3, 2, x, &y)
      return y
    }
    #expect(try Array(run(TK_SUM)[..<3]) == [9, 1.5, 9])
    #expect(try Array(run(Int(TK_SUM_SQUARES))[..<3]) == [41, 25.25, 51])
    #expect(try Array(run(TK_MAX)[..<3]) == [6, 4, 7])
    #expect(try Array(run(TK_MIN)[..<3]) == [1, -3, 1])
    #expect(try Array(run(TK_VARIANCE)[..<3]) == [14, 24.5, 24])
    for op in 0..<Int(TK_REDUCE_COUNT) {
      let y = try run(op)
      #expect(y[3].isNaN, "reduction \(op)")
    }
    // log(e + e² + e⁶) and its like, by Python's math.log and math.exp.
    let sums = try run(TK_LOGSUMEXP)
    #expect(abs(sums[0] - 6.024_744_890_138_822) < 1e-12)
    var at = [Int64](repeating: -1, count: 4)
    let argmax = try #require(tk_position_of(table, Int32(TK_ARGMAX)))
    argmax(2, 3, 2, x, &at)
    #expect(at == [2, 0, 0, 0])
    let argmin = try #require(tk_position_of(table, Int32(TK_ARGMIN)))
    argmin(2, 3, 2, x, &at)
    #expect(at == [0, 1, 1, 0])
    #expect(table.pointee.reduce.sum?(3, x) == 7)
    #expect(table.pointee.reduce.sum_squares?(3, x) == 21)
    #expect(table.pointee.reduce.dot?(3, x, x + [0]) == 21)
  }
}
