import Foundation

/// What makes two texts the same text: letters and digits in NFKC, case folded, single spaces between.
///
/// An apostrophe joins (`don't` is `dont`). A text without letters and digits stands for itself.
///
/// - Complexity: O(length).
func duplicateKey(_ text: String) -> String {
  // Upper case first folds more than lower case alone: ß and SS, and the Greek final sigma.
  let folded =
    TextCleaner.isASCII(text)
    ? text.lowercased()
    : text.precomposedStringWithCompatibilityMapping.uppercased().lowercased()
  var key = String.UnicodeScalarView()
  var gap = false
  for scalar in folded.unicodeScalars {
    if isLetterOrDigit(scalar) {
      if gap && !key.isEmpty { key.append(" ") }
      key.append(scalar)
      gap = false
    } else if !scalar.properties.isDefaultIgnorableCodePoint && scalar != "'"
      && scalar != "\u{2019}"
    {
      gap = true
    }
  }
  return key.isEmpty ? text : String(key)
}

func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
  case 0..<0x80: false
  default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
