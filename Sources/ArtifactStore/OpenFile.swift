import Glibc

/// An open file or folder, closed at the end of its life.
struct OpenFile: ~Copyable {
  let descriptor: Int32
  let path: String

  init(_ path: String, flags: Int32, mode: UInt32 = 0, doing: String) throws(ArtifactError) {
    var descriptor: Int32
    repeat {
      descriptor = open(path, flags | O_CLOEXEC, mode_t(mode))
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw .system(errno, doing: doing, path: path) }
    self.descriptor = descriptor
    self.path = path
  }

  /// Opens a regular file for reading; a folder, a pipe or a device is refused unread.
  ///
  /// `O_NONBLOCK` keeps a pipe without a writer from stopping the host in `open`.
  static func regular(_ path: String) throws(ArtifactError) -> OpenFile {
    let file = try OpenFile(path, flags: O_RDONLY | O_NONBLOCK, doing: "cannot open")
    guard try file.status().st_mode & S_IFMT == S_IFREG else {
      throw ArtifactError(
        code: .wrongKind, path: path, message: "\(path) is no regular file",
        remedy: "give the path of a file")
    }
    return file
  }

  deinit { _ = close(descriptor) }

  func status() throws(ArtifactError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(errno, doing: "cannot look at", path: path)
    }
    return status
  }

  func writeAll(_ bytes: RawSpan) throws(ArtifactError) {
    var failure: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let count = write(descriptor, start, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          failure = errno
          return
        }
        rest = rest.dropFirst(count)
      }
    }
    if failure != 0 { throw .system(failure, doing: "cannot write", path: path) }
  }

  /// Reads from the present place to the end in parts of at most 1 MiB.
  func readParts(_ use: (RawSpan) -> Void) throws(ArtifactError) {
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = part.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(errno, doing: "cannot read", path: path)
      }
      if count == 0 { return }
      use(part.span.bytes.extracting(first: count))
    }
  }

  /// Waits until the disk holds all that was written.
  func sync() throws(ArtifactError) {
    guard fsync(descriptor) == 0 else {
      throw .system(errno, doing: "cannot bring to the disk", path: path)
    }
  }

  /// Takes the file's advisory lock; it goes with the descriptor, so also when the process dies.
  ///
  /// - Returns: Whether the lock was taken; always true if `wait` is.
  func lock(exclusive: Bool, wait: Bool) throws(ArtifactError) -> Bool {
    let operation = (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB)
    while flock(descriptor, operation) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK && !wait { return false }
      throw .system(errno, doing: "cannot lock", path: path)
    }
    return true
  }
}

extension OpenFile {
  /// Ends the file's life, and its lock's, here and not where the compiler sees the last use.
  consuming func release() {}
}

/// Waits until the disk holds the folder's entries: the second half of a durable rename.
func syncFolder(_ path: String) throws(ArtifactError) {
  try OpenFile(path, flags: O_RDONLY | O_DIRECTORY, doing: "cannot open the folder").sync()
}

/// The names in a folder without `.` and `..`, sorted.
func entries(of folder: String) throws(ArtifactError) -> [String] {
  guard let stream = opendir(folder) else {
    throw .system(errno, doing: "cannot list", path: folder)
  }
  defer { closedir(stream) }
  var names: [String] = []
  while true {
    errno = 0
    guard let entry = readdir(stream) else { break }
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != "." && name != ".." { names.append(name) }
  }
  guard errno == 0 else { throw .system(errno, doing: "cannot list", path: folder) }
  return names.sorted()
}

/// The folder part of a path: `.` if it has none.
func folder(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The last part of a path.
func lastComponent(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
  return String(path[path.index(after: slash)...])
}

/// A path without slashes at its end.
func withoutTrailingSlashes(_ path: String) -> String {
  var rest = path[...]
  while rest.utf8.count > 1, rest.utf8.last == UInt8(ascii: "/") { rest.removeLast() }
  return String(rest)
}
