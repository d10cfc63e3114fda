import ArtifactStore
import Glibc
import Synchronization

/// A private copy of a library on its way: under a passing name until it has passed the probe.
///
/// It removes itself unless it is published. Its lock tells the store's sweeper that it is in use.
final class ImageCopy {
  private static let counter = Atomic<UInt64>(0)

  let path: String
  private let descriptor: Int32
  private var isPublished = false

  init(_ bytes: [UInt8], _ digest: Digest, folder: String) throws(ArtifactError) {
    let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    path = "\(folder)/.\(digest.hex.prefix(16)).\(getpid())-\(number).cadre-tmp"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o500)
    guard descriptor >= 0 else { throw .system(errno, doing: "cannot create", path: path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw .system(errno, doing: "cannot lock", path: path)
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system(errno, doing: "cannot write", path: path) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else {
      throw .system(errno, doing: "cannot bring to the disk", path: path)
    }
  }

  deinit {
    if !isPublished { unlink(path) }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Moves the copy to its lasting name and brings the folder's entry to the disk.
  func publish(at target: String) throws(ArtifactError) {
    guard rename(path, target) == 0 else {
      throw .system(errno, doing: "cannot put in place", path: target)
    }
    isPublished = true
    let folder = open(FilePath.folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      throw .system(errno, doing: "cannot open the folder of", path: target)
    }
    defer { close(folder) }
    guard fsync(folder) == 0 else {
      throw .system(errno, doing: "cannot bring to the disk the folder of", path: target)
    }
  }
}
