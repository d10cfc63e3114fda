import Glibc

/// What went wrong with a file or an object of the store, where, and what to do about it.
public struct ArtifactError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Hashable, Sendable {
    /// The object or the file is not there.
    case missing
    /// The bytes on disk do not have the digest that they are stored under.
    case corrupt
    /// The disk or the quota is full, or the file grew over a limit.
    case noSpace
    /// The operating system refuses access, or the file system is mounted read-only.
    case permission
    /// A folder stands where a file is needed, or the other way round, or a special file.
    case wrongKind
    /// A file stands already where a new one was to be created.
    case exists
    /// A text is no digest.
    case malformedDigest
    /// Any other failure of the operating system.
    case io
  }

  /// The kind of failure.
  public let code: Code
  /// The file or folder that it happened at; the text itself for `malformedDigest`.
  public let path: String
  /// What happened, with the place.
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

  /// Message and remedy in one line.
  public var description: String { "\(message); \(remedy)" }
}

extension ArtifactError {
  /// The error for a failed system call.
  ///
  /// - Parameters:
  ///   - errorNumber: `errno` right after the call.
  ///   - doing: What was tried, as in "cannot write".
  ///   - path: The file or folder that it was tried on.
  public static func system(_ errorNumber: Int32, doing: String, path: String) -> ArtifactError {
    let reason = String(cString: strerror(errorNumber))
    let (code, remedy): (Code, String) =
      switch errorNumber {
      case ENOENT:
        (.missing, "check the path")
      case ENOSPC, EDQUOT, EFBIG:
        (.noSpace, "free space on the disk that holds this path, or choose another folder")
      case EACCES, EPERM, EROFS:
        (.permission, "grant this user access to the path, or choose another folder")
      case ENOTDIR, EISDIR, ELOOP:
        (.wrongKind, "move away what stands in the way, or choose another path")
      case EEXIST, ENOTEMPTY:
        (.exists, "remove what stands there, or choose another path")
      default:
        (.io, "check the disk and the system's log")
      }
    return ArtifactError(
      code: code, path: path, message: "\(doing) \(path): \(reason)", remedy: remedy)
  }

  static func malformedDigest(_ text: String) -> ArtifactError {
    ArtifactError(
      code: .malformedDigest, path: text, message: "\"\(text)\" is no digest",
      remedy: "write sha256: followed by 64 lower-case hexadecimal digits")
  }

  static func corrupt(_ path: String, expected: Digest, found: Digest) -> ArtifactError {
    ArtifactError(
      code: .corrupt, path: path,
      message: "\(path) was altered or damaged: it should be \(expected) but is \(found)",
      remedy: "restore the file from a copy, or delete it and repeat the step that made it")
  }
}
