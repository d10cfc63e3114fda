/// Bytes of a file, read little-endian and never outside.
///
/// Every offset comes from the file itself and so may be anything: it is checked against the end
/// before each read, with arithmetic that cannot overflow.
struct ByteView: Sendable {
  let bytes: [UInt8]
  let path: String

  var count: UInt64 { UInt64(bytes.count) }

  /// The integer at an offset.
  func integer<T: FixedWidthInteger>(
    _ type: T.Type, at offset: UInt64, _ what: StaticString
  ) throws(SystemError) -> T {
    let size = UInt64(MemoryLayout<T>.size)
    guard offset <= count, count - offset >= size else { throw ends(what, offset, size) }
    return bytes.withUnsafeBytes {
      T(littleEndian: $0.loadUnaligned(fromByteOffset: Int(offset), as: T.self))
    }
  }

  func u16(at offset: UInt64, _ what: StaticString) throws(SystemError) -> UInt16 {
    try integer(UInt16.self, at: offset, what)
  }

  func u32(at offset: UInt64, _ what: StaticString) throws(SystemError) -> UInt32 {
    try integer(UInt32.self, at: offset, what)
  }

  func u64(at offset: UInt64, _ what: StaticString) throws(SystemError) -> UInt64 {
    try integer(UInt64.self, at: offset, what)
  }

  /// The bytes from `offset` to the next zero, which must come before `end`.
  ///
  /// - Parameter limit: The longest text that is taken.
  func text(
    at offset: UInt64, end: UInt64, limit: Int, _ what: StaticString
  ) throws(SystemError) -> ArraySlice<UInt8> {
    let end = min(end, count)
    guard offset < end else { throw ends(what, offset, 1) }
    let most = min(Int(end - offset), limit + 1)
    let range = Int(offset)..<(Int(offset) + most)
    guard let zero = bytes[range].firstIndex(of: 0) else {
      throw .damaged(path, "\(what) at byte \(offset) has no end within \(most) bytes")
    }
    return bytes[Int(offset)..<zero]
  }

  /// Checks that a range lies inside.
  func require(_ offset: UInt64, _ size: UInt64, _ what: StaticString) throws(SystemError) {
    guard offset <= count, count - offset >= size else { throw ends(what, offset, size) }
  }

  private func ends(_ what: StaticString, _ offset: UInt64, _ size: UInt64) -> SystemError {
    .damaged(
      path,
      "it has \(count) bytes, but \(what) takes \(size) from byte \(offset) on; the file was cut off"
    )
  }
}
