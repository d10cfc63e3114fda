import ArtifactStore
import Glibc

/// Where Cadre keeps what it makes: the journal of runs, artefacts, the registry of models.
///
/// `$CADRE_HOME`, else `$XDG_DATA_HOME/cadre`, else `~/.local/share/cadre`.
public struct Home: Hashable, Sendable {
  /// The folder; it need not exist.
  public let path: String

  /// A home at a given place.
  public init(path: String) { self.path = path }

  /// The home of this process.
  ///
  /// - Throws: ``ExecutionError`` when neither `CADRE_HOME` nor a home folder is known.
  public static func current() throws -> Home {
    func variable(_ name: String) -> String? {
      guard let value = getenv(name) else { return nil }
      let text = String(cString: value)
      return text.isEmpty ? nil : text
    }
    if let path = variable("CADRE_HOME") { return Home(path: path) }
    // The XDG specification has relative paths ignored.
    if let path = variable("XDG_DATA_HOME"), path.hasPrefix("/") {
      return Home(path: path + "/cadre")
    }
    guard let home = variable("HOME") else {
      throw ExecutionError(
        .failedPrecondition, "there is no home folder to keep runs in",
        remedy: "set CADRE_HOME to a folder that can be written")
    }
    return Home(path: home + "/.local/share/cadre")
  }

  /// Makes the folder, for its owner alone: artefacts hold what the sources hold, and sealed parts.
  ///
  /// - Throws: errors of the file system; ``ExecutionError`` when it may not be written.
  func make() throws {
    let isNew = access(path, F_OK) != 0
    try createFolderDurably(path)
    if isNew { chmod(path, 0o700) }
    guard access(path, W_OK | X_OK) == 0 else {
      throw ExecutionError(
        .permissionDenied, "\(path) may not be written",
        remedy: "make it writable, or set CADRE_HOME to another folder")
    }
  }

  /// The SQLite database of runs.
  public var journal: String { path + "/journal.sqlite" }
  /// The folder of artefacts.
  public var artifacts: String { path + "/artifacts" }
  /// The folder of deployed models.
  public var registry: String { path + "/models" }
}
