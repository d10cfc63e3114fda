import ArtifactStore
import Contracts

/// What stands beside a plug-in's library and can be read without loading it.
///
/// For `libFoo.so` the file is `libFoo.cadre.json`:
///
///     {
///       "format": "cadre.plugin/1",
///       "id": "org.cadre.csv", "version": "1.0.0", "about": "Reads CSV files",
///       "library": "libFoo.so",
///       "abi": {"major": 0, "minor": 1},
///       "digest": "sha256:…",
///       "cpu": ["avx2"],
///       "offers": [{"task": "data.source/1", "attributes": {"source": "csv"}}]
///     }
///
/// `about`, `cpu` and `offers` may be left out. No other key may stand in it.
public struct PluginManifest: Hashable, Sendable {
  /// One thing that the plug-in says it can do; the opened agent has the last word.
  public struct OfferSummary: Hashable, Sendable {
    /// The task: `text.classify/1`.
    public var task: String
    /// Pairs that `needs:` may ask for.
    public var attributes: [String: String]

    /// A summary.
    public init(task: String, attributes: [String: String] = [:]) {
      self.task = task
      self.attributes = attributes
    }
  }

  /// The format that this version reads and writes.
  public static let format = "cadre.plugin/1"
  /// The largest manifest that is read, in bytes.
  public static let byteLimit = 1 << 20

  /// The module's id, `org.cadre.csv`.
  public var id: String
  /// The module's semantic version.
  public var version: String
  /// One line for a person.
  public var about: String
  /// The library's file name; it stands in the manifest's folder.
  public var library: String
  /// The ABI that the library is built for.
  public var abi: AbiVersion
  /// The SHA-256 of the library.
  public var digest: Digest
  /// Instruction set extensions without which the library cannot run.
  public var cpu: [String]
  /// What the plug-in offers; empty where the manifest does not say.
  public var offers: [OfferSummary]

  /// A manifest.
  public init(
    id: String, version: String, about: String = "", library: String, abi: AbiVersion = .host,
    digest: Digest, cpu: [String] = [], offers: [OfferSummary] = []
  ) {
    self.id = id
    self.version = version
    self.about = about
    self.library = library
    self.abi = abi
    self.digest = digest
    self.cpu = cpu
    self.offers = offers
  }

  /// Where the manifest of a library stands: `libFoo.so` → `libFoo.cadre.json`.
  public static func path(forLibrary path: String) -> String {
    let stem = path.hasSuffix(".so") ? String(path.dropLast(3)) : path
    return stem + suffix
  }

  static let suffix = ".cadre.json"

  /// Whether a text can be a module's id: letters, digits, `.`, `-` and `_`, at most 200 bytes.
  static func isId(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 200
      && text.unicodeScalars.allSatisfy { isAlphanumeric($0) || ".-_".unicodeScalars.contains($0) }
  }

  /// Whether a text is a semantic version: three numbers, then perhaps `-` or `+` and more.
  static func isVersion(_ text: String) -> Bool {
    guard text.utf8.count <= 100 else { return false }
    let core = text.prefix { $0 != "-" && $0 != "+" }
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
    let rest = text.dropFirst(core.count)
    return numbers.count == 3
      && numbers.allSatisfy { number in
        !number.isEmpty && number.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
      }
      && rest.unicodeScalars.allSatisfy { isAlphanumeric($0) || ".-+".unicodeScalars.contains($0) }
  }

  private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
  }
}
