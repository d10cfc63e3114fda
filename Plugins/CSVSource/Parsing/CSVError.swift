/// Why a text is no CSV, and where.
public struct CSVError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a caller can tell apart.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// A quote was opened and never closed.
    case unclosedQuote
    /// Something other than a delimiter or a line's end follows a closing quote.
    case textAfterQuote
    /// A byte that no UTF-8 text has there.
    case invalidUTF8
    /// A byte 0, which no text has.
    case nulByte
    /// A row has more or fewer fields than the header.
    case raggedRow
    /// There is not even a header.
    case empty
  }

  /// What a caller can tell apart.
  public let code: Code
  /// What happened and what to do about it.
  public let message: String
  /// The line, from 1.
  public let line: Int
  /// The character in the line, from 1; nil when the whole line is meant.
  public let column: Int?

  /// Makes an error.
  public init(_ code: Code, _ message: String, line: Int, column: Int? = nil) {
    self.code = code
    self.message = message
    self.line = line
    self.column = column
  }

  /// `line` or `line:column`, as editors take it after a file's name.
  public var place: String { column.map { "\(line):\($0)" } ?? "\(line)" }

  /// Place and message in one line.
  public var description: String { "\(place): \(message)" }
}
