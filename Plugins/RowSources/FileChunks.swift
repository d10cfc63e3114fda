import AgentKit
import Glibc

/// Reads a file from front to back in pieces, so that a parser's memory does not grow with it.
public struct FileChunks: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var buffer: [UInt8]

  /// Opens a file for reading.
  ///
  /// - Parameters:
  ///   - path: a file.
  ///   - chunkSize: bytes a piece.
  /// - Throws: `AgentFailure` with `notFound`, `permissionDenied` or `invalidArgument` (a folder).
  public init(path: String, chunkSize: Int = 1 << 16) throws(AgentFailure) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    buffer = Array(repeating: 0, count: chunkSize)
    guard descriptor >= 0 else { throw Self.failure(errno, path) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw AgentFailure(.invalidArgument, "is a folder, not a file", where: path)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The next piece; nil at the end of the file.
  ///
  /// - Throws: `AgentFailure` when the file cannot be read further.
  public mutating func next() throws(AgentFailure) -> ArraySlice<UInt8>? {
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { return buffer[..<count] }
      if count == 0 { return nil }
      guard errno == EINTR else { throw Self.failure(errno, path) }
    }
  }

  private static func failure(_ number: Int32, _ path: String) -> AgentFailure {
    let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    return switch number {
    case ENOENT:
      AgentFailure(.notFound, "there is no such file; check the setting `path`", where: path)
    case EACCES, EPERM:
      AgentFailure(.permissionDenied, "may not be read: \(reason)", where: path)
    case EIO, EAGAIN:
      AgentFailure(.unavailable, "cannot be read: \(reason)", where: path)
    default:
      AgentFailure(.invalidArgument, "cannot be read: \(reason)", where: path)
    }
  }
}
