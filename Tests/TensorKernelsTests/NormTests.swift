import Glibc
import TensorKernels
import Testing

@Suite struct NormTests {
  static let shapes = [
    (0, 4), (1, 1), (5, 3), (9, 16), (4, 17), (7, 64), (3, 100), (2, 769), (1, 9001),
  ]

  /// Row numbers, columns, and which of scale and shift there are.
  static let cases = shapes.flatMap { shape in
    [(true, true), (true, false), (false, true), (false, false)].map { (shape, $0) }
  }

  struct Forward {
    let y: [Float]
    let mean: [Float]
    let inverse: [Float]
  }

  /// Layer norm, or RMS norm, of x; in place.
  static func forward(
    _ kernels: tk_kernels, centred: Bool, _ shape: (rows: Int, columns: Int), _ values: [Float],
    scale: [Float]?, shift: [Float]?
  ) throws -> Forward {
    let norm = kernels.f32.pointee.norm
    let x = try GuardedArray(values)
    let scale = try scale.map { try GuardedArray($0) }
    let shift = try shift.map { try GuardedArray($0) }
    let mean = try GuardedArray([Float](repeating: 0, count: shape.rows))
    let inverse = try GuardedArray([Float](repeating: 0, count: shape.rows))
    if centred {
      norm.layer_norm?(
        shape.rows, shape.columns, 1e-5, x.start, scale?.start, shift?.start, x.start, mean.start,
        inverse.start)
    } else {
      norm.rms_norm?(
        shape.rows, shape.columns, 1e-5, x.start, scale?.start, x.start, inverse.start)
    }
    return Forward(y: x.elements, mean: mean.elements, inverse: inverse.elements)
  }

  @Test(
    "both norms equal the reference, with scale and shift or without, in place",
    arguments: KernelVariant.fast)
  func equalsReference(variant: KernelVariant) throws {
    for (shape, (hasScale, hasShift)) in Self.cases {
      let x = randomFloats(shape.0 * shape.1, seed: 1)
      let scale = hasScale ? randomFloats(shape.1, seed: 2) : nil
      let shift = hasShift ? randomFloats(shape.1, seed: 3) : nil
      for centred in [true, false] {
        let fast = try Self.forward(
          variant.kernels, centred: centred, shape, x, scale: scale, shift: shift)
        let slow = try Self.forward(
          KernelVariant.reference.kernels, centred: centred, shape, x, scale: scale, shift: shift)
        expectClose(fast.y, slow.y, relative: 1e-6, absolute: 2e-6, "norm of \(shape)")
        expectClose(fast.mean, slow.mean, relative: 1e-6, absolute: 1e-7, "mean of \(shape)")
        expectClose(fast.inverse, slow.inverse, relative: 1e-6, "inverse of \(shape)")
      }
    }
  }

  @Test("both gradients equal the reference and are added to", arguments: KernelVariant.fast)
  func backward(variant: KernelVariant) throws {
    for (shape, (hasScale, wantsScale)) in Self.cases where shape.1 > 1 {
      let (rows, columns) = shape
      let x = try GuardedArray(randomFloats(rows * columns, seed: 1))
      let scale = hasScale ? try GuardedArray(randomFloats(columns, seed: 2)) : nil
      let mean = try GuardedArray(randomFloats(rows, seed: 3))
      let inverse = try GuardedArray(randomFloats(rows, seed: 4))
      let gradient = randomFloats(rows * columns, seed: 5)
      var results: [[[Float]]] = []
      for kernels in [try variant.kernels, try KernelVariant.reference.kernels] {
        let norm = kernels.f32.pointee.norm
        // dx begins as dy.
        let layer = try GuardedArray(gradient)
        let rms = try GuardedArray(gradient)
        let sums = try (0..<3).map { _ in
          try GuardedArray([Float](repeating: 10, count: columns))
        }
        norm.layer_norm_backward?(
          rows, columns, x.start, scale?.start, mean.start, inverse.start, layer.start,
          layer.start, wantsScale ? sums[0].start : nil, sums[1].start)
        norm.rms_norm_backward?(
          rows, columns, x.start, scale?.start, inverse.start, rms.start, rms.start,
          wantsScale ? sums[2].start : nil)
        results.append([layer.elements, rms.elements] + sums.map(\.elements))
      }
      for (index, (fast, slow)) in zip(results[0], results[1]).enumerated() {
        expectClose(fast, slow, relative: 1e-5, absolute: 2e-5, "\(index) of \(shape)")
      }
    }
  }

  @Test("sums of columns need no dx", arguments: KernelVariant.fast + [.reference])
  func sumsAlone(variant: KernelVariant) throws {
    var dscale: [Float] = [1, 0]
    var dshift: [Float] = [0, 1]
    let dy: [Float] = [1, 2, 3, 4]
    try variant.kernels.f32.pointee.norm.layer_norm_backward?(
      2, 2, [1, 5, 2, 6] as [Float], nil, [3, 4] as [Float], [0.5, 0.5] as [Float], dy, nil,
      &dscale, &dshift)
    #expect(dscale == [1 - 1 - 3, 2 + 4])
    #expect(dshift == [4, 7])
  }

  @Test("equal numbers become the shift, however large they are", arguments: KernelVariant.fast)
  func equalNumbers(variant: KernelVariant) throws {
    for columns in [3, 100, 768] {
      let x = [Float](repeating: 1000.1, count: columns)
      let shift = randomFloats(columns, seed: 6)
      let result = try Self.forward(
        variant.kernels, centred: true, (1, columns), x, scale: nil, shift: shift)
      expectClose(result.y, shift, absolute: 1e-6, "\(columns) equals")
      expectClose(result.inverse, [316.2278], relative: 1e-5, "inverse")
    }
  }

