import ArtifactStore
import SystemShims

/// What can be known of a plug-in without loading it.
public struct PluginInspection: Sendable {
  /// The largest library that is read, in bytes.
  public static let byteLimit = 1 << 30

  /// The plug-in.
  public let candidate: PluginCandidate
  /// The SHA-256 of the bytes that were looked at: those, and no others, are loaded.
  public let digest: Digest
  /// Who trusts it.
  public let trust: PluginTrust
  let library: ElfLibrary
  let bytes: [UInt8]

  /// The size of the library in bytes.
  public var byteCount: Int { bytes.count }
  /// The libraries that it needs.
  public var needed: [String] { library.needed }

  /// Reads the library and makes the checks that need no code of it to run; trust and needed
  /// libraries are checks of their own.
  ///
  /// In this order: place and kind, ELF, entry, ABI, digest, CPU.
  ///
  /// - Parameter trust: Asked once the digest is known.
  /// - Throws: `PluginError`.
  /// - Complexity: O(size of the library).
  init(
    _ candidate: PluginCandidate,
    trust: (PluginCandidate, Digest) throws(PluginError) -> PluginTrust
  ) throws(PluginError) {
    let path = candidate.library
    let manifest = candidate.manifest
    try requireSafePlace(ofLibrary: path)
    let library: ElfLibrary
    do {
      bytes = try readRegularFile(path, limit: Self.byteLimit)
      library = try ElfLibrary(bytes: bytes, path: path)
    } catch {
      throw PluginError(library: error)
    }
    try PluginEntry.require(in: library)
    guard AbiVersion.host.accepts(manifest.abi) else {
      throw PluginError(
        .otherAbi, file: path,
        "\(path) is made for ABI \(manifest.abi), as its manifest says; this host speaks "
          + "\(AbiVersion.host)",
        remedy: "get a build of the plug-in for ABI \(AbiVersion.host)")
    }
    digest = Digest(of: bytes)
    guard digest == manifest.digest else {
      throw PluginError(
        .digestMismatch, file: path,
        "\(path) is not the library that its manifest describes: its digest is \(digest), the "
          + "manifest says \(manifest.digest)",
        remedy: "install library and manifest together again; if you built the library yourself, "
          + "run `cadre plugins seal \(shellWord(candidate.folder))`")
    }
    if let missing = manifest.cpu.first(where: { !CpuFeatures.current.contains($0) }) {
      throw PluginError(
        .cpu, file: path, "\(path) needs the CPU feature \(missing), which this machine lacks",
        remedy: "get a build of the plug-in without it, or use another machine")
    }
    self.candidate = candidate
    self.library = library
    self.trust = try trust(candidate, digest)
  }

  /// Throws unless the plug-in may run in this process.
  func requireTrust() throws(PluginError) {
    switch trust {
    case .firstParty: return
    case .user: try NeededLibraries.requireAllowed(library)
    case .none:
      let path = candidate.library
      throw PluginError(
        .untrusted, file: path,
        "\(path) is not trusted; it would run inside this process with all of your rights",
        remedy: "if you trust its author, run `cadre trust add \(shellWord(path))`")
    }
  }

  /// What a careful author would change: it works today, but not for ever.
  ///
  /// - Throws: `PluginError` with code `damaged` where the symbols contradict themselves.
  /// - Complexity: O(symbols).
  public func warnings() throws(PluginError) -> [String] {
    let symbols: [ElfSymbol]
    do {
      symbols = try library.symbols()
    } catch {
      throw PluginError(library: error)
    }
    var result: [String] = []
    let exported = symbols.filter(\.isExported)
    if exported.count > 1 {
      result.append(
        "exports \(exported.count) symbols instead of one; link with a version script")
    }
    if let symbol = exported.first(where: { $0.binding == .unique }) {
      result.append(
        "has process-wide unique symbols (\(symbol.name.prefix(80))): a newer generation of it "
          + "would get the older one's; compile with -fno-gnu-unique")
    }
    if library.hasTextRelocations { result.append("has text relocations; compile with -fPIC") }
    if library.usesStaticTLS {
      result.append("uses static thread-local storage; compile with -ftls-model=global-dynamic")
    }
    if trust != .firstParty {
      let others = library.needed.filter { !NeededLibraries.allowed.contains($0) }
      if !others.isEmpty {
        result.append("needs \(others.joined(separator: ", ")), which is refused in this process")
      }
    }
    return result
  }
}
