import Yams

extension YAMLLoader {
  /// Says in plain words what libyaml found, and where.
  mutating func report(_ error: YamlError, source: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      report(
        problem, context: context?.text,
        at: SourcePosition(line: mark.line, column: mark.column), source: source)
    case .reader(let problem, let offset, _, _):
      problems.report(
        "this is no YAML text: \(problem)",
        at: SourceLines.position(ofScalar: offset ?? 0, in: source),
        remedy: "save the file as UTF-8")
    case .duplicatedKeysInMapping(let duplicates, let context):
      reportDuplicate(
        duplicates.first ?? "",
        first: SourcePosition(line: context.mark.line, column: context.mark.column),
        source: source)
    default:
      problems.report("this is no YAML: \(error)", at: .start, remedy: "check the file")
    }
  }

  private mutating func report(
    _ problem: String, context: String?, at position: SourcePosition, source: String
  ) {
    let lines = SourceLines.split(source)
    func line(_ number: Int) -> String {
      lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }
    // libyaml often notices a tab one line late, or as a missing key.
    for number in [position.line, position.line - 1] {
      let indent = line(number).unicodeScalars.prefix { $0 == " " || $0 == "\t" }
      guard let tab = indent.firstIndex(of: "\t") else { continue }
      let column = indent.distance(from: indent.startIndex, to: tab) + 1
      problems.report(
        "a tab indents this line", at: SourcePosition(line: number, column: column),
        text: "\t", remedy: "indent with spaces: YAML allows no tabs there")
      return
    }
    let (message, remedy) =
      switch problem {
      case _ where problem.hasPrefix("Maximum nesting level reached"):
        ("nested deeper than \(Self.depthLimit) levels", "flatten the file")
      case "mapping values are not allowed in this context":
        (
          "a ':' stands where no key can",
          "indent the line like its neighbours, or quote a value that holds ': '"
        )
      case "did not find expected key":
        ("a key was expected here", "indent this line like the keys around it")
      case "could not find expected ':'":
        ("a key without its ':'", "write key: value")
      case "found unexpected end of stream":
        ("a quote is not closed before the end of the file", "close the quote")
      case "did not find expected ',' or ']'":
        ("a list in brackets is not closed", "write ',' between the values and ']' at the end")
      case "did not find expected ',' or '}'":
        ("a mapping in braces is not closed", "write ',' between the keys and '}' at the end")
      case "found character that cannot start any token":
        ("this character cannot begin a value", "put the value in quotes")
      case "found undefined alias":
        ("this alias names no anchor above it", "write the value out")
      case "but found another document":
        ("a second document begins here", "keep one workflow in a file")
      default:
        (
          (context.map { "\($0): " } ?? "") + problem,
          "check the indentation, quotes and brackets near this place"
        )
      }
    problems.report(message, at: position, remedy: remedy)
  }

  /// Yams tells where the key stands first; the one to remove is a later one at the same depth.
  private mutating func reportDuplicate(
    _ key: String, first: SourcePosition, source: String
  ) {
    var place = first
    for (index, line) in SourceLines.split(source).enumerated().dropFirst(first.line) {
      let scalars = line.unicodeScalars
      let indent = scalars.prefix { $0 == " " }.count
      let rest = String(scalars.dropFirst(indent))
      if indent + 1 == first.column, rest.hasPrefix(key + ":") {
        place = SourcePosition(line: index + 1, column: indent + 1)
        break
      }
      if !rest.isEmpty, rest.first != "#", indent + 1 < first.column { break }
    }
    problems.report(
      "the key '\(key)' stands twice in one mapping", at: place, text: key,
      remedy: "remove one of them" + (place == first ? "" : "; the first is in line \(first.line)"))
  }
}
