/// Why a table could not be made, read, or taken over from the other side.
public struct TableError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a caller can tell apart.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// Columns of one table differ in length.
    case unequalLengths
    /// Two columns share a name.
    case duplicateColumn
    /// A column that was asked for is not there.
    case missingColumn
    /// A column has another type than the caller needs.
    case wrongType
    /// The Arrow type is none that Cadre reads.
    case unsupportedFormat
    /// Counts, buffers or offsets of an Arrow structure contradict each other.
    case malformed
    /// Bytes of a text column are not UTF-8.
    case invalidText
    /// The Arrow structure was released before it was read.
    case released
    /// The producer of a stream reported an error.
    case producer
  }

  /// What a caller can tell apart.
  public let code: Code
  /// What happened and what to do about it.
  public let message: String
  /// The column at fault, or nil when it is the table.
  public let column: String?
  /// The row at fault within its batch, counted from 0, or nil.
  public let row: Int?

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - code: what a caller can tell apart.
  ///   - message: what happened and what to do about it.
  ///   - column: the column at fault.
  ///   - row: the row at fault within its batch, counted from 0.
  public init(_ code: Code, _ message: String, column: String? = nil, row: Int? = nil) {
    self.code = code
    self.message = message
    self.column = column
    self.row = row
  }

  /// Place and message in one line.
  public var description: String {
    switch (column, row) {
    case (let column?, let row?): "column '\(column)', row \(row): \(message)"
    case (let column?, nil): "column '\(column)': \(message)"
    default: message
    }
  }
}
