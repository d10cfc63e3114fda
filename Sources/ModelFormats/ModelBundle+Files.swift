import ArtifactStore
import FoundationEssentials

extension ModelBundle {
  /// Writes the bundle as a new folder, so that a crash at any moment leaves nothing or all of it.
  ///
  /// - Parameter folder: Where it will stand; nothing may stand there yet. Its parent must exist.
  /// - Returns: The manifest that was written, with the digest of each file.
  /// - Throws: `FormatError` if a value breaks the format; code `exists` if something stands there.
  ///   `ArtifactError` if it cannot be written. Nothing is left behind then.
  @discardableResult
  public func write(to folder: String) throws -> BundleManifest {
    var files: [(path: String, bytes: Data)] = []
    let manifest = try manifest { path, bytes in
      files.append((path, bytes))
      return BundleManifest.File(path: path, sha256: Digest(of: bytes.bytes))
    }
    files.append((BundleManifest.fileName, try manifest.encoded(named: folder)))
    do {
      try writeFolderDurably(folder) { temporary in
        for file in files {
          let parts = file.path.split(separator: "/").dropLast()
          try createFolderDurably("\(temporary)/\(parts.joined(separator: "/"))")
          try writeFileDurably("\(temporary)/\(file.path)", file.bytes.bytes)
        }
      }
    } catch let error as ArtifactError where error.path == folder {
      guard error.code == .exists || error.code == .wrongKind else { throw error }
      throw FormatError(
        code: .exists, path: folder, message: "something stands there already",
        remedy: "choose another version, or remove what stands there")
    }
    return manifest
  }

  /// Reads a bundle and checks every file against the manifest's digests.
  ///
  /// - Throws: `FormatError`; code `alteredFile` that names the file whose bytes changed.
  ///   `ArtifactError` if a file is missing or cannot be read.
  public init(contentsOf folder: String) throws {
    let manifest = try BundleManifest(ofBundle: folder)
    let members = try manifest.members.map { member in
      let bytes = try Self.bytes(of: member.model, in: folder)
      return Member(
        agentID: member.agentID, agentVersion: member.agentVersion,
        pluginDigest: member.pluginDigest, weight: member.weight,
        model: try Safetensors(parsing: bytes, named: "\(folder)/\(member.model.path)"),
        metadata: member.metadata)
    }
    let preparation = try manifest.preparation.map { preparation in
      Preparation(
        agentID: preparation.agentID, agentVersion: preparation.agentVersion,
        pluginDigest: preparation.pluginDigest,
        state: try Self.bytes(of: preparation.state, in: folder))
    }
    self.init(
      name: manifest.name, version: manifest.version, created: manifest.created,
      task: manifest.task, ports: manifest.ports, labels: manifest.labels, members: members,
      preparation: preparation, metrics: manifest.metrics, runID: manifest.runID,
      workflowDigest: manifest.workflowDigest)
  }

  private func manifest(
    adding add: (String, Data) throws -> BundleManifest.File
  ) throws -> BundleManifest {
    let entries = try members.enumerated().map { index, member in
      let path = members.count == 1 ? Self.modelName : "members/\(index)/\(Self.modelName)"
      return BundleManifest.Member(
        agentID: member.agentID, agentVersion: member.agentVersion,
        pluginDigest: member.pluginDigest, weight: member.weight,
        model: try add(path, try member.model.encoded(named: path)), metadata: member.metadata)
    }
    let fitted = try preparation.map { preparation in
      BundleManifest.Preparation(
        agentID: preparation.agentID, agentVersion: preparation.agentVersion,
        pluginDigest: preparation.pluginDigest,
        state: try add(Self.preparationName, preparation.state))
    }
    return BundleManifest(
      name: name, version: version, created: created, task: task, ports: ports, labels: labels,
      members: entries, preparation: fitted, metrics: metrics, runID: runID,
      workflowDigest: workflowDigest)
  }

  private static let modelName = "model.safetensors"
  private static let preparationName = "preparation.state"

  /// The digest is taken of the bytes in memory, so that nobody can change them after the check.
  private static func bytes(of file: BundleManifest.File, in folder: String) throws -> Data {
    let path = "\(folder)/\(file.path)"
    let bytes = try readFile(path)
    let found = Digest(of: bytes)
    guard found == file.sha256 else {
      throw FormatError(
        code: .alteredFile, path: path,
        message: "the manifest states \(file.sha256), and the file is \(found)",
        remedy: "get the bundle again, or deploy the model again from its run")
    }
    return Data(bytes)
  }
}
