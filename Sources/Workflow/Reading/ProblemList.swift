/// The problems found so far in one file, with the lines to show them in.
struct ProblemList {
  let file: String
  private let lines: [String]
  private(set) var all: [Diagnostic] = []

  init(file: String, source: String) {
    self.file = file
    lines = SourceLines.split(source)
  }

  mutating func report(
    _ message: String, at position: SourcePosition, text: String = "", remedy: String,
    severity: Diagnostic.Severity = .error
  ) {
    let line = lines.indices.contains(position.line - 1) ? lines[position.line - 1] : ""
    let diagnostic = Diagnostic(
      file: file, position: position, severity: severity, message: message,
      offendingText: text, remedy: remedy, sourceLine: line)
    // Two rules may see one problem; it is shown once.
    if !all.contains(diagnostic) { all.append(diagnostic) }
  }

  /// Reports what is wrong inside of a value whose text begins at `position`.
  mutating func report(
    _ error: NotationError, in text: String, at position: SourcePosition, prefix: String = ""
  ) {
    let scalars = text.unicodeScalars
    var offending = String.UnicodeScalarView()
    offending.append(contentsOf: scalars.dropFirst(error.offset).prefix(error.length))
    // A value that runs over several lines is pointed at as a whole.
    let isOneLine = !scalars.contains("\n")
    report(
      prefix + error.message, at: isOneLine ? position.advanced(by: error.offset) : position,
      text: String(offending), remedy: error.remedy)
  }
}

/// A text's lines as YAML counts them.
enum SourceLines {
  /// Splits at LF, CR, CR LF, NEL and the two Unicode separators, as libyaml does.
  static func split(_ source: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in source.unicodeScalars {
      switch scalar {
      case "\n" where previous == "\r": break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        lines.append(String(line))
        line = String.UnicodeScalarView()
      default: line.append(scalar)
      }
      previous = scalar
    }
    lines.append(String(line))
    return lines
  }

  /// The place of the scalar at this offset.
  static func position(ofScalar offset: Int, in source: String) -> SourcePosition {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: source.unicodeScalars.prefix(offset))
    let lines = split(String(view))
    return SourcePosition(
      line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }
}
