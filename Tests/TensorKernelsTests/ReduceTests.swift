import TensorKernels
import Testing

@Suite struct ReduceTests {
  typealias Table = UnsafePointer<tk_element_kernels>

  /// `[outer, n, inner]`: rows, columns and middle axes, around every vector and block.
  static let shapes: [(outer: Int, n: Int, inner: Int)] =
    KernelVariant.sizes.filter { $0 > 0 }.map { (3, $0, 1) }
    + KernelVariant.sizes.filter { $0 > 0 }.map { (1, 9, $0) }
    + [(0, 4, 3), (2, 4, 0), (2, 1, 5), (3, 8, 17), (2, 16, 33), (2, 19, 1025), (1, 9000, 1)]

  static func run(
    _ table: Table, _ op: Int, _ shape: (outer: Int, n: Int, inner: Int), _ x: [Float]
  ) throws -> [Float] {
    let x = try GuardedArray(x)
    let y = try GuardedArray([Float](repeating: 5, count: shape.outer * shape.inner))
    let kernel = try #require(tk_reduce_of(table, Int32(op)))
    kernel(shape.outer, shape.n, shape.inner, x.start, y.start)
    return y.elements
  }

  static func positions(
    _ table: Table, _ op: Int, _ shape: (outer: Int, n: Int, inner: Int), _ x: [Float]
  ) throws -> [Int64] {
    let x = try GuardedArray(x)
    let y = try GuardedArray([Int64](repeating: -1, count: shape.outer * shape.inner))
    let kernel = try #require(tk_position_of(table, Int32(op)))
    kernel(shape.outer, shape.n, shape.inner, x.start, y.start)
    return y.elements
  }

  @Test("every reduction of every axis equals the reference", arguments: KernelVariant.fast)
  func equalsReference(variant: KernelVariant) throws {
    for shape in Self.shapes {
      let x = randomFloats(shape.outer * shape.n * shape.inner, seed: 1)
      for op in 0..<Int(TK_REDUCE_COUNT) {
        let actual = try Self.run(variant.kernels.f32, op, shape, x)
        let expected = try Self.run(KernelVariant.reference.kernels.f32, op, shape, x)
        // A sum is off by what its summands are rounded by, also where they cancel.
        let absolute = op == TK_MAX || op == TK_MIN ? 0 : 3e-7 * Float(shape.n).squareRoot()
        expectClose(actual, expected, relative: 1e-6, absolute: absolute, "\(op) of \(shape)")
      }
    }
  }

  @Test("extremes, their positions and logsumexp of hostile numbers", arguments: KernelVariant.fast)
  func hostile(variant: KernelVariant) throws {
    let reference = try KernelVariant.reference.kernels.f32
    for shape in Self.shapes {
      let count = shape.outer * shape.n * shape.inner
      // Whole numbers, so that there are equals; few hostile ones, so that others win too.
      var few = randomFloats(count, seed: 3).map { ($0 * 4).rounded() }
      for (index, special) in hostileFloats(count, seed: 4).enumerated() where index % 97 == 1 {
        few[index] = special
      }
      for x in [hostileFloats(count, seed: 5), few] {
        for op in [TK_MAX, TK_MIN, TK_LOGSUMEXP] {
          let actual = try Self.run(variant.kernels.f32, op, shape, x)
          let expected = try Self.run(reference, op, shape, x)
          expectClose(actual, expected, relative: 1e-6, absolute: 1e-6, "\(op) of \(shape)")
        }
        for op in [TK_ARGMAX, TK_ARGMIN] {
          let actual = try Self.positions(variant.kernels.f32, op, shape, x)
          let expected = try Self.positions(reference, op, shape, x)
          #expect(actual == expected, "position \(op) of \(shape)")
        }
      }
    }
  }

