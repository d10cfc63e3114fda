import Glibc

/// What went wrong with a file, a library or a child process, and where.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Hashable, Sendable {
    /// A call to the operating system failed; `errorNumber` says how.
    case system
    /// A link, a folder, a pipe or a device stands where a regular file is needed.
    case wrongKind
    /// The file is larger than the caller takes.
    case tooLarge
    /// The file is no ELF file.
    case notElf
    /// ELF, but not a shared library for this machine.
    case otherMachine
    /// ELF that ends too early or contradicts itself.
    case damaged
  }

  /// The kind of failure.
  public let code: Code
  /// The system's error number, 0 where no system call failed.
  public let errorNumber: Int32
  /// The file that it happened at.
  public let path: String
  /// What happened, with the place.
  public let message: String

  /// Makes an error.
  public init(code: Code, errorNumber: Int32 = 0, path: String, message: String) {
    self.code = code
    self.errorNumber = errorNumber
    self.path = path
    self.message = message
  }

  /// The message.
  public var description: String { message }

  /// The error for a failed system call.
  ///
  /// - Parameters:
  ///   - errorNumber: `errno` right after the call.
  ///   - doing: What was tried, as in "cannot open".
  ///   - path: The file that it was tried on.
  public static func system(_ errorNumber: Int32, doing: String, path: String) -> SystemError {
    SystemError(
      code: .system, errorNumber: errorNumber, path: path,
      message: "\(doing) \(path): \(String(cString: strerror(errorNumber)))")
  }

  static func notElf(_ path: String, _ why: String) -> SystemError {
    SystemError(code: .notElf, path: path, message: "\(path) is no ELF file: \(why)")
  }

  static func otherMachine(_ path: String, _ why: String) -> SystemError {
    SystemError(code: .otherMachine, path: path, message: "\(path) \(why)")
  }

  static func damaged(_ path: String, _ why: String) -> SystemError {
    SystemError(code: .damaged, path: path, message: "\(path) is damaged: \(why)")
  }
}
