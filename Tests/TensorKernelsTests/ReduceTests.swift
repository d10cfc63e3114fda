import TensorKernels
import Testing

@Suite struct ReduceTests {
  @Test(
    "sums, squares and dot products equal f64 sums at every size", arguments: KernelVariant.fast)
  func totals(variant: KernelVariant) throws {
    let reduce = try variant.kernels.reduce
    for size in KernelVariant.sizes {
      let x = try GuardedArray(randomFloats(size, seed: 1))
      let z = try GuardedArray(randomFloats(size, seed: 2))
      let xs = x.elements.map(Double.init)
      let zs = z.elements.map(Double.init)
      let tolerance = 1e-6 * Double(size + 1)
      #expect(abs(reduce.sum_f32(size, x.start) - xs.reduce(0, +)) <= tolerance)
      let squares = xs.reduce(0) { $0 + $1 * $1 }
      #expect(abs(reduce.sum_squares_f32(size, x.start) - squares) <= tolerance)
      let dot = zip(xs, zs).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(reduce.dot_f32(size, x.start, z.start) - dot) <= tolerance)
    }
  }

  @Test("a long sum does not drift", arguments: KernelVariant.fast)
  func longSum(variant: KernelVariant) throws {
    // One running f32 sum would stop growing near 2²⁴ · 0.1.
    let count = 1 << 22
    let x = [Float](repeating: 0.1, count: count)
    let sum = try variant.kernels.reduce.sum_f32(count, x)
    let exact = Double(Float(0.1)) * Double(count)
    #expect(abs(sum - exact) < exact * 1e-6)
  }

  @Test("NaN and infinity show in a sum", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    var x = randomFloats(53, seed: 4)
    x[50] = .infinity
    let reduce = try variant.kernels.reduce
    #expect(reduce.sum_f32(53, x) == .infinity)
    x[3] = -.infinity
    #expect(reduce.sum_f32(53, x).isNaN)
  }

  @Test("column sums equal the reference", arguments: KernelVariant.fast)
  func sumRows(variant: KernelVariant) throws {
    for (rows, columns) in [(0, 5), (1, 1), (4, 0), (7, 3), (9, 16), (5, 37)] {
      let x = try GuardedArray(randomFloats(rows * columns, seed: 6))
      let y = try GuardedArray([Float](repeating: 5, count: columns))
      let expected = try GuardedArray([Float](repeating: 6, count: columns))
      try variant.kernels.reduce.sum_rows_f32(rows, columns, x.start, y.start)
      try KernelVariant.reference.kernels.reduce.sum_rows_f32(
        rows, columns, x.start, expected.start)
      expectClose(y.elements, expected.elements, absolute: 1e-5, "\(rows)x\(columns)")
    }
  }

  @Test("argmax finds the first of equals, the first NaN, and -∞", arguments: KernelVariant.fast)
  func argmax(variant: KernelVariant) throws {
    let cases: [([Float], Int64)] = [
      ([5], 0), ([1, 3, 3, 2], 1), ([-.infinity, -.infinity], 0), ([1, .nan, 9, .nan], 1),
      ([.nan, 1], 0), ([0, -0.0], 0), ([-3, -2, .infinity], 2),
    ]
    for (row, expected) in cases {
      let x = try GuardedArray(row)
      let y = try GuardedArray([Int64](repeating: -1, count: 1))
      try variant.kernels.reduce.argmax_rows_f32(1, row.count, x.start, y.start)
      #expect(y.elements == [expected], "argmax of \(row)")
    }
    for size in KernelVariant.sizes where size > 0 {
      let x = try GuardedArray(hostileFloats(2 * size, seed: 9) + randomFloats(size, seed: 10))
      let y = try GuardedArray([Int64](repeating: -1, count: 3))
      let reference = try GuardedArray([Int64](repeating: -2, count: 3))
      try variant.kernels.reduce.argmax_rows_f32(3, size, x.start, y.start)
      try KernelVariant.reference.kernels.reduce.argmax_rows_f32(3, size, x.start, reference.start)
      #expect(y.elements == reference.elements, "argmax of 3 x \(size)")
    }
  }
}
