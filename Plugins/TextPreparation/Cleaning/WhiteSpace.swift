/// White space as Unicode defines it (the property White_Space).
enum WhiteSpace {
  /// Every run of white space as one space.
  static func collapsed(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var inRun = false
    for scalar in text.unicodeScalars {
      let isSpace = isSpace(scalar)
      if !isSpace {
        result.append(scalar)
      } else if !inRun {
        result.append(" ")
      }
      inRun = isSpace
    }
    return String(result)
  }

  /// Without white space at both ends.
  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80
      ? scalar == " " || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
  }
}
