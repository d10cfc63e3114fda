/// What is wrong with a model file or a bundle, where, and what to do about it.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Hashable, Sendable {
    /// The file ends before its header or its data do.
    case truncated
    /// The header's length is zero, over the limit, or the header is no JSON object.
    case badHeader
    /// The text is no JSON, or a key stands twice in one object.
    case badJSON
    /// A tensor's type is none that this version knows.
    case unknownType
    /// A tensor's offsets leave the file, overlap, leave a hole, or do not fit shape and type.
    case badLayout
    /// A name stands twice, or is reserved.
    case badName
    /// The bundle's format is of a later major version, or of another program.
    case unknownFormat
    /// The manifest lacks a key.
    case missingKey
    /// The manifest holds a key that the format does not have.
    case unknownKey
    /// A key's value is of the wrong kind or breaks a rule.
    case badValue
    /// A file of the bundle does not have the digest that the manifest states.
    case alteredFile
    /// A file or folder stands already where the new one was to go.
    case exists
  }

  /// The kind of failure.
  public let code: Code
  /// The file, folder, or a name that the caller gave for bytes in memory.
  public let path: String
  /// What happened, with the key, the tensor or the byte offset.
  public let message: String
  /// What the reader can do about it.
  public let remedy: String

  /// Makes an error.
  public init(code: Code, path: String, message: String, remedy: String) {
    self.code = code
    self.path = path
    self.message = message
    self.remedy = remedy
  }

  /// Path, message and remedy in one line.
  public var description: String { "\(path): \(message); \(remedy)" }
}
