import Glibc

extension ObjectStore {
  /// Stores bytes.
  ///
  /// Equal bytes are stored once; a damaged object of that digest is replaced.
  ///
  /// - Returns: Their digest. The object is on the disk when the function returns.
  /// - Throws: `ArtifactError`; the store is as it was then.
  public func put(_ bytes: RawSpan) throws(ArtifactError) -> Digest {
    let digest = Digest(of: bytes)
    if try keepExisting(digest) { return digest }
    let temporary = try TemporaryEntry.file(in: temporaryFolder, for: "object", mode: 0o444)
    try temporary.file.writeAll(bytes)
    try publish(temporary, as: digest)
    return digest
  }

  /// Stores bytes.
  ///
  /// Equal bytes are stored once; a damaged object of that digest is replaced.
  ///
  /// - Returns: Their digest. The object is on the disk when the function returns.
  /// - Throws: `ArtifactError`; the store is as it was then.
  public func put(_ bytes: [UInt8]) throws(ArtifactError) -> Digest {
    try put(bytes.span.bytes)
  }

  /// Stores what a closure writes part by part, so that no more than a part is in memory.
  ///
  ///     let digest = try store.put { writer in
  ///       for part in parts { try writer.write(part) }
  ///     }
  ///
  /// - Returns: The digest of all parts together.
  /// - Throws: What the closure throws, or `ArtifactError`; the store is as it was then.
  public func put(streaming write: (inout ObjectWriter) throws -> Void) throws -> Digest {
    var writer = ObjectWriter(
      temporary: try TemporaryEntry.file(in: temporaryFolder, for: "object", mode: 0o444))
    try write(&writer)
    let digest = writer.hash.finalize()
    let temporary = writer.finish()
    if try keepExisting(digest) { return digest }
    try publish(temporary, as: digest)
    return digest
  }

  /// Stores a copy of a file.
  ///
  /// - Returns: The digest of its bytes as they were copied.
  /// - Throws: `ArtifactError`; the store is as it was then.
  public func put(fileAt path: String) throws -> Digest {
    let source = try OpenFile.regular(path)
    return try put { writer in
      var failure: ArtifactError?
      try source.readParts { part in
        guard failure == nil else { return }
        do throws(ArtifactError) { try writer.write(part) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  /// Whether a whole object of that digest stands already; it counts as new from now on, so that a
  /// garbage collection that comes before the journal's reference spares it.
  private func keepExisting(_ digest: Digest) throws(ArtifactError) -> Bool {
    guard contains(digest) else { return false }
    let lock = try lockStore(exclusive: false)
    do {
      try verify(digest)
    } catch  where error.code == .missing || error.code == .corrupt {
      return false
    }
    guard utimensat(AT_FDCWD, path(of: digest), nil, 0) == 0 else {
      throw .system(errno, doing: "cannot mark as used", path: path(of: digest))
    }
    // Whoever stored it first may have died between its rename and its flush.
    try prepareShard(of: digest)
    try syncFolder(shardFolder(of: digest))
    lock.release()
    return true
  }

  private func publish(
    _ temporary: consuming TemporaryEntry, as digest: Digest
  ) throws(ArtifactError) {
    let lock = try lockStore(exclusive: false)
    try prepareShard(of: digest)
    try temporary.publish(at: path(of: digest))
    lock.release()
  }
}

/// Takes the parts of an object that is being stored.
public struct ObjectWriter: ~Copyable {
  private var temporary: TemporaryEntry
  fileprivate var hash = StreamingDigest()
  /// How many bytes were written so far.
  public private(set) var byteCount = 0

  fileprivate init(temporary: consuming TemporaryEntry) { self.temporary = temporary }

  /// Adds bytes at the end.
  ///
  /// - Throws: `ArtifactError`, as when the disk is full.
  public mutating func write(_ bytes: RawSpan) throws(ArtifactError) {
    try temporary.file.writeAll(bytes)
    hash.update(bytes)
    byteCount += bytes.byteCount
  }

  /// Adds bytes at the end.
  ///
  /// - Throws: `ArtifactError`, as when the disk is full.
  public mutating func write(_ bytes: [UInt8]) throws(ArtifactError) {
    try write(bytes.span.bytes)
  }

  fileprivate consuming func finish() -> TemporaryEntry { temporary }
}
