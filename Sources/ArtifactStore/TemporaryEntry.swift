import Glibc
import Synchronization

/// A file or folder that is being written beside the place where it will stand.
///
/// Its writer holds an advisory lock on it for as long as it lives. A lock that can be had thus
/// means that the writer is gone: this holds across containers, where process ids do not, and for
/// a process id that was given out again. The id in the name is for people.
struct TemporaryEntry: ~Copyable {
  /// The suffix by which leftovers are known.
  static let suffix = ".cadre-tmp"

  private static let counter = Atomic<UInt64>(0)

  let file: OpenFile
  private var isPublished = false

  var path: String { file.path }

  /// Makes an empty, locked file in a folder.
  static func file(
    in folder: String, for name: String, mode: UInt32
  ) throws(ArtifactError) -> TemporaryEntry {
    while true {
      let path = freshPath(in: folder, for: name)
      let file = try OpenFile(
        path, flags: O_RDWR | O_CREAT | O_EXCL, mode: mode, doing: "cannot create")
      if try claim(file) { return TemporaryEntry(file: file) }
    }
  }

  /// Makes an empty, locked folder in a folder.
  static func folder(in parent: String, for name: String) throws(ArtifactError) -> TemporaryEntry {
    while true {
      let path = freshPath(in: parent, for: name)
      guard mkdir(path, 0o755) == 0 else {
        throw .system(errno, doing: "cannot create the folder", path: path)
      }
      let file: OpenFile
      do {
        file = try OpenFile(path, flags: O_RDONLY | O_DIRECTORY, doing: "cannot open the folder")
      } catch  where error.code == .missing {
        continue  // A sweeper took it before its lock.
      }
      if try claim(file) { return TemporaryEntry(file: file) }
    }
  }

  private init(file: consuming OpenFile) { self.file = file }

  deinit {
    if !isPublished { removeTree(file.path) }
  }

  /// Brings the content to the disk and moves it to its place in one step.
  ///
  /// A file replaces a file; a folder replaces nothing but an empty folder: `rename` sees to that.
  mutating func publish(at path: String) throws(ArtifactError) {
    try file.sync()
    guard rename(file.path, path) == 0 else {
      throw .system(errno, doing: "cannot put in place", path: path)
    }
    isPublished = true
    try syncFolder(ArtifactStore.folder(of: path))
  }

  /// Whether the lock came before any sweeper: one that was faster has removed the entry.
  private static func claim(_ file: borrowing OpenFile) throws(ArtifactError) -> Bool {
    _ = try file.lock(exclusive: true, wait: true)
    var status = stat()
    let mine = try file.status()
    return lstat(file.path, &status) == 0 && status.st_ino == mine.st_ino
      && status.st_dev == mine.st_dev
  }

  private static func freshPath(in folder: String, for name: String) -> String {
    let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
    // The name is cut so that a long one leaves room for the suffix within 255 bytes.
    let short = String(decoding: name.utf8.prefix(60), as: UTF8.self)
    return "\(folder)/.\(short).\(getpid())-\(number)\(suffix)"
  }
}

/// Removes what writers that died left in a folder: files and folders that end in `.cadre-tmp` and
/// that no living process holds.
///
/// - Returns: How many were removed.
/// - Throws: `ArtifactError` if the folder cannot be read; what cannot be removed stays.
@discardableResult
public func removeLeftovers(in folder: String) throws(ArtifactError) -> Int {
  var count = 0
  for name in try entries(of: folder) where name.hasSuffix(TemporaryEntry.suffix) {
    let path = "\(folder)/\(name)"
    let isAbandoned =
      (try? OpenFile(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, doing: "cannot open")
        .lock(exclusive: true, wait: false)) ?? false
    if isAbandoned {
      removeTree(path)
      count += 1
    }
  }
  return count
}

/// Removes a file, or a folder with all that is in it, as far as the system allows.
func removeTree(_ path: String) {
  if unlink(path) == 0 { return }
  for name in (try? entries(of: path)) ?? [] { removeTree("\(path)/\(name)") }
  _ = rmdir(path)
}
