import ArtifactStore
import FoundationEssentials

extension BundleManifest {
  /// The manifest's name in its folder.
  public static let fileName = "manifest.json"

  /// The largest manifest that is taken, in bytes.
  ///
  /// One with 10,000 labels has below 1 MiB.
  static let sizeLimit = 16 << 20

  /// Reads and checks the manifest of a bundle without opening its other files.
  ///
  /// - Parameter folder: The bundle's folder.
  /// - Throws: `FormatError` if it breaks the format, `ArtifactError` if it cannot be read.
  public init(ofBundle folder: String) throws {
    let path = "\(folder)/\(Self.fileName)"
    try self.init(parsing: readFile(path, limit: Self.sizeLimit), named: path)
  }

  /// Reads and checks the text of a manifest.
  ///
  /// - Parameter path: What errors call the text.
  /// - Throws: `FormatError`; code `unknownFormat` for one of a later major version, `unknownKey`
  ///   and `missingKey` with the key's full path.
  public init(parsing text: [UInt8], named path: String = fileName) throws(FormatError) {
    let root: JSONValue
    do {
      root = try StrictJSON.parse(text)
    } catch {
      throw FormatError(
        code: .badJSON, path: path, message: error.message,
        remedy: "correct the text, or get the bundle again")
    }
    try Self.checkFormat(root, path)
    try Self.shape.check(root, file: path)
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom(Self.time)
    do {
      self = try decoder.decode(BundleManifest.self, from: Data(text))
    } catch {
      throw Self.badValue(error, path)
    }
    try checkRules(path)
  }

  /// The text of the manifest: keys sorted, indented, with a line's end at the end.
  ///
  /// - Throws: `FormatError` if a value breaks a rule, as a metric that is not finite.
  public func encoded(named path: String = fileName) throws(FormatError) -> Data {
    try checkRules(path)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    do {
      return try encoder.encode(self) + [UInt8(ascii: "\n")]
    } catch {
      throw Self.badValue(error, path)
    }
  }

  /// The format comes first: of a later version nothing else can be judged.
  private static func checkFormat(_ root: JSONValue, _ path: String) throws(FormatError) {
    guard case .object = root else {
      throw FormatError(
        code: .badValue, path: path, message: "the text is \(root.kind), not an object",
        remedy: "get the bundle again")
    }
    guard let value = root["format"] else {
      throw FormatError(
        code: .missingKey, path: path, message: "the key format is missing",
        remedy: "give the folder of a Cadre bundle")
    }
    guard case .text(let found) = value else {
      throw FormatError(
        code: .unknownFormat, path: path, message: "format is \(value.kind), not a text",
        remedy: "give the folder of a Cadre bundle")
    }
    if found == Self.format { return }
    let prefix = "cadre.bundle/"
    let isLater = found.hasPrefix(prefix) && Int(found.dropFirst(prefix.count)) ?? 0 > 1
    throw FormatError(
      code: .unknownFormat, path: path,
      message: "the format is \"\(found)\", and this Cadre reads \(Self.format)",
      remedy: isLater
        ? "use a newer Cadre, or make the bundle again with this one"
        : "give the folder of a Cadre bundle")
  }

  private static func time(_ decoder: any Decoder) throws -> Date {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let time = try? Date(text, strategy: .iso8601) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\"\(text)\" is no time like 2026-01-02T15:04:05Z"))
    }
    return time
  }

  private static func badValue(_ error: any Error, _ path: String) -> FormatError {
    var message = "\(error)"
    if case .dataCorrupted(let context)? = error as? DecodingError {
      let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
      message = "\(keys): \(context.debugDescription)"
    } else if let error = error as? ArtifactError {
      message = error.message
    }
    return FormatError(
      code: .badValue, path: path, message: message,
      remedy: "correct the value, or get the bundle again")
  }

  private static let shape: JSONShape = {
    let file = JSONShape.object(["path": .text, "sha256": .text])
    let maker: [String: JSONShape] = ["agent_id": .text, "agent_version": .text]
    let plugin: [String: JSONShape] = ["plugin_digest": .text]
    let member: [String: JSONShape] = ["weight": .number, "model": file, "metadata": .map(.text)]
    return .object(
      [
        "format": .text,
        "name": .text,
        "version": .wholeNumber,
        "created": .text,
        "task": .text,
        "ports": .object(["inputs": .map(.text), "outputs": .map(.text)]),
        "labels": .list(.text),
        "members": .list(.object(maker.merging(member) { $1 }, optional: plugin)),
        "metrics": .map(
          .object(["value": .number, "on": .text], optional: ["low": .number, "high": .number])),
        "run_id": .text,
        "workflow_digest": .text,
      ],
      optional: [
        "preparation": .object(maker.merging(["state": file]) { $1 }, optional: plugin)
      ])
  }()
}
