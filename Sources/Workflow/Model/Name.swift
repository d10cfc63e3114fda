/// What steps, ports and parameters may be called.
///
/// Letters, digits and `_`, not beginning with a digit. No hyphen: in `a-b` an expression could not
/// tell a name from a subtraction.
enum Name {
  /// Words that mean something else in references.
  static let reserved: Set<String> = ["loop", "params"]

  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar) || scalar == "_"
    }
  }
}