  @Test(
    "positions: the first of equals, the first NaN, -∞",
    arguments: KernelVariant.fast + [.reference])
  func positions(variant: KernelVariant) throws {
    let cases: [(row: [Float], largest: Int64, smallest: Int64)] = [
      ([5], 0, 0), ([1, 3, 3, 2, 1], 1, 0), ([-.infinity, -.infinity], 0, 0),
      ([1, .nan, 9, .nan], 1, 1), ([.nan, 1], 0, 0), ([0, -0.0], 0, 0),
      ([-3, -2, .infinity], 2, 0),
    ]
    for (row, largest, smallest) in cases {
      for shape in [(1, row.count, 1), (1, row.count, 3)] {
        let x = row.flatMap { [Float](repeating: $0, count: shape.2) }
        let table = try variant.kernels.f32
        let most = try Self.positions(table, TK_ARGMAX, shape, x)
        let least = try Self.positions(table, TK_ARGMIN, shape, x)
        #expect(most == [Int64](repeating: largest, count: shape.2), "argmax of \(row)")
        #expect(least == [Int64](repeating: smallest, count: shape.2), "argmin of \(row)")
      }
    }
  }

  @Test("the largest stands in any block of a long row", arguments: KernelVariant.fast)
  func longRow(variant: KernelVariant) throws {
    var x = [Float](repeating: 1, count: 50_001)
    for at in [50_000, 20_000, 4096, 4095, 0] {
      x[at] = 2
      let found = try Self.positions(variant.kernels.f32, TK_ARGMAX, (1, x.count, 1), x)
      #expect(found == [Int64(at)])
    }
  }

  @Test("logsumexp of infinities, and of nothing", arguments: KernelVariant.fast + [.reference])
  func logsumexp(variant: KernelVariant) throws {
    let cases: [(row: [Float], expected: Float)] = [
      ([], -.infinity), ([-.infinity, -.infinity], -.infinity),
      ([1, .infinity, -.infinity], .infinity),
      ([.infinity, .nan], .nan), ([-.infinity, .nan], .nan), ([-.infinity, 3], 3),
      ([1000, 1000], 1000.6931),
    ]
    for (row, expected) in cases {
      for inner in [1, 3] {
        let x = row.flatMap { [Float](repeating: $0, count: inner) }
        let y = try Self.run(
          variant.kernels.f32, TK_LOGSUMEXP, (1, row.count, inner), x)
        expectClose(y, [Float](repeating: expected, count: inner), relative: 1e-7, "of \(row)")
      }
    }
  }

  @Test("sums and variances of nothing are 0", arguments: KernelVariant.fast + [.reference])
  func empty(variant: KernelVariant) throws {
    for op in [TK_SUM, TK_SUM_SQUARES, TK_VARIANCE] {
      #expect(try Self.run(variant.kernels.f32, op, (2, 0, 1), []) == [0, 0])
      #expect(try Self.run(variant.kernels.f32, op, (1, 0, 3), []) == [0, 0, 0])
    }
  }

  @Test("variance does not suffer from a large mean", arguments: KernelVariant.fast + [.reference])
  func variance(variant: KernelVariant) throws {
    // 4,096 ± 0.25: sums of squares near 10^10 would leave nothing of it in f32.
    for inner in [1, 5] {
      let x = (0..<1000 * inner).map { 4096 + ($0 / inner % 2 == 0 ? 0.25 : -0.25) as Float }
      let y = try Self.run(variant.kernels.f32, TK_VARIANCE, (1, 1000, inner), x)
      expectClose(y, [Float](repeating: 62.5, count: inner), relative: 1e-6, "variance")
      let equal = [Float](repeating: 1000.1, count: 777 * inner)
      let zero = try Self.run(variant.kernels.f32, TK_VARIANCE, (1, 777, inner), equal)
      // One ULP of 1,000 squared, 777 times, would be 3e-6.
      expectClose(zero, [Float](repeating: 0, count: inner), absolute: 1e-8, "of equals")
    }
  }
}
