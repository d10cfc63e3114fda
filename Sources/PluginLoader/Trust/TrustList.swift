import ArtifactStore
import Contracts
import Glibc

/// The plug-ins that the user trusts to run in this process, by digest.
///
///     {"format": "cadre.trust/1",
///      "plugins": [{"digest": "sha256:…", "note": "libFoo.so, built by me"}]}
///
/// A digest names exact bytes, so a changed library is untrusted again.
public struct TrustList: Sendable {
  /// A trusted library.
  public struct Entry: Hashable, Sendable {
    /// The SHA-256 of the library.
    public let digest: Digest
    /// The user's note, for instance the file's name.
    public let note: String
  }

  private static let format = "cadre.trust/1"
  private static let noteLimit = 1000

  /// The file that holds the list.
  ///
  /// It need not exist.
  public let file: String

  /// The list in a file.
  public init(file: String) { self.file = file }

  /// The entries in the order in which they were added.
  ///
  /// - Throws: `PluginError` with code `trustList` where the file is broken or open to others.
  public func entries() throws(PluginError) -> [Entry] {
    guard let bytes = try readTrustFile(file, source) else { return [] }
    let reader = try FieldReader(
      try source.setting(bytes), place: "", known: ["format", "plugins"], source: source)
    guard try reader.string("format") == Self.format else {
      throw reader.error("format", "must be \(Self.format)")
    }
    var entries: [Entry] = []
    for (index, value) in try reader.list("plugins", limit: 4096).enumerated() {
      let entry = try FieldReader(
        value, place: "plugins[\(index)]", known: ["digest", "note"], source: source)
      guard let digest = try? Digest(parsing: try entry.string("digest")) else {
        throw entry.error("digest", "must be sha256: and 64 lower-case hexadecimal digits")
      }
      entries.append(Entry(digest: digest, note: try entry.string("note")))
    }
    return entries
  }

  /// The note of a trusted digest, or nil where it is not trusted.
  ///
  /// - Throws: As `entries`.
  public func note(of digest: Digest) throws(PluginError) -> String? {
    try entries().first { $0.digest == digest }?.note
  }

  /// Adds a digest, or changes its note.
  ///
  /// - Throws: `PluginError` with code `trustList`; the old list stands then.
  public func add(_ digest: Digest, note: String) throws(PluginError) {
    _ = try change { entries in
      let short = String(decoding: note.utf8.prefix(Self.noteLimit), as: UTF8.self)
      let entry = Entry(digest: digest, note: short)
      if let index = entries.firstIndex(where: { $0.digest == digest }) {
        entries[index] = entry
      } else {
        entries.append(entry)
      }
    }
  }

  /// Removes a digest.
  ///
  /// What is loaded already stays loaded.
  ///
  /// - Returns: Whether it was there.
  /// - Throws: `PluginError` with code `trustList`; the old list stands then.
  public func remove(_ digest: Digest) throws(PluginError) -> Bool {
    try change { $0.removeAll { $0.digest == digest } }
  }

  private var source: FieldReader.Source {
    FieldReader.Source(
      code: .trustList, file: file, noun: "the trust list",
      remedy: "correct the file, or remove it and trust your plug-ins again")
  }

  /// Reads, changes and writes the list while no other process does.
  ///
  /// - Returns: Whether anything changed; if not, nothing is written.
  private func change(_ body: (inout [Entry]) -> Void) throws(PluginError) -> Bool {
    let folder = FilePath.folder(of: file)
    do {
      try createFolderDurably(folder)
      let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard lock >= 0 else { throw ArtifactError.system(errno, doing: "cannot open", path: folder) }
      defer { close(lock) }
      while flock(lock, LOCK_EX) != 0 {
        guard errno == EINTR else {
          throw ArtifactError.system(errno, doing: "cannot lock", path: folder)
        }
      }
      let old = try entries()
      var new = old
      body(&new)
      guard new != old else { return false }
      try writeFileDurably(file, Array(json(new).utf8), mode: 0o600)
      return true
    } catch let error as ArtifactError {
      throw PluginError(.trustList, error)
    } catch {
      throw error as? PluginError ?? source.error("\(error)")
    }
  }

  private func json(_ entries: [Entry]) -> String {
    let plugins = entries.map { entry -> Setting in
      ["digest": .string(entry.digest.description), "note": .string(entry.note)]
    }
    return Setting.object([
      .init("format", .string(Self.format)), .init("plugins", .list(plugins)),
    ]).jsonLines
  }
}
