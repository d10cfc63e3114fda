import TensorCore
import Testing

@Suite struct TensorTests {
  @Test("elements come back in row-major order and in their type")
  func roundTrip() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    #expect(x.description == "f32[2, 3]")
    #expect(try x.elements(as: Float.self) == [1, 2, 3, 4, 5, 6])
    #expect(try Tensor([7, 8] as [Int64]).elements(as: Int64.self) == [7, 8])
    #expect(try Tensor.scalar(2.5 as Double).item(as: Double.self) == 2.5)
    #expect(try Tensor.zeros([2], dtype: .bool).elements(as: UInt8.self) == [0, 0])
    #expect(try Tensor([] as [Float], [0, 5]).elements(as: Float.self) == [])
  }

  @Test("wrong counts, types and items are refused by name")
  func refusals() throws {
    let count = try #require(throws: TensorError.self) { try Tensor([1, 2] as [Float], [3]) }
    #expect(count.description == "tensor of [3]: takes 3 elements, got 2")
    let x = try Tensor([1, 2] as [Float])
    let type = try #require(throws: TensorError.self) { try x.elements(as: Double.self) }
    #expect(type.code == .dtypeMismatch)
    #expect(type.description.contains("holds f32, asked for as f64"))
    let item = try #require(throws: TensorError.self) { try x.item(as: Float.self) }
    #expect(item.code == .shapeMismatch)
  }

  @Test("raw bytes are copied only when their number fits")
  func bytes() throws {
    let spec = TensorSpec(.i32, try Shape([2]))
    let x = try [Int32(5), -6].withUnsafeBytes { try Tensor.copying($0, as: spec) }
    #expect(try x.elements(as: Int32.self) == [5, -6])
    let error = try #require(throws: TensorError.self) {
      try [UInt8](repeating: 0, count: 7).withUnsafeBytes { try Tensor.copying($0, as: spec) }
    }
    #expect(error.description.contains("takes 8 bytes, got 7"))
  }

  @Test("a tensor without elements may stand anywhere")
  func emptyAnywhere() throws {
    let storage = try Storage(byteCount: 8)
    let empty = try Tensor(storage: storage, dtype: .f64, shape: Shape([0, 3]), byteOffset: 5)
    #expect(try empty.elements(as: Double.self).isEmpty)
    try empty.withMutableElements(of: Double.self) { #expect($0.isEmpty) }
    let wild = try Tensor(
      storage: storage, dtype: .f32, shape: Shape([2, 3, 0, 4]),
      strides: Strides([.max, .max / 2, 3, 1]))
    #expect(try wild.sliced([SliceRange(begin: 1), SliceRange(step: 2)]).shape.elementCount == 0)
    let context = try ComputeContext()
    let product = try matmul(wild.transposed([0, 1, 3, 2]), wild, context: context)
    #expect(try product.elements(as: Float.self).allSatisfy { $0 == 0 })
  }

  @Test("reshapes and row slices share memory")
  func views() throws {
    let x = try Tensor((0..<12).map(Float.init), [3, 4])
    let flat = try x.reshaped([2, -1])
    #expect(flat.shape.dimensions == [2, 6])
    let middle = try x.rows(1..<3)
    #expect(try middle.elements(as: Float.self) == (4..<12).map(Float.init))
    try x.withMutableElements(of: Float.self) { $0[4] = 100 }
    #expect(try middle.elements(as: Float.self)[0] == 100)
    #expect(try x.rows(3..<3).elements(as: Float.self) == [])
    #expect(x.id != flat.id)
    for range in [-1..<2, 2..<4] {
      let error = try #require(throws: TensorError.self) { try x.rows(range) }
      #expect(error.code == .invalidValue)
    }
    let error = try #require(throws: TensorError.self) { try x.reshaped([5, -1]) }
    #expect(error.description.hasPrefix("reshape of [3, 4]"))
    #expect(throws: TensorError.self) { try x.reshaped([3, 5]) }
  }

  @Test("a transposed view is strided, copies on demand, and lends no bytes")
  func transposed() throws {
    let x = try Tensor((0..<6).map(Float.init), [2, 3])
    let t = try x.transposed()
    #expect(!t.isContiguous)
    #expect(try t.elements(as: Float.self) == [0, 3, 1, 4, 2, 5])
    #expect(try t.transposed().isContiguous)
    #expect(try t.rows(1..<3).elements(as: Float.self) == [1, 4, 2, 5])
    let error = try #require(throws: TensorError.self) { try t.withUnsafeBytes { $0.count } }
    #expect(error.code == .invalidMemory)
  }

  @Test("in-place writing shows in the version of the storage")
  func version() throws {
    let x = try Tensor.zeros([3])
    let before = x.storage.version
    _ = try x.elements(as: Float.self)
    #expect(x.storage.version == before)
    try x.withMutableElements(of: Float.self) { $0[0] = 1 }
    #expect(x.storage.version == before + 1)
  }
}
