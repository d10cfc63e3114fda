import TensorKernels
import Testing

@Suite struct SortTests {
  /// Positions in the order that the header promises, by Swift's sort of (element, position).
  static func order<T: BitwiseCopyable>(_ row: [T], by comesBefore: (T, T) -> Bool) -> [Int64] {
    row.indices.sorted { a, b in
      if comesBefore(row[a], row[b]) { return true }
      if comesBefore(row[b], row[a]) { return false }
      return a < b
    }
    .map(Int64.init)
  }

  /// NaN is larger than all numbers.
  static func isLess<T: FloatingPoint>(_ a: T, _ b: T) -> Bool {
    a.isNaN ? false : b.isNaN || a < b
  }

  /// Sorts two rows in place and takes their first ones, both ways: positions must be in order, and
  /// the bits of values those of the elements there.
  static func expectSorted<T: BitwiseCopyable & Equatable>(
    _ table: UnsafePointer<tk_element_kernels>, _ x: [T], by isLess: (T, T) -> Bool,
    bits: (T) -> UInt64, _ what: String
  ) throws {
    let columns = x.count
    let kernels = table.pointee.sort
    let workspace = try GuardedArray([Int64](repeating: 0, count: 2 * columns))
    for descending in [false, true] {
      let expected = order(x) { descending ? isLess($1, $0) : isLess($0, $1) }
      let two = x + x.reversed()
      let values = try GuardedArray(two)
      let positions = try GuardedArray([Int64](repeating: -1, count: 2 * columns))
      kernels.sort?(
        2, columns, descending ? 1 : 0, values.start, values.start, positions.start,
        workspace.start)
      #expect(Array(positions.elements[..<columns]) == expected, "\(what), \(descending)")
      for (index, value) in values.elements.enumerated() {
        let row = index < columns ? x : x.reversed()
        #expect(bits(value) == bits(row[Int(positions.elements[index])]))
      }
      for k in Set([0, 1, 2, columns / 40, columns / 8, columns]) where k <= columns {
        let first = try GuardedArray(Array(two[..<(2 * k)]))
        let at = try GuardedArray([Int64](repeating: -1, count: 2 * k))
        let source = try GuardedArray(two)
        kernels.top_k?(
          2, columns, k, descending ? 1 : 0, source.start, first.start, at.start, workspace.start)
        #expect(Array(at.elements[..<k]) == Array(expected[..<k]), "\(k) of \(what)")
        #expect(Array(at.elements[k...]) == Array(positions.elements[columns..<columns + k]))
        #expect(
          first.elements.map(bits)
            == (0..<2 * k).map { index in
              bits(values.elements[index < k ? index : columns + index - k])
            })
      }
    }
  }

  @Test("rows are sorted stably, NaN largest", arguments: KernelVariant.fast + [.reference])
  func floats(variant: KernelVariant) throws {
    let table = try variant.kernels.f32
    for size in KernelVariant.sizes {
      // Many equals.
      let equals = randomFloats(size, seed: 2).map { ($0 * 3).rounded() }
      for x in [randomFloats(size, seed: 1), equals, hostileFloats(size, seed: 3)] {
        try Self.expectSorted(
          table, x, by: Self.isLess, bits: { UInt64($0.bitPattern) }, "\(size) floats")
      }
    }
  }

  @Test("zeros of both signs are equal, NaN of both signs too, and keep their bits")
  func signs() throws {
    let row: [Float] = [0, -0.0, .nan, -.nan, -0.0, 0, -.infinity, .infinity]
    for padding in [0, 60] {
      // Beyond the size that is sorted by insertion.
      let x = row + [Float](repeating: 1, count: padding)
      try Self.expectSorted(
        KernelVariant.reference.kernels.f32, x, by: Self.isLess,
        bits: { UInt64($0.bitPattern) }, "signs")
      try Self.expectSorted(
        KernelVariant.reference.kernels.f64, x.map(Double.init), by: Self.isLess,
        bits: { $0.isNaN ? 0 : $0.bitPattern }, "signs")
    }
  }

  @Test("all element types are sorted")
  func otherTypes() throws {
    let kernels = try KernelVariant.reference.kernels
    for size in [1, 7, 100, 1025] {
      let x = hostileFloats(size, seed: 5)
      try Self.expectSorted(
        kernels.f64, x.map { Double($0) * 1e200 }, by: Self.isLess, bits: { $0.bitPattern }, "f64")
      let wide = (0..<size).map { Int64($0 % 37) &* 0x1e37_79b9_7f4a_7c15 }
      try Self.expectSorted(
        kernels.i64, wide, by: <, bits: { UInt64(bitPattern: $0) }, "i64")
      try Self.expectSorted(
        kernels.i32, wide.map { Int32(truncatingIfNeeded: $0) }, by: <,
        bits: { UInt64(UInt32(bitPattern: $0)) }, "i32")
      try Self.expectSorted(
        kernels.u8, wide.map { UInt8(truncatingIfNeeded: $0) }, by: <, bits: { UInt64($0) }, "u8")
    }
  }

  @Test("the first ones of a row in order, which is the worst case", arguments: KernelVariant.fast)
  func worstCase(variant: KernelVariant) throws {
    let x = (0..<3000).map(Float.init)
    try Self.expectSorted(
      variant.kernels.f32, x, by: Self.isLess, bits: { UInt64($0.bitPattern) }, "ascending")
    try Self.expectSorted(
      variant.kernels.f32, x.reversed(), by: Self.isLess, bits: { UInt64($0.bitPattern) },
      "descending")
  }
}
