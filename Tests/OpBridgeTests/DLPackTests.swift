import CadreABI
import OpBridge
import PluginFixtures
import TensorCore
import Testing

@Suite("DLPack")
final class DLPackTests {
  private let deleted = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)

  init() { deleted.initialize(to: 0) }
  deinit { deleted.deallocate() }

  @Test("dense foreign memory is wrapped, and its deleter called once, when the last tensor goes")
  func wrapping() throws {
    let before = deleted.pointee
    try withExtendedLifetime(try imported([2, 3], fill: 4)) { tensor in
      #expect(tensor.shape.dimensions == [2, 3])
      #expect(try tensor.elements(as: Float.self) == [4, 4, 4, 4, 4, 4])
      let view = try tensor.rows(0..<1)
      #expect(deleted.pointee == before)
      _ = view
    }
    #expect(deleted.pointee == before + 1)
  }

  private func imported(_ shape: [Int64], fill: Float) throws -> Tensor {
    let managed = try #require(fixture_tensor(shape, Int32(shape.count), fill, deleted))
    return try DLPackImport.take(managed)
  }

  @Test("strided memory is copied; memory that is only lent whatever its steps")
  func copying() throws {
    let before = deleted.pointee
    for (strides, offset, isLent, expected) in [
      ([1, 2], 0, false, [0, 2, 4, 1, 3, 5]), ([0, 1], 0, true, [0, 1, 2, 0, 1, 2]),
      ([-3, -1], 5, true, [5, 4, 3, 2, 1, 0]),
    ] as [([Int64], Int, Bool, [Float])] {
      let managed = try #require(fixture_tensor([2, 3], 2, 0, deleted))
      let data = try #require(managed.pointee.dl_tensor.data)
      for i in 0..<6 { data.storeBytes(of: Float(i), toByteOffset: 4 * i, as: Float.self) }
      managed.pointee.dl_tensor.byte_offset = UInt64(4 * offset)
      let tensor = try strides.withUnsafeBufferPointer { strides in
        managed.pointee.dl_tensor.strides = UnsafeMutablePointer(mutating: strides.baseAddress)
        defer { if isLent { managed.pointee.deleter(managed) } }
        return isLent
          ? try DLPackImport.copy(&managed.pointee.dl_tensor) : try DLPackImport.take(managed)
      }
      #expect(try tensor.elements(as: Float.self) == expected)
    }
    #expect(deleted.pointee == before + 3)
  }

  @Test(
    "elements that stand askew, overlap or run backwards are refused with the rule, and given back",
    arguments: [
      ([3, 1], 1, "multiple of 4 bytes"), ([3, 1], 2, "multiple of 4 bytes"),
      ([1, 1], 0, "overlap"), ([0, 1], 0, "overlap"), ([2, 1], 0, "overlap"),
      ([-3, 1], 12, "negative"), ([.max, 1], 0, "overlap"),
    ] as [([Int64], UInt64, String)])
  func apart(strides: [Int64], offset: UInt64, rule: String) throws {
    let before = deleted.pointee
    let managed = try #require(fixture_tensor([2, 3], 2, 0, deleted))
    managed.pointee.dl_tensor.byte_offset = offset
    let error = try #require(throws: TensorError.self) {
      try strides.withUnsafeBufferPointer { strides in
        managed.pointee.dl_tensor.strides = UnsafeMutablePointer(mutating: strides.baseAddress)
        return try DLPackImport.take(managed)
      }
    }
    #expect(error.description.hasPrefix("import_dlpack of [2, 3]: "))
    #expect(error.rule.contains(rule), "\(error)")
    #expect(deleted.pointee == before + 1)
  }

  @Test("a layout that cannot be read is refused, and its deleter called all the same")
  func refusing() throws {
    let spoil: [(String, (UnsafeMutablePointer<DLManagedTensorVersioned>) -> Void)] = [
      ("version", { $0.pointee.version.major = 2 }),
      ("device", { $0.pointee.dl_tensor.device.device_type = 2 }),
      ("lanes", { $0.pointee.dl_tensor.dtype.lanes = 4 }),
      ("dtype", { $0.pointee.dl_tensor.dtype = DLDataType(code: 2, bits: 16, lanes: 1) }),
      ("rank", { $0.pointee.dl_tensor.ndim = 9 }),
      ("negative rank", { $0.pointee.dl_tensor.ndim = -1 }),
      ("no shape", { $0.pointee.dl_tensor.shape = nil }),
      ("negative length", { $0.pointee.dl_tensor.shape[0] = -1 }),
      ("overflow", { $0.pointee.dl_tensor.shape[0] = .max / 3 }),
    ]
    for (what, spoil) in spoil {
      let before = deleted.pointee
      let managed = try #require(fixture_tensor([2, 3], 2, 0, deleted))
      spoil(managed)
      #expect(throws: (any Error).self, "\(what)") { try DLPackImport.take(managed) }
      #expect(deleted.pointee == before + 1, "\(what)")
    }
  }

  @Test("what is given holds a reference and shares the memory")
  func giving() throws {
    weak var watched: Tensor?
    let managed = try {
      let tensor = try Tensor([1, 2, 3, 4] as [Float], [2, 2])
      watched = tensor
      return try DLPackExport.give(tensor)
    }()
    let given = managed.pointee.dl_tensor
    #expect(watched != nil)
    #expect(given.ndim == 2)
    #expect(given.shape[1] == 2)
    #expect(given.strides[0] == 2)
    #expect(given.data.load(fromByteOffset: 12, as: Float.self) == 4)
    managed.pointee.deleter(managed)
    #expect(watched == nil)
  }

  @Test("every element type goes there and back")
  func dtypes() throws {
    for dtype in DType.allCases {
      let managed = try DLPackExport.give(try Tensor.zeros([3], dtype: dtype))
      #expect(try DLPackImport.take(managed).dtype == dtype)
      #expect(DType(abi: dtype.abi) == dtype)
    }
  }

  @Test("a tensor without elements has no address and comes back with its shape")
  func empty() throws {
    let managed = try DLPackExport.give(try Tensor.zeros([0, 4]))
    #expect(managed.pointee.dl_tensor.data == nil)
    #expect(try DLPackImport.take(managed).shape.dimensions == [0, 4])
  }
}
