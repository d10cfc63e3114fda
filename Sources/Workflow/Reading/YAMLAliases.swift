/// Finds aliases (`*name`) in YAML text before it is parsed.
///
/// A parser that copies an anchor's node hashes and walks a tree that can be exponentially larger
/// than the text ("billion laughs"), so aliases are counted first. The count errs on the high side:
/// `*name` at the start of a word in a block of text counts too.
enum YAMLAliases {
  /// The place of each alias.
  static func positions(in source: String) -> [SourcePosition] {
    guard source.utf8.contains(UInt8(ascii: "*")) else { return [] }
    var found: [SourcePosition] = []
    for (index, line) in SourceLines.split(source).enumerated() {
      var quote: Unicode.Scalar?
      var previous: Unicode.Scalar = " "
      let scalars = Array(line.unicodeScalars)
      for (column, scalar) in scalars.enumerated() {
        let startsWord = " \t[{,:-".unicodeScalars.contains(previous)
        if let open = quote {
          if scalar == open { quote = nil }
        } else if startsWord, scalar == "'" || scalar == "\"" {
          quote = scalar
        } else if startsWord, scalar == "#", previous == " " || previous == "\t" {
          break
        } else if startsWord, scalar == "*", column + 1 < scalars.count,
          !" \t,]}*".unicodeScalars.contains(scalars[column + 1])
        {
          found.append(SourcePosition(line: index + 1, column: column + 1))
        }
        previous = scalar
      }
    }
    return found
  }
}
