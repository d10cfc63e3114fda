import ArtifactStore
import Contracts
import Glibc
import SystemShims

/// The digests of the plug-ins that the build of this program made: `first-party.json` beside them.
///
///     {"format": "cadre.first-party/1", "digests": ["sha256:…"]}
///
/// Only the list in the folder beside the executable counts: who can write there can replace the
/// executable too.
struct FirstPartyList: Hashable, Sendable {
  static let fileName = "first-party.json"
  private static let format = "cadre.first-party/1"

  var digests: Set<Digest> = []

  init(digests: Set<Digest>) { self.digests = digests }

  /// Reads a folder's list; empty where there is none.
  ///
  /// - Throws: `PluginError` with code `trustList`.
  init(folder: String) throws(PluginError) {
    let path = "\(folder)/\(Self.fileName)"
    let source = FieldReader.Source(
      code: .trustList, file: path, noun: "the list of first-party plug-ins",
      remedy: "build or install this program again")
    guard let bytes = try readTrustFile(path, source) else { return }
    let reader = try FieldReader(
      try source.setting(bytes), place: "", known: ["format", "digests"], source: source)
    guard try reader.string("format") == Self.format else {
      throw reader.error("format", "must be \(Self.format)")
    }
    for value in try reader.list("digests", limit: 4096) {
      guard let digest = try? Digest(parsing: value.stringValue ?? "") else {
        throw reader.error("digests", "must be a list of digests such as \"sha256:…\"")
      }
      digests.insert(digest)
    }
  }

  var json: String {
    let setting: Setting = [
      "format": .string(Self.format),
      "digests": .list(digests.sorted().map { .string($0.description) }),
    ]
    return setting.jsonLines
  }
}

/// Reads a file that says whom to trust; nil where there is none.
///
/// - Throws: `PluginError` where it is no regular file or others than its owner may write to it.
func readTrustFile(
  _ path: String, _ source: FieldReader.Source
) throws(PluginError) -> [UInt8]? {
  do {
    let facts = try FileFacts(of: path)
    guard !facts.isWorldWritable else {
      throw PluginError(
        source.code, file: path, "\(source.noun) \(path) may be changed by every user",
        remedy: "check what stands in it, then run `chmod o-w \(shellWord(path))`")
    }
    return try readRegularFile(path, limit: 4 << 20)
  } catch let error as SystemError {
    if error.errorNumber == ENOENT || error.errorNumber == ENOTDIR { return nil }
    throw source.error(error.message)
  } catch {
    throw error as? PluginError ?? source.error("\(error)")
  }
}
