import ArtifactStore
import Contracts
import SystemShims

extension PluginManifest {
  /// Reads a manifest file.
  ///
  /// - Throws: `PluginError` with code `manifest`, `unreadable` or `wrongKind`.
  public init(path: String) throws(PluginError) {
    let bytes: [UInt8]
    do {
      bytes = try readRegularFile(path, limit: Self.byteLimit)
    } catch  where error.errorNumber == Self.noSuchFile {
      throw PluginError(
        .manifest, file: path, "the manifest \(path) is missing",
        remedy: "get it from the plug-in's author, or write it with "
          + "`cadre plugins seal \(shellWord(FilePath.folder(of: path)))`")
    } catch {
      let code: PluginError.Code =
        switch error.code {
        case .wrongKind: .wrongKind
        case .system: .unreadable
        default: .manifest
        }
      throw PluginError(
        code, file: path, "the manifest cannot be used: \(error.message)",
        remedy: "put the plug-in's own manifest there, a plain file of at most "
          + "\(Self.byteLimit) bytes")
    }
    try self.init(json: bytes, file: path)
  }

  private static let noSuchFile: Int32 = 2

  /// Reads a manifest's bytes.
  ///
  /// - Parameter file: Its path, for messages and to check `library` against.
  /// - Throws: `PluginError` with code `manifest` that names the key.
  public init(json bytes: [UInt8], file: String) throws(PluginError) {
    let source = FieldReader.Source(
      code: .manifest, file: file, noun: "the manifest",
      remedy: "correct the manifest, or write it anew with "
        + "`cadre plugins seal \(shellWord(FilePath.folder(of: file)))`")
    let setting = try source.setting(bytes)
    // The format comes first: a newer one may well have keys that are unknown here.
    if let format = setting["format"]?.stringValue, format != Self.format {
      throw source.error("its format is \"\(format.prefix(80))\"; this host reads \(Self.format)")
    }
    let reader = try FieldReader(
      setting, place: "",
      known: ["format", "id", "version", "about", "library", "abi", "digest", "cpu", "offers"],
      source: source)
    _ = try reader.string("format")

    let id = try reader.string("id")
    guard Self.isId(id) else {
      throw reader.error("id", "must be letters, digits, '.', '-' and '_', at most 200")
    }
    let version = try reader.string("version")
    guard Self.isVersion(version) else {
      throw reader.error("version", "must be a semantic version such as 1.0.0")
    }
    let about = reader.value("about") == nil ? "" : try reader.string("about")
    let library = try reader.string("library")
    guard Self.path(forLibrary: library) == FilePath.name(of: file), library.hasSuffix(".so") else {
      throw reader.error(
        "library", "must name the library beside the manifest, whose name ends in .so")
    }
    let abi = try FieldReader(
      try reader.required("abi"), place: "abi", known: ["major", "minor"], source: source)
    let digest: Digest
    do {
      digest = try Digest(parsing: try reader.string("digest"))
    } catch let error as ArtifactError {
      throw reader.error("digest", error.description)
    } catch {
      throw error as? PluginError ?? reader.error("digest", "\(error)")
    }
    self.init(
      id: id, version: version, about: about, library: library,
      abi: AbiVersion(major: try abi.version("major"), minor: try abi.version("minor")),
      digest: digest, cpu: try Self.readCpu(reader), offers: try Self.readOffers(reader, source))
  }

  private static func readCpu(_ reader: FieldReader) throws(PluginError) -> [String] {
    var result: [String] = []
    for value in try reader.list("cpu", limit: 256) {
      guard let name = value.stringValue, name.utf8.count <= 64 else {
        throw reader.error("cpu", "must be a list of short names such as \"avx2\"")
      }
      result.append(name)
    }
    return result
  }

  private static func readOffers(
    _ reader: FieldReader, _ source: FieldReader.Source
  ) throws(PluginError) -> [OfferSummary] {
    var result: [OfferSummary] = []
    for (index, value) in try reader.list("offers", limit: 1024).enumerated() {
      let place = "offers[\(index)]"
      let offer = try FieldReader(
        value, place: place, known: ["task", "attributes"], source: source)
      var attributes: [String: String] = [:]
      if let value = offer.value("attributes") {
        guard let fields = value.fields else {
          throw offer.error("attributes", "must be a mapping")
        }
        for field in fields {
          guard let text = field.value.stringValue else {
            throw offer.error("attributes.\(field.key.prefix(80))", "must be text")
          }
          attributes[field.key] = text
        }
      }
      result.append(OfferSummary(task: try offer.string("task"), attributes: attributes))
    }
    return result
  }

  /// The manifest as JSON text, a key a line.
  public var json: String {
    var fields: [Setting.Field] = [
      .init("format", .string(Self.format)), .init("id", .string(id)),
      .init("version", .string(version)), .init("about", .string(about)),
      .init("library", .string(library)),
      .init("abi", ["major": .int(abi.major), "minor": .int(abi.minor)]),
      .init("digest", .string(digest.description)),
    ]
    if !cpu.isEmpty { fields.append(.init("cpu", .list(cpu.map { .string($0) }))) }
    if !offers.isEmpty {
      fields.append(
        .init(
          "offers",
          .list(
            offers.map { offer in
              let attributes = offer.attributes.sorted { $0.key < $1.key }
              return [
                "task": .string(offer.task),
                "attributes": .object(attributes.map { .init($0.key, .string($0.value)) }),
              ]
            })))
    }
    return Setting.object(fields).jsonLines
  }
}

extension Setting {
  /// The JSON of an object with each of its keys on a line of its own, for files that people read.
  var jsonLines: String {
    guard let fields, !fields.isEmpty else { return json + "\n" }
    let lines = fields.map { "  \(Setting.string($0.key).json): \($0.value.json)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }
}