  @Test("NaN and infinity stay in their row", arguments: KernelVariant.fast)
  func nonFinite(variant: KernelVariant) throws {
    var x = randomFloats(3 * 37, seed: 7)
    x[36] = .nan
    x[37] = .infinity
    let result = try Self.forward(
      variant.kernels, centred: true, (3, 37), x, scale: nil, shift: nil)
    #expect(result.y[..<74].allSatisfy { $0.isNaN })
    #expect(result.y[74...].allSatisfy { $0.isFinite })
  }

  /// Aligned memory of its own, which rows are written past the caches to.
  final class AlignedFloats {
    let start: UnsafeMutablePointer<Float>
    private let raw: UnsafeMutableRawPointer

    init(count: Int) {
      raw = .allocate(byteCount: count * MemoryLayout<Float>.size, alignment: 64)
      start = raw.bindMemory(to: Float.self, capacity: count)
    }

    deinit { raw.deallocate() }
  }

  @Test(
    "results too large for the caches are those of blocks of rows", arguments: KernelVariant.fast)
  func streamed(variant: KernelVariant) throws {
    let norm = try variant.kernels.f32.pointee.norm
    let (rows, columns, block) = (4160, 1024, 104)
    let count = rows * columns
    let x = randomFloats(count, seed: 11)
    let dy = randomFloats(count, seed: 12)
    let scale = randomFloats(columns, seed: 13)
    // All rows at once, then in blocks.
    let results = [rows, block].map { together in
      let y = AlignedFloats(count: count)
      let dx = AlignedFloats(count: count)
      var dscale = [Float](repeating: 0, count: columns)
      var mean = [Float](repeating: 0, count: together)
      var inverse = mean
      for first in stride(from: 0, to: rows, by: together) {
        let range = first * columns..<(first + together) * columns
        let rowsOfX = Array(x[range])
        norm.layer_norm?(
          together, columns, 1e-5, rowsOfX, scale, nil, y.start + range.lowerBound, &mean, &inverse)
        norm.layer_norm_backward?(
          together, columns, rowsOfX, scale, mean, inverse, Array(dy[range]),
          dx.start + range.lowerBound, &dscale, nil)
      }
      return (y, dx, dscale)
    }
    let bytes = count * MemoryLayout<Float>.size
    #expect(memcmp(results[0].0.start, results[1].0.start, bytes) == 0)
    #expect(memcmp(results[0].1.start, results[1].1.start, bytes) == 0)
    #expect(results[0].2 == results[1].2)
  }

  @Test("f64 norms, by hand")
  func doubles() throws {
    let norm = try KernelVariant.reference.kernels.f64.pointee.norm
    var y = [Double](repeating: 9, count: 2)
    var mean = [9.0]
    var inverse = [9.0]
    norm.layer_norm?(
      1, 2, 0, [1, 5] as [Double], [2, 3] as [Double], [10, 20] as [Double], &y, &mean, &inverse)
    #expect(y == [8, 23] && mean == [3] && inverse == [0.5])
    norm.rms_norm?(1, 2, 0, [1, -1] as [Double], [2, 3] as [Double], &y, &inverse)
    #expect(y == [2, -3] && inverse == [1])
  }

  /// Which also checks the reference, that the SIMD kernels are compared with.
  @Test("f64 gradients equal central differences", arguments: [true, false])
  func differences(centred: Bool) throws {
    let norm = try KernelVariant.reference.kernels.f64.pointee.norm
    let (rows, columns) = (2, 5)
    let x = randomFloats(rows * columns, seed: 8).map(Double.init)
    let dy = randomFloats(rows * columns, seed: 9).map(Double.init)
    let scale = randomFloats(columns, seed: 10).map(Double.init)
    var mean = [Double](repeating: 0, count: rows)
    var inverse = [Double](repeating: 0, count: rows)
    func loss(_ x: [Double], _ scale: [Double]) -> Double {
      var y = [Double](repeating: 0, count: x.count)
      if centred {
        norm.layer_norm?(rows, columns, 1e-3, x, scale, nil, &y, &mean, &inverse)
      } else {
        norm.rms_norm?(rows, columns, 1e-3, x, scale, &y, &inverse)
      }
      return zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
    }
    _ = loss(x, scale)
    var dx = [Double](repeating: 9, count: x.count)
    var dscale = [Double](repeating: 0, count: columns)
    if centred {
      norm.layer_norm_backward?(
        rows, columns, x, scale, mean, inverse, dy, &dx, &dscale, nil)
    } else {
      norm.rms_norm_backward?(rows, columns, x, scale, inverse, dy, &dx, &dscale)
    }
    let step = 1e-6
    func slope(_ values: [Double], _ index: Int, _ loss: ([Double]) -> Double) -> Double {
      var (less, more) = (values, values)
      less[index] -= step
      more[index] += step
      return (loss(more) - loss(less)) / (2 * step)
    }
    for index in x.indices {
      #expect(abs(dx[index] - slope(x, index) { loss($0, scale) }) < 1e-7)
    }
    for index in scale.indices {
      #expect(abs(dscale[index] - slope(scale, index) { loss(x, $0) }) < 1e-7)
    }
  }
}
