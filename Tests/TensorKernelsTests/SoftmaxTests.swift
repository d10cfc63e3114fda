import TensorKernels
import Testing

@Suite struct SoftmaxTests {
  static let shapes = [
    (0, 4), (3, 0), (1, 1), (4, 3), (2, 7), (3, 16), (5, 17), (2, 64), (3, 100), (2, 1025),
  ]

  @Test("softmax and log-softmax equal the f64 reference", arguments: KernelVariant.fast)
  func forward(variant: KernelVariant) throws {
    for (rows, columns) in Self.shapes {
      let count = rows * columns
      let x = try GuardedArray(randomFloats(count, seed: 1, range: 30))
      let y = try GuardedArray([Float](repeating: 5, count: count))
      let expected = try GuardedArray([Float](repeating: 6, count: count))
      try variant.kernels.softmax.softmax_f32(rows, columns, x.start, y.start)
      try KernelVariant.reference.kernels.softmax.softmax_f32(
        rows, columns, x.start, expected.start)
      // x - max is rounded to f32: at 60 that alone is 1.9e-6 of the exponential.
      expectClose(y.elements, expected.elements, relative: 5e-6, absolute: 1e-37, "softmax")
      try variant.kernels.softmax.log_softmax_f32(rows, columns, x.start, y.start)
      try KernelVariant.reference.kernels.softmax.log_softmax_f32(
        rows, columns, x.start, expected.start)
      expectClose(y.elements, expected.elements, relative: 1e-6, absolute: 1e-6, "log-softmax")
      // In place gives the same.
      let kept = y.elements
      try variant.kernels.softmax.log_softmax_f32(rows, columns, x.start, x.start)
      expectClose(x.elements, kept, "log-softmax in place")
    }
  }

  @Test("large numbers do not overflow", arguments: KernelVariant.fast)
  func large(variant: KernelVariant) throws {
    let x: [Float] = [1000, 1001, -1000, 3e38]
    var y = [Float](repeating: 0, count: 4)
    try variant.kernels.softmax.softmax_f32(1, 4, x, &y)
    #expect(y == [0, 0, 0, 1])
    try variant.kernels.softmax.softmax_f32(2, 2, x, &y)
    expectClose(Array(y[0..<2]), [0.268_941_42, 0.731_058_6], relative: 1e-6, "pair")
  }

  @Test("a hostile row becomes NaN, its neighbours do not", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    let columns = 19
    var x = [Float](repeating: 1, count: 5 * columns)
    x[1 * columns + 18] = .nan
    x[2 * columns + 0] = .infinity
    for c in 0..<columns { x[3 * columns + c] = -.infinity }
    x[4 * columns + 5] = -.infinity
    for log in [false, true] {
      let softmax = try variant.kernels.softmax
      let kernel = log ? softmax.log_softmax_f32 : softmax.softmax_f32
      let y = try GuardedArray([Float](repeating: 0, count: x.count))
      kernel(5, columns, x, y.start)
      for r in 0..<5 {
        let row = y.elements[r * columns..<(r + 1) * columns]
        #expect(row.allSatisfy { $0.isNaN } == (1...3).contains(r), "row \(r), log: \(log)")
        if r == 4 { #expect(row[4 * columns + 5] == (log ? -.infinity : 0)) }
      }
    }
  }

  @Test("both gradients equal the f64 reference", arguments: KernelVariant.fast)
  func backward(variant: KernelVariant) throws {
    for (rows, columns) in Self.shapes {
      let count = rows * columns
      let x = try GuardedArray(randomFloats(count, seed: 3))
      let dy = try GuardedArray(randomFloats(count, seed: 4))
      let y = try GuardedArray([Float](repeating: 0, count: count))
      let dx = try GuardedArray([Float](repeating: 5, count: count))
      let expected = try GuardedArray([Float](repeating: 6, count: count))
      let (fast, slow) = (try variant.kernels.softmax, try KernelVariant.reference.kernels.softmax)
      slow.softmax_f32(rows, columns, x.start, y.start)
      fast.softmax_backward_f32(rows, columns, y.start, dy.start, dx.start)
      slow.softmax_backward_f32(rows, columns, y.start, dy.start, expected.start)
      expectClose(dx.elements, expected.elements, relative: 1e-5, absolute: 1e-6, "softmax")
      slow.log_softmax_f32(rows, columns, x.start, y.start)
      fast.log_softmax_backward_f32(rows, columns, y.start, dy.start, dx.start)
      slow.log_softmax_backward_f32(rows, columns, y.start, dy.start, expected.start)
      expectClose(dx.elements, expected.elements, relative: 1e-5, absolute: 1e-5, "log-softmax")
    }
  }
}
