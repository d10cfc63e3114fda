import Glibc

extension ObjectStore {
  /// What a garbage collection did.
  public struct GarbageReport: Hashable, Sendable {
    /// The objects that were removed, sorted.
    public var removed: [Digest] = []
    /// How many bytes they had together.
    public var removedByteCount = 0
    /// How many objects stay.
    public var keptCount = 0
  }

  /// Removes objects that nobody refers to.
  ///
  /// A running step stores its artefacts first and commits its reference afterwards, so objects
  /// that were stored or used again a short while ago are spared.
  ///
  /// - Parameters:
  ///   - keeping: All digests that the journal, the registry or anybody else refers to.
  ///   - youngerThanSeconds: Objects below this age stay in any case.
  /// - Throws: `ArtifactError`; what was removed before the failure stays removed.
  /// - Complexity: O(number of objects). Writers wait meanwhile.
  public func collectGarbage(
    keeping: Set<Digest>, sparing youngerThanSeconds: Int = 3600
  ) throws(ArtifactError) -> GarbageReport {
    let lock = try lockStore(exclusive: true)
    var report = GarbageReport()
    let now = time(nil)
    for digest in try digests() {
      let path = path(of: digest)
      var status = stat()
      guard lstat(path, &status) == 0 else {
        throw .system(errno, doing: "cannot look at", path: path)
      }
      let isYoung = now - status.st_mtim.tv_sec < youngerThanSeconds
      if keeping.contains(digest) || isYoung {
        report.keptCount += 1
        continue
      }
      guard unlink(path) == 0 else { throw .system(errno, doing: "cannot remove", path: path) }
      report.removed.append(digest)
      report.removedByteCount += Int(status.st_size)
    }
    try removeLeftovers(in: temporaryFolder)
    lock.release()
    return report
  }
}
