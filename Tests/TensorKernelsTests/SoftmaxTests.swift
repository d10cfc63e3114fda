import TensorKernels
import Testing

@Suite struct SoftmaxTests {
  /// Rows beyond those that pass together, columns around vectors and blocks.
  static let shapes = [
    (0, 4), (3, 0), (1, 1), (4, 3), (21, 7), (20, 10), (3, 16), (13, 17), (2, 64), (3, 100),
    (2, 1025), (1, 9001),
  ]

  @Test("softmax and log-softmax equal the f64 reference", arguments: KernelVariant.fast)
  func forward(variant: KernelVariant) throws {
    let fast = try variant.kernels.f32.pointee.softmax
    let slow = try KernelVariant.reference.kernels.f32.pointee.softmax
    for (rows, columns) in Self.shapes {
      let count = rows * columns
      let x = try GuardedArray(randomFloats(count, seed: 1, range: 30))
      let y = try GuardedArray([Float](repeating: 5, count: count))
      let expected = try GuardedArray([Float](repeating: 6, count: count))
      fast.softmax?(rows, columns, x.start, y.start)
      slow.softmax?(rows, columns, x.start, expected.start)
      // x - max is rounded to f32: at 60 that alone is 1.9e-6 of the exponential.
      expectClose(y.elements, expected.elements, relative: 5e-6, absolute: 1e-37, "softmax")
      fast.log_softmax?(rows, columns, x.start, y.start)
      slow.log_softmax?(rows, columns, x.start, expected.start)
      expectClose(y.elements, expected.elements, relative: 1e-6, absolute: 1e-6, "log-softmax")
      // In place gives the same.
      let kept = y.elements
      let again = try GuardedArray(x.elements)
      fast.log_softmax?(rows, columns, again.start, again.start)
      expectClose(again.elements, kept, "log-softmax in place")
      fast.softmax?(rows, columns, x.start, y.start)
      fast.softmax?(rows, columns, x.start, x.start)
      expectClose(x.elements, y.elements, "softmax in place")
    }
  }

  @Test("large numbers do not overflow", arguments: KernelVariant.fast)
  func large(variant: KernelVariant) throws {
    let softmax = try variant.kernels.f32.pointee.softmax
    let x: [Float] = [1000, 1001, -1000, 3e38]
    var y = [Float](repeating: 0, count: 4)
    softmax.softmax?(1, 4, x, &y)
    #expect(y == [0, 0, 0, 1])
    softmax.softmax?(2, 2, x, &y)
    expectClose(Array(y[0..<2]), [0.268_941_42, 0.731_058_6], relative: 1e-6, "pair")
    softmax.log_softmax?(1, 2, [0, 500] as [Float], &y)
    #expect(Array(y[0..<2]) == [-500, 0])
  }

  @Test("a probability may be subnormal", arguments: KernelVariant.fast)
  func subnormal(variant: KernelVariant) throws {
    var y = [Float](repeating: 0, count: 2)
    try variant.kernels.f32.pointee.softmax.softmax?(1, 2, [0, -90] as [Float], &y)
    // e⁻⁹⁰ by Python's math.exp; a subnormal has few digits.
    #expect(y[0] == 1 && abs(Double(y[1]) - 8.194_012_624e-40) < 3e-45)
  }

