#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One n-gram as UTF-8, compared byte by byte.
///
/// Not a `String`: Swift's compares by canonical equivalence, which would merge terms that scikit-learn
/// keeps apart, and hashes more slowly. The order of UTF-8 bytes is that of code points, Python's.
struct Term: Hashable, Comparable {
  let bytes: ArraySlice<UInt8>

  static func == (left: Term, right: Term) -> Bool {
    guard left.bytes.count == right.bytes.count else { return false }
    return left.bytes.withUnsafeBytes { a in
      right.bytes.withUnsafeBytes { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return true }
        return memcmp(a, b, left.bytes.count) == 0
      }
    }
  }

  static func < (left: Term, right: Term) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  /// A copy that does not keep the whole text alive.
  var compact: Term { Term(bytes: ArraySlice(Array(bytes))) }

  /// MurmurHash3 (Appleby, x86, 32 bits) with seed 0, which scikit-learn's hashing uses.
  var murmur3: UInt32 {
    func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
      value << count | value >> (32 - count)
    }
    func scramble(_ block: UInt32) -> UInt32 {
      rotate(block &* 0xcc9e_2d51, 15) &* 0x1b87_3593
    }
    var hash: UInt32 = 0
    var index = bytes.startIndex
    while bytes.endIndex - index >= 4 {
      let block =
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
        | UInt32(bytes[index + 3]) << 24
      hash = rotate(hash ^ scramble(block), 13) &* 5 &+ 0xe654_6b64
      index += 4
    }
    var tail: UInt32 = 0
    for (place, byte) in bytes[index...].enumerated() { tail |= UInt32(byte) << UInt32(8 * place) }
    if index < bytes.endIndex { hash ^= scramble(tail) }
    hash ^= UInt32(truncatingIfNeeded: bytes.count)
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
  }

  /// The column of this term among `count`: `|h| mod count` of the signed hash.
  func column(among count: Int) -> Int32 {
    Int32(Int(Int32(bitPattern: murmur3).magnitude) % count)
  }
}
