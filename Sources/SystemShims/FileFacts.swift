import Glibc

/// What stands at a path, without following a link at its end.
public struct FileFacts: Hashable, Sendable {
  /// The kind of an entry.
  public enum Kind: String, Hashable, Sendable {
    /// A regular file.
    case file = "a regular file"
    /// A folder.
    case folder = "a folder"
    /// A symbolic link.
    case link = "a symbolic link"
    /// A named pipe.
    case pipe = "a named pipe"
    /// A socket.
    case socket = "a socket"
    /// A character or block device.
    case device = "a device"
  }

  /// The kind of the entry.
  public let kind: Kind
  /// Its size in bytes; of a link, the length of its target.
  public let byteCount: Int
  /// The user that owns it.
  public let owner: UInt32
  /// Its permission bits, the lowest twelve of the mode.
  public let permissions: UInt32

  /// Whether every user may write: in a folder that means replace any file, unless it is sticky.
  public var isWorldWritable: Bool { permissions & 0o002 != 0 }
  /// Whether users of the file's group may write.
  public var isGroupWritable: Bool { permissions & 0o020 != 0 }

  /// Looks at a path.
  ///
  /// - Throws: `SystemError` if nothing stands there or it cannot be looked at.
  public init(of path: String) throws(SystemError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw .system(errno, doing: "cannot look at", path: path)
    }
    self.init(status)
  }

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      default: .device
      }
    byteCount = Int(status.st_size)
    owner = status.st_uid
    permissions = status.st_mode & 0o7777
  }
}

/// Reads a whole regular file; a link, a folder, a pipe or a device is refused unread.
///
/// The kind is asked of the opened file, so nothing can be put in its place in between.
///
/// - Parameter limit: The largest size in bytes that is taken.
/// - Throws: `SystemError`; code `wrongKind` or `tooLarge` by what stands there.
/// - Complexity: O(size).
public func readRegularFile(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
  // O_NONBLOCK keeps a pipe without a writer from stopping the host in `open`.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
  guard descriptor >= 0 else {
    let number = errno
    // ELOOP is what O_NOFOLLOW says of a link; ENXIO is a socket.
    if number == ELOOP || number == ENXIO, let facts = try? FileFacts(of: path) {
      throw wrongKind(path, facts.kind)
    }
    throw .system(number, doing: "cannot open", path: path)
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw .system(errno, doing: "cannot look at", path: path)
  }
  let facts = FileFacts(status)
  guard facts.kind == .file else { throw wrongKind(path, facts.kind) }
  guard facts.byteCount <= limit else { throw tooLarge(path, facts.byteCount, limit) }

  var bytes: [UInt8] = []
  // One byte more shows the end without a second buffer, also for a file of /proc, which says 0.
  var capacity = facts.byteCount + 1
  while true {
    var failure: Int32 = 0
    let start = bytes.count
    let part = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var got: Int
      repeat {
        got = read(descriptor, buffer.baseAddress, buffer.count)
      } while got < 0 && errno == EINTR
      if got < 0 { failure = errno }
      count = max(got, 0)
    }
    if failure != 0 { throw .system(failure, doing: "cannot read", path: path) }
    if part.isEmpty { return bytes }
    if start == 0 { bytes = part } else { bytes += part }
    guard bytes.count <= limit else { throw tooLarge(path, bytes.count, limit) }
    capacity = max(capacity - part.count, 4096)
  }
}

private func wrongKind(_ path: String, _ kind: FileFacts.Kind) -> SystemError {
  SystemError(
    code: .wrongKind, path: path, message: "\(path) is \(kind.rawValue), not a regular file")
}

private func tooLarge(_ path: String, _ size: Int, _ limit: Int) -> SystemError {
  SystemError(
    code: .tooLarge, path: path, message: "\(path) has \(size) bytes, more than \(limit)")
}
