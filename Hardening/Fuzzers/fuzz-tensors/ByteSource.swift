/// Draws small and large numbers from the bytes that the fuzzer gives; zeros once they are used up.
struct ByteSource {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var next = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { next >= bytes.count }

  mutating func byte() -> UInt8 {
    guard next < bytes.count else { return 0 }
    defer { next += 1 }
    return bytes[next]
  }

  mutating func choice(_ count: Int) -> Int { Int(byte()) % count }

  /// Mostly a length of a few positions, at times one that overflows, is negative or is zero.
  mutating func length() -> Int {
    switch byte() {
    case 255: return .max
    case 254: return .min
    case 253: return -1
    case 252: return 1 << 40
    case 251: return .max / 8
    case let small: return Int(small) % 7
    }
  }

  mutating func lengths(atMost count: Int) -> [Int] {
    let number = choice(count + 1)
    return (0..<number).map { _ in length() }
  }
}
