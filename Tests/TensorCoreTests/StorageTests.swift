import Synchronization
import TensorCore
import Testing

@Suite struct StorageTests {
  @Test("memory is aligned to 64 bytes, counted, and given back")
  func accounting() throws {
    let account = MemoryAccount()
    do {
      let tensor = try Tensor.zeros([100], account: account)
      let address = try tensor.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
      #expect(address % 64 == 0)
      #expect(account.currentBytes == 448)  // 400 bytes in whole lines
      let view = try tensor.reshaped([10, 10])
      #expect(view.storage === tensor.storage)
      #expect(account.currentBytes == 448)
    }
    #expect(account.currentBytes == 0)
    #expect(account.peakBytes == 448)
    account.resetPeak()
    #expect(account.peakBytes == 0)
  }

  @Test("passing the limit throws, names the numbers, and leaves the count as it was")
  func limit() throws {
    let account = MemoryAccount(limit: 1000)
    let kept = try Tensor.zeros([128], account: account)
    // 640 bytes would fit alone, but not beside the 512 in use.
    let error = try #require(throws: TensorError.self) {
      try Tensor.zeros([160], account: account)
    }
    #expect(error.code == .outOfMemory)
    #expect(error.description.contains("limit of 1000 bytes"))
    #expect(error.description.contains("512 in use"))
    #expect(account.currentBytes == 512)
    account.limit = 10_000
    _ = try Tensor.zeros([1000], account: account)
    #expect(kept.shape.elementCount == 128)
  }

  @Test("threads that allocate at once never pass the limit, and the count ends at zero")
  func concurrentLimit() async throws {
    let account = MemoryAccount(limit: 64 * 6)
    let made = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<200).reduce(0) { made, _ in
            made + (0..<4).compactMap { _ in try? Tensor.zeros([16], account: account) }.count
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(made > 0)
    #expect(account.peakBytes <= 384)
    #expect(account.currentBytes == 0)
  }

  @Test("a large block that goes is there for the next of its size; trimming gives it back")
  func caching() throws {
    StorageCache.trim()
    let address = try Tensor.zeros([1 << 18]).withUnsafeBytes { $0.baseAddress }
    if StorageCache.isKeeping {
      #expect(StorageCache.keptBytes >= 1 << 20)
      #expect(try Tensor.zeros([1 << 18]).withUnsafeBytes { $0.baseAddress } == address)
    }
    StorageCache.trim()
    #expect(StorageCache.keptBytes < 1 << 20)
  }

  @Test("memory that no system has throws and does not kill")
  func absurd() throws {
    let account = MemoryAccount()
    let error = try #require(throws: TensorError.self) {
      try Tensor.zeros([1 << 58], account: account)
    }
    #expect(error.code == .outOfMemory)
    #expect(account.currentBytes == 0)
  }

  /// Counts calls from any thread.
  final class Counter: Sendable {
    let count = Atomic<Int>(0)
  }

  @Test("foreign memory is read in place and released once, with the last view")
  func foreign() throws {
    let block = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
    block.initializeMemory(as: Float.self, repeating: 3, count: 16)
    let counter = Counter()
    do {
      let storage = Storage(wrapping: block, byteCount: 64, isReadOnly: true) {
        counter.count.add(1, ordering: .relaxed)
      }
      let tensor = try Tensor(storage: storage, dtype: .f32, shape: Shape([4, 4]))
      let view = try tensor.rows(1..<2)
      #expect(try tensor.withUnsafeBytes { $0.baseAddress == UnsafeRawPointer(block) })
      #expect(try view.elements(as: Float.self) == [3, 3, 3, 3])
      let error = try #require(throws: TensorError.self) {
        try tensor.withMutableElements(of: Float.self) { $0[0] = 1 }
      }
      #expect(error.code == .invalidMemory)
      #expect(counter.count.load(ordering: .relaxed) == 0)
    }
    #expect(counter.count.load(ordering: .relaxed) == 1)
    block.deallocate()
  }

  @Test("views that would leave the storage, or stand misaligned, are refused")
  func bounds() throws {
    let storage = try Storage(byteCount: 64)
    let fine = try Tensor(storage: storage, dtype: .f32, shape: Shape([4]), byteOffset: 48)
    #expect(fine.isContiguous)
    let bad: [(dimensions: [Int], strides: [Int], offset: Int)] = [
      ([17], [1], 0), ([4], [1], 52), ([4], [1], -4), ([2, 2], [16, 1], 0), ([2], [-1], 32),
      ([4], [1], 2), ([2], [Int.max], 0), ([3], [Int.max / 2 + 1], 0),
    ]
    for (dimensions, strides, offset) in bad {
      let error = try #require(throws: TensorError.self) {
        try Tensor(
          storage: storage, dtype: .f32, shape: Shape(dimensions), strides: Strides(strides),
          byteOffset: offset)
      }
      #expect(error.code == .invalidMemory, "\(dimensions) \(strides) \(offset)")
    }
  }
}
