import ArtifactStore
import Foundation
import ModelFormats

/// A deployed version, as `cadre models` shows it.
public struct RegisteredModel: Hashable, Sendable {
  /// The model's name.
  public let name: String
  /// The version, from 1.
  public let version: Int
  /// The aliases that point at it, sorted.
  public let aliases: [String]
  /// The folder of its bundle.
  public let folder: String
}

/// Deployed models in a folder: `NAME/versions/N/` holds a bundle, `NAME/aliases.json` says which
/// version an alias means.
///
/// A version is written whole or not at all and never changes; an alias moves by replacing one
/// small file. So a reader sees the old version or the new one, never a mixture, whenever the
/// process dies.
public struct ModelRegistry: Sendable {
  /// The folder; made on first use.
  public let root: String

  /// A registry in a folder.
  public init(root: String) { self.root = root }

  /// Writes the next version of a model.
  ///
  /// - Parameter bundle: makes the bundle for the version number that it is given.
  /// - Returns: the version.
  /// - Throws: ``DeploymentError``, or the errors of the bundle format.
  public func publish(
    _ name: String, bundle: (_ version: Int) throws -> ModelBundle
  ) throws -> Int {
    let reference = try ModelReference(parsing: name)
    let folder = versionsFolder(reference.name)
    try createFolderDurably(folder)
    let version = (try versions(of: reference.name).max() ?? 0) + 1
    _ = try bundle(version).write(to: "\(folder)/\(version)")
    return version
  }

  /// Points aliases at a version.
  ///
  /// - Throws: ``DeploymentError`` when there is no such version.
  public func route(_ name: String, aliases: [String], to version: Int) throws {
    guard try versions(of: name).contains(version) else {
      throw DeploymentError(
        .notFound, "there is no version \(version) of '\(name)'", remedy: try remedy(name))
    }
    var table = try self.aliases(of: name)
    for alias in aliases { table[alias] = version }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try writeFileDurably(aliasFile(name), [UInt8](try encoder.encode(table)))
  }

  /// Removes a version that no alias means.
  public func discard(_ name: String, version: Int) throws {
    guard try !aliases(of: name).values.contains(version) else {
      throw DeploymentError(
        .outOfOrder, "'\(name):\(version)' is in use",
        remedy: "point its alias at another version first")
    }
    try FileManager.default.removeItem(atPath: "\(versionsFolder(name))/\(version)")
  }

  /// The version that a reference means.
  ///
  /// - Throws: ``DeploymentError`` naming what there is.
  public func resolve(_ reference: ModelReference) throws -> RegisteredModel {
    let aliases = try aliases(of: reference.name)
    let version: Int
    switch reference.selector {
    case .version(let number): version = number
    case .alias(let alias):
      guard let number = aliases[alias] else {
        throw DeploymentError(
          .notFound, "there is no model '\(reference)'", remedy: try remedy(reference.name))
      }
      version = number
    }
    guard try versions(of: reference.name).contains(version) else {
      throw DeploymentError(
        .notFound, "there is no version \(version) of '\(reference.name)'",
        remedy: try remedy(reference.name))
    }
    return registered(reference.name, version, aliases)
  }

  /// All versions of all models, by name and version.
  public func list() throws -> [RegisteredModel] {
    try names().flatMap { name in
      let aliases = try aliases(of: name)
      return try versions(of: name).map { registered(name, $0, aliases) }
    }
  }

  // MARK: Files

  private func registered(
    _ name: String, _ version: Int, _ aliases: [String: Int]
  ) -> RegisteredModel {
    RegisteredModel(
      name: name, version: version,
      aliases: aliases.filter { $0.value == version }.keys.sorted(),
      folder: "\(versionsFolder(name))/\(version)")
  }

  private func versionsFolder(_ name: String) -> String { "\(root)/\(name)/versions" }
  private func aliasFile(_ name: String) -> String { "\(root)/\(name)/aliases.json" }

  private func names() throws -> [String] {
    guard FileManager.default.fileExists(atPath: root) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: root).filter {
      FileManager.default.fileExists(atPath: versionsFolder($0))
    }.sorted()
  }

  private func versions(of name: String) throws -> [Int] {
    let folder = versionsFolder(name)
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { Int($0) }
      .sorted()
  }

  private func aliases(of name: String) throws -> [String: Int] {
    let file = aliasFile(name)
    guard FileManager.default.fileExists(atPath: file) else { return [:] }
    do {
      return try JSONDecoder().decode(
        [String: Int].self, from: Data(try readFile(file, limit: 1 << 20)))
    } catch {
      throw DeploymentError(
        .corrupt, "\(file) is no JSON object of aliases and versions",
        remedy: "write it anew as {\"latest\": VERSION}; versions are the folders beside it")
    }
  }

  private func remedy(_ name: String) throws -> String {
    let versions = try versions(of: name)
    if !versions.isEmpty {
      let aliases = try aliases(of: name).keys.sorted().joined(separator: ", ")
      return "versions are \(versions.map(String.init).joined(separator: ", ")), aliases \(aliases)"
    }
    let names = try names()
    return names.isEmpty
      ? "nothing is deployed here; run a workflow with a model.deploy/1 step"
      : "deployed are \(names.joined(separator: ", "))"
  }
}
