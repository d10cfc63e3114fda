/// A library with its manifest, found but not yet looked into.
public struct PluginCandidate: Hashable, Sendable {
  /// What the manifest says.
  public let manifest: PluginManifest
  /// The library's path, its folder with all links resolved.
  public let library: String

  /// The folder that both stand in.
  public var folder: String { FilePath.folder(of: library) }
  /// The manifest's path.
  public var manifestPath: String { PluginManifest.path(forLibrary: library) }

  /// Reads the manifest beside a library.
  ///
  /// - Throws: `PluginError` where the library is no regular file, stands in a folder that everybody
  ///   may write to, or has no sound manifest.
  public init(library path: String) throws(PluginError) {
    let folder = FilePath.resolved(FilePath.folder(of: path))
    library = folder == "/" ? "/\(FilePath.name(of: path))" : "\(folder)/\(FilePath.name(of: path))"
    try requireSafePlace(ofLibrary: library)
    manifest = try PluginManifest(path: PluginManifest.path(forLibrary: library))
  }
}