  @Test("a hostile row becomes NaN, its neighbours do not", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    for columns in [6, 19, 100] {
      var x = [Float](repeating: 1, count: 5 * columns)
      x[2 * columns - 1] = .nan
      x[2 * columns] = .infinity
      for c in 0..<columns { x[3 * columns + c] = -.infinity }
      x[4 * columns + 5] = -.infinity
      let softmax = try variant.kernels.f32.pointee.softmax
      for log in [false, true] {
        let y = try GuardedArray([Float](repeating: 0, count: x.count))
        (log ? softmax.log_softmax : softmax.softmax)?(5, columns, x, y.start)
        for r in 0..<5 {
          let row = y.elements[r * columns..<(r + 1) * columns]
          #expect(row.allSatisfy { $0.isNaN } == (1...3).contains(r), "row \(r), log: \(log)")
          if r == 4 { #expect(row[4 * columns + 5] == (log ? -.infinity : 0)) }
        }
      }
    }
  }

  @Test("both gradients equal the f64 reference, also in place", arguments: KernelVariant.fast)
  func backward(variant: KernelVariant) throws {
    let fast = try variant.kernels.f32.pointee.softmax
    let slow = try KernelVariant.reference.kernels.f32.pointee.softmax
    for (rows, columns) in Self.shapes {
      let count = rows * columns
      let x = try GuardedArray(randomFloats(count, seed: 3))
      let y = try GuardedArray([Float](repeating: 0, count: count))
      let expected = try GuardedArray([Float](repeating: 6, count: count))
      let gradient = randomFloats(count, seed: 4)
      // dx begins as dy.
      var dx = try GuardedArray(gradient)
      slow.softmax?(rows, columns, x.start, y.start)
      fast.softmax_backward?(rows, columns, y.start, dx.start, dx.start)
      slow.softmax_backward?(rows, columns, y.start, gradient, expected.start)
      expectClose(dx.elements, expected.elements, relative: 1e-5, absolute: 1e-6, "softmax")
      dx = try GuardedArray(gradient)
      slow.log_softmax?(rows, columns, x.start, y.start)
      fast.log_softmax_backward?(rows, columns, y.start, dx.start, dx.start)
      slow.log_softmax_backward?(rows, columns, y.start, gradient, expected.start)
      expectClose(dx.elements, expected.elements, relative: 1e-5, absolute: 1e-5, "log-softmax")
    }
  }

  @Test("pooling weighs log-probabilities and normalises", arguments: KernelVariant.fast)
  func logPool(variant: KernelVariant) throws {
    let fast = try variant.kernels.f32.pointee.softmax
    let slow = try KernelVariant.reference.kernels.f32.pointee.softmax
    for (rows, columns) in Self.shapes {
      let count = rows * columns
      let x = try GuardedArray(randomFloats(3 * count, seed: 5, range: 8))
      let weights: [Float] = [0.5, 1.5, -0.25]
      let y = try GuardedArray([Float](repeating: 5, count: count))
      let expected = try GuardedArray([Float](repeating: 6, count: count))
      fast.log_pool?(3, rows, columns, x.start, weights, y.start)
      slow.log_pool?(3, rows, columns, x.start, weights, expected.start)
      expectClose(y.elements, expected.elements, relative: 1e-6, absolute: 2e-6, "pooled")
    }
  }

  @Test(
    "a member of weight 0 is left out of the pool, whatever it says",
    arguments: KernelVariant.fast + [.reference])
  func leftOut(variant: KernelVariant) throws {
    let x: [Float] = [-0.5, -1, -.infinity, .nan]
    var y = [Float](repeating: 9, count: 2)
    let softmax = try variant.kernels.f32.pointee.softmax
    softmax.log_pool?(2, 1, 2, x, [1, 0] as [Float], &y)
    var expected = [Float](repeating: 8, count: 2)
    softmax.log_softmax?(1, 2, x, &expected)
    expectClose(y, expected, absolute: 1e-7, "pool of one")
    softmax.log_pool?(2, 1, 2, x, [0, 0] as [Float], &y)
    expectClose(y, [-0.693_147_2, -0.693_147_2], absolute: 1e-7, "pool of none")
  }

  @Test("f64 softmax, by hand")
  func doubles() throws {
    let softmax = try KernelVariant.reference.kernels.f64.pointee.softmax
    var y = [Double](repeating: 9, count: 2)
    softmax.softmax?(1, 2, [0, 1] as [Double], &y)
    // 1 / (1 + e) by Python.
    #expect(abs(y[0] - 0.268_941_421_369_995_1) < 1e-15 && abs(y[0] + y[1] - 1) < 1e-15)
    softmax.log_softmax?(1, 2, [0, 1] as [Double], &y)
    #expect(abs(y[0] + 1.313_261_687_518_222_8) < 1e-15)
    #expect(abs(y[1] + 0.313_261_687_518_222_8) < 1e-15)
    // y (dy - dy · y)
    softmax.softmax_backward?(1, 2, [0.25, 0.75] as [Double], [4, 8] as [Double], &y)
    #expect(y == [-0.75, 0.75])
  }
}
