import ArtifactStore
import Synchronization
import SystemShims

/// Turns plug-in files into modules in this process.
///
///     let loader = PluginLoader(setup: .ofThisProcess())
///     for candidate in loader.scan().candidates {
///       let image = try loader.load(candidate)
///     }
///
/// Every function blocks on the disk, and `load` on a child process too: call them off the cooperative
/// pool. All may be called from any thread.
public final class PluginLoader: Sendable {
  /// The images of the process, whichever loader loaded them: a library is loaded once.
  ///
  /// Held during a load, so that two of one library cannot overlap.
  private static let images = Mutex<[Digest: PluginImage]>([:])

  /// Where this loader looks.
  public let setup: LoaderSetup

  /// A loader.
  public init(setup: LoaderSetup) { self.setup = setup }

  /// Searches the folders.
  ///
  /// Loads nothing.
  ///
  /// - Complexity: O(files in the folders); reads manifests.
  public func scan() -> PluginScan { PluginScan(setup.searchFolders) }

  /// Reads the manifest beside a library that stands anywhere.
  ///
  /// - Throws: `PluginError`.
  public func candidate(at path: String) throws(PluginError) -> PluginCandidate {
    try PluginCandidate(library: path)
  }

  /// Makes every check that runs no code of the plug-in, and says who trusts it.
  ///
  /// - Throws: `PluginError`; not for want of trust.
  /// - Complexity: O(size of the library and of all that it needs).
  public func inspect(_ candidate: PluginCandidate) throws(PluginError) -> PluginInspection {
    let inspection = try setup.inspect(candidate)
    try NeededLibraries.requireResolvable(inspection.library, origin: setup.imageOrigin)
    return inspection
  }

  /// Loads a plug-in, or gives the image that this process has of it.
  ///
  /// The first load of a library by this user runs in a child process before. A load that fails
  /// leaves nothing behind but, if it came that far, a mapped image that nobody calls.
  ///
  /// - Throws: `PluginError`.
  /// - Complexity: O(size of the library); a probe takes tens of milliseconds.
  public func load(_ candidate: PluginCandidate) throws(PluginError) -> PluginImage {
    let result: Result<PluginImage, PluginError> = Self.images.withLock { images in
      var load = PluginLoad(candidate, setup: setup, open: images)
      do throws(PluginError) {
        let image = try load.run()
        if let digest = try? Digest(parsing: image.digest) { images[digest] = image }
        return .success(image)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// How many images this process holds: none is ever unmapped.
  public static var imageCount: Int { images.withLock { $0.count } }

  /// The digest of a library, for `TrustList`; the library is not loaded.
  ///
  /// - Throws: `PluginError` where it is no plug-in for this machine, or not in a safe place.
  public func digest(ofLibrary path: String) throws(PluginError) -> Digest {
    try requireSafePlace(ofLibrary: path)
    do {
      let bytes = try readRegularFile(path, limit: PluginInspection.byteLimit)
      try PluginEntry.require(in: ElfLibrary(bytes: bytes, path: path))
      return Digest(of: bytes)
    } catch let error as SystemError {
      throw PluginError(library: error)
    } catch {
      throw error as? PluginError
        ?? PluginError(.unreadable, file: path, "\(error)", remedy: "check the path")
    }
  }

  /// Trusts a library: it may run in this process from now on.
  ///
  /// - Parameter note: For the user; the path if empty.
  /// - Returns: The digest that was added.
  /// - Throws: `PluginError`; the list is unchanged then.
  public func trust(_ path: String, note: String = "") throws(PluginError) -> Digest {
    let digest = try digest(ofLibrary: path)
    try trustList().add(digest, note: note.isEmpty ? path : note)
    return digest
  }

  /// The user's list of trusted plug-ins.
  ///
  /// - Throws: `PluginError` where there is no home to keep it in.
  public func trustList() throws(PluginError) -> TrustList {
    guard let file = setup.trustFile else {
      throw PluginError(
        .trustList, file: "trust.json", "there is no place for the list trust.json",
        remedy: "set HOME or XDG_CONFIG_HOME to an absolute path")
    }
    return TrustList(file: file)
  }
}
