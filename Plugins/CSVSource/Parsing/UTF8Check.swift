/// Checks UTF-8 byte by byte, so that a broken byte is found at its exact place in a stream.
///
/// The Unicode Standard 15, table 3-7: the second byte's range depends on the first one; all others are
/// 80...BF.
struct UTF8Check {
  private var missing = 0
  private var range: ClosedRange<UInt8> = 0x80...0xBF

  /// Whether a character is complete.
  var isComplete: Bool { missing == 0 }

  /// Takes the next byte; false when no UTF-8 text has it there.
  mutating func take(_ byte: UInt8) -> Bool {
    if missing > 0 {
      guard range.contains(byte) else { return false }
      missing -= 1
      range = 0x80...0xBF
      return true
    }
    switch byte {
    case 0..<0x80: return true
    case 0xC2...0xDF: missing = 1
    case 0xE0: (missing, range) = (2, 0xA0...0xBF)
    case 0xED: (missing, range) = (2, 0x80...0x9F)
    case 0xE1...0xEF: missing = 2
    case 0xF0: (missing, range) = (3, 0x90...0xBF)
    case 0xF1...0xF3: missing = 3
    case 0xF4: (missing, range) = (3, 0x80...0x8F)
    default: return false
    }
    return true
  }
}
