import ArtifactStore
import SystemShims

/// What came of sealing a folder.
public struct SealReport: Sendable {
  /// The plug-ins whose manifest now stands, by file name.
  public fileprivate(set) var sealed: [PluginManifest] = []
  /// The plug-ins that could not be sealed.
  public fileprivate(set) var refusals: [PluginError] = []
}

extension PluginLoader {
  /// Writes the manifest of each plug-in in a folder, and on wish the list that makes them
  /// first-party.
  ///
  /// Each library that exports the entry is loaded in a child process to learn its id and version:
  /// seal only what you would run. Libraries without the entry are passed over. `cpu` is taken over
  /// from an older manifest of the same plug-in.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - firstParty: Whether to write `first-party.json` too, which counts only in the folder
  ///     beside the executable.
  ///   - offers: By file name of the library, what its manifest is to say that it offers.
  /// - Returns: What was sealed. A plug-in that could not be is in the report, and in no list.
  /// - Throws: `PluginError` where the folder cannot be read or written.
  public func sealFolder(
    _ folder: String, firstParty: Bool, offers: [String: [PluginManifest.OfferSummary]] = [:]
  ) throws(PluginError) -> SealReport {
    let folder = FilePath.resolved(folder)
    guard let names = FilePath.names(in: folder) else {
      throw PluginError(
        .unreadable, file: folder, "cannot list the folder \(folder)",
        remedy: "check the path and its permissions")
    }
    var report = SealReport()
    for name in names where name.hasSuffix(".so") {
      do throws(PluginError) {
        let path = "\(folder)/\(name)"
        if let manifest = try seal(path, offers: offers[name] ?? []) {
          report.sealed.append(manifest)
        }
      } catch {
        report.refusals.append(error)
      }
    }
    if firstParty {
      let list = FirstPartyList(digests: Set(report.sealed.map(\.digest)))
      try write(list.json, to: "\(folder)/\(FirstPartyList.fileName)", code: .trustList)
    }
    return report
  }

  /// Seals one library; nil where it is no plug-in.
  private func seal(
    _ path: String, offers: [PluginManifest.OfferSummary]
  ) throws(PluginError) -> PluginManifest? {
    try requireSafePlace(ofLibrary: path)
    let bytes: [UInt8]
    let library: ElfLibrary
    do {
      bytes = try readRegularFile(path, limit: PluginInspection.byteLimit)
      library = try ElfLibrary(bytes: bytes, path: path)
      if try PluginEntry.find(in: library) == .none { return nil }
    } catch {
      throw PluginError(library: error)
    }
    try PluginEntry.require(in: library)
    let digest = Digest(of: bytes)
    let facts = try probed(bytes, digest, library)
    let manifestPath = PluginManifest.path(forLibrary: path)
    let older = try? PluginManifest(path: manifestPath)
    let manifest = PluginManifest(
      id: facts.id, version: facts.version, about: facts.about, library: FilePath.name(of: path),
      digest: digest, cpu: older?.id == facts.id ? older?.cpu ?? [] : [], offers: offers)
    try write(manifest.json, to: manifestPath, code: .manifest)
    return manifest
  }

  private func probed(
    _ bytes: [UInt8], _ digest: Digest, _ library: ElfLibrary
  ) throws(PluginError) -> Handshake.Facts {
    let memory = ProbeMemory(cacheFolder: setup.cacheFolder)
    if let facts = memory.facts(of: digest) { return facts }
    let images = try ImageFolder(
      cacheFolder: setup.cacheFolder, environment: setup.environment, for: library.path)
    try NeededLibraries.requireResolvable(library, origin: images.path)
    let copy = try images.copy(bytes, digest, for: library.path)
    let facts = try setup.makeProbe().run(copy.path, for: library.path)
    memory.remember(facts, of: digest)
    return facts
  }

  /// Writes a file unless it says the same already.
  private func write(
    _ text: String, to path: String, code: PluginError.Code
  ) throws(PluginError) {
    let bytes = Array(text.utf8)
    if let old = try? readRegularFile(path, limit: PluginManifest.byteLimit), old == bytes {
      return
    }
    do {
      try writeFileDurably(path, bytes)
    } catch {
      throw PluginError(code, error)
    }
  }
}
