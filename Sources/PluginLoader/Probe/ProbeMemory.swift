import ArtifactStore
import Glibc
import SystemShims

/// Remembers which libraries have passed a probe, by digest, in a folder of the cache.
///
/// Without a usable cache nothing is remembered, and each first load of a process is probed.
struct ProbeMemory {
  private let folder: String?

  init(cacheFolder: String?) {
    folder = cacheFolder.map { "\($0)/probes" }
  }

  /// What the probe of that library said, or nil where none is known.
  func facts(of digest: Digest) -> Handshake.Facts? {
    guard let path = path(of: digest), let bytes = try? readRegularFile(path, limit: 64 << 10),
      case .passed(let facts) = ProbeReport(json: bytes)
    else { return nil }
    return facts
  }

  func remember(_ facts: Handshake.Facts, of digest: Digest) {
    guard let folder, let path = path(of: digest), (try? PrivateFolder.make(folder)) != nil else {
      return
    }
    // A lost memory costs another probe, so a failure to write is none.
    try? writeFileDurably(path, Array(ProbeReport.passed(facts).json.utf8), mode: 0o600)
  }

  func forget(_ digest: Digest) {
    if let path = path(of: digest) { unlink(path) }
  }

  private func path(of digest: Digest) -> String? {
    folder.map { "\($0)/\(digest.hex).json" }
  }
}
