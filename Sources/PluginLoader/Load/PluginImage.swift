import CadreABI

/// A library in this process, whose module has been read.
///
/// It stays until the process ends.
public final class PluginImage: Sendable {
  /// The manifest that it was loaded by.
  public let manifest: PluginManifest
  /// The path of the private copy.
  ///
  /// The file may be gone; the image is mapped.
  public let path: String
  /// The SHA-256 of its bytes, `sha256:…`.
  public let digest: String
  // Points into an image that is never unmapped, to a table that the plug-in does not change.
  /// The module.
  ///
  /// Read its fields one by one and by the size rule; never copy the table.
  public nonisolated(unsafe) let module: UnsafePointer<cadre_module>

  init(
    manifest: PluginManifest, path: String, digest: String, module: UnsafePointer<cadre_module>
  ) {
    self.manifest = manifest
    self.path = path
    self.digest = digest
    self.module = module
  }
}
