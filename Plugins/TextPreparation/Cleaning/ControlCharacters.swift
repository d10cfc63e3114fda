/// Characters that nobody sees.
enum ControlCharacters {
  /// Without control, direction and zero-width characters; line ends and tabs become spaces.
  ///
  /// The zero-width joiner and non-joiner stay behind a character outside of ASCII: emoji sequences and the
  /// scripts of India and Persia need them.
  static func removed(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var last: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09...0x0D, 0x85, 0x2028, 0x2029: last = " "
      case 0x200C, 0x200D:
        if last.value < 0x80 { continue }
        last = scalar
      case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2069,
        0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF:
        continue
      default: last = scalar
      }
      result.append(last)
    }
    return String(result)
  }
}
