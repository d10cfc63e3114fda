/// Memory of one Arrow buffer, aligned to 64 bytes as Arrow recommends for SIMD, freed with its owner.
final class OwnedBuffer {
  let address: UnsafeMutableRawPointer
  let byteCount: Int

  /// Zeroed memory of at least one byte, so that the address is never null.
  init(byteCount: Int) {
    self.byteCount = byteCount
    address = .allocate(byteCount: max(byteCount, 1), alignment: 64)
    address.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 1))
  }

  /// The memory as elements of a trivial type.
  func elements<Element: BitwiseCopyable>(
    _ type: Element.Type
  ) -> UnsafeMutableBufferPointer<Element> {
    let count = byteCount / MemoryLayout<Element>.stride
    return UnsafeMutableBufferPointer(
      start: address.bindMemory(to: Element.self, capacity: count), count: count)
  }

  /// Sets one bit, least significant first within a byte, as Arrow's bitmaps are.
  func setBit(_ index: Int) {
    elements(UInt8.self)[index >> 3] |= 1 << UInt8(index & 7)
  }

  deinit { address.deallocate() }
}
