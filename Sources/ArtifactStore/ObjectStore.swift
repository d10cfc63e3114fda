import Glibc
import Synchronization

/// Content-addressed files in a folder: each object is kept under the digest of its bytes.
///
///     objects/ab/cdef…   whole objects, read-only, named by their SHA-256
///     tmp/               objects that are being written
///     lock               taken for a moment by writers, for longer by the garbage collection
///
/// An object appears whole or not at all, whatever moment a crash chooses. Several threads and
/// processes may use one folder. All functions block on the disk.
public final class ObjectStore: Sendable {
  /// The store's folder.
  public let root: String

  /// Shards whose entry in `objects` this process has brought to the disk.
  private let durableShards = Mutex<Set<String>>([])

  /// Opens the store in a folder, makes it where it does not exist, and removes what writers that
  /// died left behind.
  ///
  /// - Parameters:
  ///   - root: The folder.
  ///   - readOnly: Whether to touch nothing; then the store must exist.
  /// - Throws: `ArtifactError`.
  public init(root: String, readOnly: Bool = false) throws(ArtifactError) {
    self.root = withoutTrailingSlashes(root)
    if readOnly {
      let folder = objectsFolder
      _ = try OpenFile(folder, flags: O_RDONLY | O_DIRECTORY, doing: "cannot open the store")
    } else {
      try createFolderDurably(objectsFolder)
      try createFolderDurably(temporaryFolder)
      try removeLeftovers(in: temporaryFolder)
    }
  }

  /// Where the object of that digest stands or would stand.
  public func path(of digest: Digest) -> String {
    "\(shardFolder(of: digest))/\(digest.hex.dropFirst(2))"
  }

  /// Whether the object is there; its bytes are not looked at.
  public func contains(_ digest: Digest) -> Bool {
    access(path(of: digest), F_OK) == 0
  }

  /// The object's size in bytes.
  ///
  /// - Throws: `ArtifactError` with code `missing` if it is not there.
  public func byteCount(of digest: Digest) throws(ArtifactError) -> Int {
    Int(try openObject(digest).status().st_size)
  }

  /// Reads an object and checks its bytes against the digest.
  ///
  /// - Throws: `ArtifactError`; code `missing` if it is not there, `corrupt` if it was altered.
  public func read(_ digest: Digest) throws(ArtifactError) -> [UInt8] {
    let file = try openObject(digest)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(try file.status().st_size))
    try file.readParts { part in part.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    let found = Digest(of: bytes)
    guard found == digest else {
      throw .corrupt(path(of: digest), expected: digest, found: found)
    }
    return bytes
  }

  /// Checks an object's bytes against its digest without holding them in memory.
  ///
  /// - Throws: `ArtifactError`; code `missing` if it is not there, `corrupt` if it was altered.
  public func verify(_ digest: Digest) throws(ArtifactError) {
    var hash = StreamingDigest()
    try openObject(digest).readParts { hash.update($0) }
    let found = hash.finalize()
    guard found == digest else {
      throw .corrupt(path(of: digest), expected: digest, found: found)
    }
  }

  /// The digests of all objects, sorted.
  ///
  /// Files of other names are passed over.
  ///
  /// - Complexity: O(number of objects).
  public func digests() throws(ArtifactError) -> [Digest] {
    var found: [Digest] = []
    for shard in try entries(of: objectsFolder) where shard.utf8.count == 2 {
      for rest in try entries(of: "\(objectsFolder)/\(shard)") {
        if let digest = try? Digest(hex: shard + rest) { found.append(digest) }
      }
    }
    return found
  }

  var objectsFolder: String { "\(root)/objects" }
  var temporaryFolder: String { "\(root)/tmp" }

  func shardFolder(of digest: Digest) -> String { "\(objectsFolder)/\(digest.hex.prefix(2))" }

  /// Makes the folder that the object will stand in; its entry is on the disk afterwards, also if
  /// another process made the folder and died before it flushed.
  func prepareShard(of digest: Digest) throws(ArtifactError) {
    let shard = shardFolder(of: digest)
    if durableShards.withLock({ $0.contains(shard) }), access(shard, F_OK) == 0 { return }
    try createFolderDurably(shard)
    try syncFolder(objectsFolder)
    durableShards.withLock { _ = $0.insert(shard) }
  }

  /// Opens the file that keeps writers and the garbage collection apart, and locks it.
  func lockStore(exclusive: Bool) throws(ArtifactError) -> OpenFile {
    let file = try OpenFile(
      "\(root)/lock", flags: O_RDWR | O_CREAT, mode: 0o644, doing: "cannot open")
    _ = try file.lock(exclusive: exclusive, wait: true)
    return file
  }

  private func openObject(_ digest: Digest) throws(ArtifactError) -> OpenFile {
    do {
      return try OpenFile.regular(path(of: digest))
    } catch  where error.code == .missing {
      throw ArtifactError(
        code: .missing, path: path(of: digest),
        message: "the store \(root) holds no object \(digest)",
        remedy: "repeat the step that made it, or check that this is the right store")
    }
  }
}
