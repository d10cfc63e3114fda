import Foundation

/// What makes two texts the same text for the host: letters and digits in NFKC, case folded, single
/// spaces between.
///
/// The host's own rule, whatever a preparation agent does: no text of the test part may occur in
/// the training part under it. A text without letters or digits stands for itself.
///
/// - Complexity: O(length).
func normalisedKey(_ text: String) -> String {
  let folded = text.precomposedStringWithCompatibilityMapping.lowercased()
  var key = ""
  var gap = false
  for scalar in folded.unicodeScalars {
    if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
      if gap && !key.isEmpty { key.unicodeScalars.append(" ") }
      key.unicodeScalars.append(scalar)
      gap = false
    } else if !scalar.properties.isDefaultIgnorableCodePoint && scalar != "'"
      && scalar != "\u{2019}"
    {
      gap = true
    }
  }
  return key.isEmpty ? text : key
}
