/// A problem in a workflow file: where it is, what is wrong, and what to do about it.
public struct Diagnostic: Error, Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable {
    /// The workflow cannot run.
    case error
    /// The workflow runs, perhaps not as meant.
    case warning
  }

  /// The file, as it was named.
  public var file: String
  /// Where the problem stands.
  public var position: SourcePosition
  /// How bad it is.
  public var severity: Severity
  /// What is wrong.
  public var message: String
  /// The text at fault, as it stands in the file; may be empty.
  public var offendingText: String
  /// What to do about it.
  public var remedy: String
  /// The line of the file, for display.
  public var sourceLine: String

  /// The line, from 1.
  public var line: Int { position.line }
  /// The column, from 1, in Unicode scalars.
  public var column: Int { position.column }

  /// States a problem.
  public init(
    file: String, position: SourcePosition, severity: Severity = .error, message: String,
    offendingText: String = "", remedy: String, sourceLine: String = ""
  ) {
    self.file = file
    self.position = position
    self.severity = severity
    self.message = message
    self.offendingText = offendingText
    self.remedy = remedy
    self.sourceLine = sourceLine
  }
}

extension Diagnostic: CustomStringConvertible {
  /// The problem as a compiler shows it: place, message, the line with a caret, the remedy.
  ///
  ///     workflow.yaml:12:7: error: 'tem' is no key of a step
  ///      12 |       tem: 2
  ///         |       ^~~
  ///         = did you mean 'team'?
  public var description: String {
    let number = String(line)
    let gutter = String(repeating: " ", count: number.count)
    var text = "\(file):\(line):\(column): \(severity.rawValue): \(message)"
    if !sourceLine.isEmpty {
      // Tabs keep their width under one another only if the caret's line has them too.
      let lead = sourceLine.unicodeScalars.prefix(column - 1)
        .reduce(into: "") { $0 += $1 == "\t" ? "\t" : " " }
      let room = sourceLine.unicodeScalars.count - (column - 1)
      let firstLine = offendingText.unicodeScalars.prefix { $0 != "\n" }.count
      let tail = String(repeating: "~", count: max(0, min(firstLine, room) - 1))
      text += "\n \(number) | \(sourceLine)\n \(gutter) | \(lead)^\(tail)"
    }
    if !remedy.isEmpty { text += "\n \(gutter) = \(remedy)" }
    return text
  }
}

extension Diagnostic: Comparable {
  /// Orders problems by their place in the file.
  public static func < (a: Diagnostic, b: Diagnostic) -> Bool {
    (a.file, a.position, a.message) < (b.file, b.position, b.message)
  }
}

/// What is wrong with a short notation inside a value: a type, a duration, an expression.
struct NotationError: Error, Hashable, Sendable, CustomStringConvertible {
  var message: String
  /// Unicode scalars from the start of the value.
  var offset = 0
  var length = 0
  var remedy: String

  var description: String { "\(message); \(remedy)" }
}
