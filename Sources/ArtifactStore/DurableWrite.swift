import Glibc

/// Writes a file so that a crash at any moment leaves the old content or the new, whole.
///
/// The bytes go to a temporary file in the same folder, to the disk, to their name, and the folder
/// to the disk. The file's folder must exist.
///
/// - Parameters:
///   - path: The file; replaced if it exists. A symbolic link is replaced, not followed.
///   - bytes: The whole content.
///   - mode: The permissions of the new file, less the process's mask.
/// - Throws: `ArtifactError`; nothing has changed then, except for a failure to bring the folder to
///   the disk, after which the new content stands but may not survive a loss of power.
public func writeFileDurably(
  _ path: String, _ bytes: RawSpan, mode: UInt32 = 0o644
) throws(ArtifactError) {
  var temporary = try TemporaryEntry.file(
    in: folder(of: path), for: lastComponent(of: path), mode: mode)
  try temporary.file.writeAll(bytes)
  try temporary.publish(at: path)
}

/// Writes a file so that a crash at any moment leaves the old content or the new, whole.
///
/// - Throws: `ArtifactError`, as the form for a span.
public func writeFileDurably(
  _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644
) throws(ArtifactError) {
  try writeFileDurably(path, bytes.span.bytes, mode: mode)
}

/// Makes a folder with its content so that a crash at any moment leaves nothing or all of it.
///
/// - Parameters:
///   - path: Where the folder will stand; nothing may stand there yet. Its parent must exist.
///   - fill: Writes the content into the temporary folder whose path it gets.
/// - Throws: What `fill` throws; `ArtifactError` with code `exists` if something stands there.
/// - Complexity: One disk flush a file and folder.
public func writeFolderDurably(_ path: String, fill: (String) throws -> Void) throws {
  let path = withoutTrailingSlashes(path)
  var temporary = try TemporaryEntry.folder(
    in: folder(of: path), for: lastComponent(of: path))
  try fill(temporary.path)
  try syncTree(temporary.path)
  try temporary.publish(at: path)
}

/// Makes a folder and those above it that are missing, and brings each new entry to the disk.
///
/// - Throws: `ArtifactError`; folders made before the failure stay.
public func createFolderDurably(_ path: String) throws(ArtifactError) {
  let path = withoutTrailingSlashes(path)
  var status = stat()
  if stat(path, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .system(ENOTDIR, doing: "cannot use as a folder", path: path)
    }
    return
  }
  let parent = folder(of: path)
  if parent != path { try createFolderDurably(parent) }
  // Another process may have made it since; then its entry is brought to the disk once more.
  guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
    throw .system(errno, doing: "cannot create the folder", path: path)
  }
  try syncFolder(parent)
}

/// Reads a whole regular file.
///
/// - Parameter limit: The largest size in bytes that is taken; a larger file is refused unread.
/// - Throws: `ArtifactError`; code `wrongKind` for a folder, a pipe or a device.
public func readFile(_ path: String, limit: Int = .max) throws(ArtifactError) -> [UInt8] {
  let file = try OpenFile.regular(path)
  let size = Int(try file.status().st_size)
  guard size <= limit else {
    throw ArtifactError(
      code: .wrongKind, path: path, message: "\(path) has \(size) bytes, more than \(limit)",
      remedy: "give a smaller file")
  }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(size)
  try file.readParts { part in part.withUnsafeBytes { bytes.append(contentsOf: $0) } }
  return bytes
}

/// Computes the digest of a regular file without holding it in memory.
///
/// - Throws: `ArtifactError`; code `wrongKind` for a folder, a pipe or a device.
/// - Complexity: O(size), 1 MiB of memory.
public func digestOfFile(_ path: String) throws(ArtifactError) -> Digest {
  var hash = StreamingDigest()
  try OpenFile.regular(path).readParts { hash.update($0) }
  return hash.finalize()
}

private func syncTree(_ path: String) throws(ArtifactError) {
  var status = stat()
  guard lstat(path, &status) == 0 else {
    throw .system(errno, doing: "cannot look at", path: path)
  }
  switch status.st_mode & S_IFMT {
  case S_IFDIR:
    for name in try entries(of: path) { try syncTree("\(path)/\(name)") }
    try syncFolder(path)
  case S_IFREG:
    try OpenFile(path, flags: O_RDONLY, doing: "cannot open").sync()
  default:
    break  // A link has no content beyond its entry, which the folder's flush covers.
  }
}
