import TensorKernels
import Testing

@Suite struct IndexTests {
  @Test("the check names the first index outside")
  func check() {
    #expect(tk_check_indices(0, [], 0) == -1)
    #expect(tk_check_indices(3, [0, 4, 2], 5) == -1)
    #expect(tk_check_indices(3, [0, 5, -1], 5) == 1)
    #expect(tk_check_indices(1, [.min], .max) == 0)
    for bad in [0, 255, 256, 600] {
      var indices = [Int64](repeating: 6, count: 601)
      indices[600] = 7
      indices[bad] = bad % 2 == 0 ? 7 : -7
      #expect(tk_check_indices(601, indices, 7) == Int64(bad))
    }
  }

  @Test("rows of any size are gathered")
  func gatherRows() throws {
    for bytes in [0, 1, 2, 3, 4, 8, 12, 64, 257] {
      let table = try GuardedArray((0..<5 * bytes).map { UInt8(truncatingIfNeeded: $0 &* 37) })
      let indices = try GuardedArray([4, 0, 4, 2] as [Int64])
      let y = try GuardedArray([UInt8](repeating: 0xee, count: 4 * bytes))
      tk_gather_rows(4, bytes, indices.start, table.start, y.start)
      let rows = indices.elements.map { row in
        table.elements[Int(row) * bytes..<(Int(row) + 1) * bytes]
      }
      #expect(y.elements == Array(rows.joined()), "rows of \(bytes) bytes")
    }
  }

  /// Of [2, 3, 2] picks two a column.
  static let picks: [Int64] = [2, 0, 1, 1, 0, 2, 0, 0]

  func gatherAxis<T: BitwiseCopyable & FixedWidthInteger>(_ type: T.Type) throws {
    let x = try GuardedArray((10..<22).map { T($0) })
    let indices = try GuardedArray(Self.picks)
    let y = try GuardedArray([T](repeating: 0, count: 8))
    tk_gather_axis(2, 3, 2, 2, MemoryLayout<T>.size, indices.start, x.start, y.start)
    #expect(y.elements == [14, 11, 12, 13, 16, 21, 16, 17])
  }

  @Test("elements of each width are picked along the middle axis")
  func gatherAxis() throws {
    try gatherAxis(UInt8.self)
    try gatherAxis(UInt16.self)
    try gatherAxis(UInt32.self)
    try gatherAxis(UInt64.self)
  }

  @Test(
    "gradients of gathers add up repeated positions", arguments: KernelVariant.fast + [.reference])
  func scatter(variant: KernelVariant) throws {
    let index = try variant.kernels.f32.pointee.index
    for columns in [0, 1, 3, 16, 37] {
      let x = try GuardedArray(randomFloats(4 * columns, seed: 1))
      let table = try GuardedArray([Float](repeating: 1, count: 5 * columns))
      index.scatter_add_rows?(4, columns, [4, 0, 4, 2], x.start, table.start)
      var expected = [Float](repeating: 1, count: 5 * columns)
      for (i, row) in [4, 0, 4, 2].enumerated() {
        for c in 0..<columns { expected[row * columns + c] += x.start[i * columns + c] }
      }
      #expect(table.elements == expected, "\(columns) columns")
    }
    let y = try GuardedArray([Float](repeating: 10, count: 12))
    index.scatter_add_axis?(2, 3, 2, 2, Self.picks, [1, 2, 3, 4, 5, 6, 7, 8] as [Float], y.start)
    #expect(y.elements == [10, 12, 13, 14, 11, 10, 22, 18, 10, 10, 10, 16])
  }

  @Test("f64 and whole numbers scatter too, and wrap around")
  func scatterOthers() throws {
    let kernels = try KernelVariant.reference.kernels
    let indices: [Int64] = [1, 1]
    var doubles = [0.5, 0.5]
    kernels.f64.pointee.index.scatter_add_rows?(2, 1, indices, [1, 2] as [Double], &doubles)
    #expect(doubles == [0.5, 3.5])
    var ints: [Int32] = [0, .max]
    kernels.i32.pointee.index.scatter_add_rows?(2, 1, indices, [1, 1] as [Int32], &ints)
    #expect(ints == [0, .min + 1])
    var longs: [Int64] = [7, .min]
    kernels.i64.pointee.index.scatter_add_axis?(1, 2, 2, 1, indices, [-1, 0] as [Int64], &longs)
    #expect(longs == [7, .max])
    var bytes: [UInt8] = [1, 250]
    kernels.u8.pointee.index.scatter_add_rows?(2, 1, indices, [3, 4] as [UInt8], &bytes)
    #expect(bytes == [1, 1])
  }
}
