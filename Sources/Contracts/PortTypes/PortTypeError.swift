/// A type that cannot be read, or two types that do not fit.
public struct PortTypeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, to catch.
  public enum Code: Hashable, Sendable {
    /// The text is no type.
    case syntax
    /// The kinds differ, such as a table where a tensor is wanted.
    case kind
    /// Tensors differ in element type, number of dimensions or a size.
    case shape
    /// A column is missing or of another type.
    case column
    /// The models are for different tasks or in different formats.
    case model
    /// Sealed data was given to a consumer that may not open it.
    case sealed
  }

  /// What went wrong, to catch.
  public let code: Code
  /// What went wrong, to read.
  public let message: String
  /// Where in the text, in Unicode scalars from its start.
  ///
  /// 0 for types that do not fit.
  public let offset: Int
  /// How many scalars of the text are at fault; 0 at its end.
  public let length: Int
  /// What the author probably meant, or what to do.
  public let suggestion: String?

  /// States what went wrong.
  public init(
    code: Code, message: String, offset: Int = 0, length: Int = 0, suggestion: String? = nil
  ) {
    self.code = code
    self.message = message
    self.offset = offset
    self.length = length
    self.suggestion = suggestion
  }

  /// The message with its suggestion.
  public var description: String {
    suggestion.map { "\(message); \($0)" } ?? message
  }
}
