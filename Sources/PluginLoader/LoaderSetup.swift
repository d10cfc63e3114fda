import SystemShims

/// Where a loader looks, and what it uses: every path that would otherwise come from the
/// environment.
public struct LoaderSetup: Sendable {
  /// A folder that is searched for plug-ins.
  public struct SearchFolder: Hashable, Sendable {
    /// Its path.
    public var path: String
    /// Whether somebody asked for it by name, so that its absence is worth a word.
    public var isExplicit: Bool

    /// A folder.
    public init(_ path: String, isExplicit: Bool = true) {
      self.path = path
      self.isExplicit = isExplicit
    }
  }

  /// The folders in the order of the search; what comes first wins.
  public var searchFolders: [SearchFolder]
  /// The only folder whose `first-party.json` counts; nil for none.
  public var firstPartyFolder: String?
  /// The user's list of trusted plug-ins; nil where there is no home.
  public var trustFile: String?
  /// Where private copies and the memory of probes stand; nil where there is no home.
  public var cacheFolder: String?
  /// The program `cadre-probe`.
  public var probe: String
  /// How long a first load may take in the probe.
  public var probeTimeLimit: Duration
  /// The environment of the probe.
  public var environment: [String: String]

  /// A setup of given places.
  public init(
    searchFolders: [SearchFolder], firstPartyFolder: String? = nil, trustFile: String?,
    cacheFolder: String?, probe: String, probeTimeLimit: Duration = .seconds(5),
    environment: [String: String] = ThisProcess.environment
  ) {
    self.searchFolders = searchFolders
    self.firstPartyFolder = firstPartyFolder
    self.trustFile = trustFile
    self.cacheFolder = cacheFolder
    self.probe = probe
    self.probeTimeLimit = probeTimeLimit
    self.environment = environment
  }

  /// The places of the running program.
  ///
  /// - Search: `$CADRE_PLUGIN_PATH`, separated by colons; `cadre-plugins` beside the executable;
  ///   `$XDG_DATA_HOME/cadre/plugins`.
  /// - First-party: `cadre-plugins` beside the executable.
  /// - Trust: `$XDG_CONFIG_HOME/cadre/trust.json`. Cache: `$XDG_CACHE_HOME/cadre`.
  /// - Probe: `cadre-probe` beside the executable.
  ///
  /// Each XDG variable that is unset or relative falls back to its standard place in `$HOME`.
  public static func ofThisProcess(
    environment: [String: String] = ThisProcess.environment,
    executable: String? = ThisProcess.executable
  ) -> LoaderSetup {
    func base(_ variable: String, _ fallback: String) -> String? {
      if let folder = environment[variable], folder.hasPrefix("/") { return folder }
      guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
      return "\(home)/\(fallback)"
    }
    let beside = executable.map(FilePath.folder(of:)) ?? "."
    let bundled = "\(beside)/cadre-plugins"
    var folders = (environment["CADRE_PLUGIN_PATH"] ?? "").split(separator: ":").map {
      SearchFolder(String($0))
    }
    folders.append(SearchFolder(bundled, isExplicit: false))
    if let data = base("XDG_DATA_HOME", ".local/share") {
      folders.append(SearchFolder("\(data)/cadre/plugins", isExplicit: false))
    }
    return LoaderSetup(
      searchFolders: folders, firstPartyFolder: bundled,
      trustFile: base("XDG_CONFIG_HOME", ".config").map { "\($0)/cadre/trust.json" },
      cacheFolder: base("XDG_CACHE_HOME", ".cache").map { "\($0)/cadre" },
      probe: "\(beside)/cadre-probe", environment: environment)
  }
}
