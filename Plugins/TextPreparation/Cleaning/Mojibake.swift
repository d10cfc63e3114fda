/// Repairs UTF-8 that some program read as Windows-1252 and wrote as UTF-8 again.
///
/// Only sequences that ordinary text does not have are touched: those that begin with Â, Ã (Latin letters and
/// signs), â (punctuation, symbols), ï (byte-order mark) and ð (emoji). Ã before a curly quotation mark stays,
/// since an ordinary quotation may end so: “MAÇÃ”.
enum Mojibake {
  /// The text with such sequences decoded, once.
  static func repaired(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { length(lead: $0.value) != nil }) else {
      return text
    }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      if let (scalar, count) = decoded(scalars[index...]) {
        result.append(scalar)
        index += count
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    return String(result)
  }

  private static func length(lead: UInt32) -> Int? {
    switch lead {
    case 0xC2, 0xC3: 2
    case 0xE2, 0xEF: 3
    case 0xF0: 4
    default: nil
    }
  }

  private static func decoded(
    _ scalars: ArraySlice<Unicode.Scalar>
  ) -> (scalar: Unicode.Scalar, count: Int)? {
    guard let lead = scalars.first?.value, let count = length(lead: lead),
      scalars.count >= count
    else { return nil }
    var bytes = [UInt8(lead)]
    for scalar in scalars.dropFirst().prefix(count - 1) {
      guard let byte = byte(of: scalar), (0x80...0xBF).contains(byte) else { return nil }
      bytes.append(byte)
    }
    if count == 2 && (0x91...0x94).contains(bytes[1]) { return nil }
    guard let text = String(validating: bytes, as: UTF8.self),
      let scalar = text.unicodeScalars.first, !(0x80..<0xA0).contains(scalar.value)
    else { return nil }
    return (scalar, count)
  }

  /// The byte that Windows-1252 has for a character; the five places that it leaves empty, and bytes that were
  /// read as Latin-1, stand for themselves.
  private static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    if let byte = UInt8(exactly: scalar.value) { return byte }
    return highBytes[scalar.value]
  }

  private static let highBytes: [UInt32: UInt8] = [
    0x20AC: 0x80, 0x201A: 0x82, 0x0192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86,
    0x2021: 0x87, 0x02C6: 0x88, 0x2030: 0x89, 0x0160: 0x8A, 0x2039: 0x8B, 0x0152: 0x8C,
    0x017D: 0x8E, 0x2018: 0x91, 0x2019: 0x92, 0x201C: 0x93, 0x201D: 0x94, 0x2022: 0x95,
    0x2013: 0x96, 0x2014: 0x97, 0x02DC: 0x98, 0x2122: 0x99, 0x0161: 0x9A, 0x203A: 0x9B,
    0x0153: 0x9C, 0x017E: 0x9E, 0x0178: 0x9F,
  ]

  /// What Windows-1252 has for a byte in 0x80 ..< 0xA0, which HTML's numeric entities mean by it.
  static func scalar(ofByte byte: UInt8) -> Unicode.Scalar? {
    highBytes.first { $0.value == byte }.flatMap { Unicode.Scalar($0.key) }
  }
}
