import ArtifactStore
import FoundationEssentials

extension Safetensors {
  /// The largest header that is taken, in bytes: the reference implementation's limit.
  public static let headerLimit = 100_000_000

  /// Reads a file.
  ///
  /// - Throws: `FormatError` if the content breaks the format, `ArtifactError` if it cannot be read.
  public init(contentsOf path: String) throws {
    try self.init(parsing: Data(readFile(path)), named: path)
  }

  /// Reads a file's bytes.
  ///
  /// The tensors share their storage.
  ///
  /// All that the format forbids is refused: a header over the limit, doubled names, offsets that
  /// overlap, leave holes or leave the file, sizes that do not fit shape and type, unknown types.
  ///
  /// - Parameter path: What errors call the bytes.
  /// - Throws: `FormatError`.
  /// - Complexity: O(h log h) for a header of h bytes; the tensors' bytes are not touched.
  public init(parsing file: Data, named path: String = "safetensors") throws(FormatError) {
    let (header, payload) = try Self.parts(of: file, path)
    let root: JSONValue
    do {
      root = try StrictJSON.parse(Array(header))
    } catch {
      throw .init(.badHeader, path, "the header is no valid JSON: \(error.message)")
    }
    guard case .object(let entries) = root else {
      throw .init(.badHeader, path, "the header is \(root.kind), not an object")
    }
    var metadata: [String: String] = [:]
    var layouts: [Layout] = []
    for entry in entries {
      if entry.key == Self.metadataKey {
        metadata = try Self.metadata(entry.value, path)
      } else {
        layouts.append(try Layout(entry, path))
      }
    }
    layouts.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    try Self.requireGapless(layouts, payload: payload.count, path)
    let start = payload.startIndex
    let tensors = layouts.map { layout in
      NamedTensor(
        name: layout.name, type: layout.type, shape: layout.shape,
        bytes: payload[(start + layout.begin)..<(start + layout.end)])
    }
    self.init(tensors: tensors, metadata: metadata)
  }

  static let metadataKey = "__metadata__"

  private static func parts(of file: Data, _ path: String) throws(FormatError) -> (Data, Data) {
    guard file.count >= 8 else {
      throw .init(.truncated, path, "\(file.count) bytes; the header's length alone takes 8")
    }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(headerLimit) else {
      throw .init(
        .badHeader, path, "the header claims \(length) bytes; the limit is \(headerLimit)")
    }
    let rest = file.dropFirst(8)
    guard Int(length) <= rest.count else {
      throw .init(
        .truncated, path, "the header claims \(length) bytes and the file has \(rest.count) more")
    }
    let header = rest.prefix(Int(length))
    guard header.first == UInt8(ascii: "{") else {
      throw .init(.badHeader, path, "the header does not begin with {")
    }
    return (header, rest.dropFirst(Int(length)))
  }

  private static func metadata(
    _ value: JSONValue, _ path: String
  ) throws(FormatError) -> [String: String] {
    guard case .object(let entries) = value else {
      throw .init(.badHeader, path, "\(metadataKey) is \(value.kind), not an object")
    }
    var metadata: [String: String] = [:]
    for entry in entries {
      guard case .text(let text) = entry.value else {
        throw .init(
          .badHeader, path, "\(metadataKey).\(entry.key) is \(entry.value.kind), not a text")
      }
      metadata[entry.key] = text
    }
    return metadata
  }

  /// The tensors must follow one another from the first byte of the payload to its last.
  private static func requireGapless(
    _ layouts: [Layout], payload: Int, _ path: String
  ) throws(FormatError) {
    var end = 0
    for layout in layouts {
      guard layout.begin == end else {
        let fault = layout.begin < end ? "overlaps the tensor before it" : "leaves a hole before it"
        throw .init(
          .badLayout, path,
          "\(layout.label) begins at \(layout.begin) and \(fault), which ends at \(end)")
      }
      end = layout.end
    }
    if end > payload {
      throw .init(.truncated, path, "the tensors take \(end) bytes and the file has \(payload)")
    }
    if end < payload {
      throw .init(.badLayout, path, "\(payload - end) bytes after the last tensor belong to none")
    }
  }
}

/// What the header says of one tensor.
private struct Layout {
  var name: String
  var type: ScalarType
  var shape: [Int]
  var begin: Int
  var end: Int

  var label: String { "tensor \"\(name)\"" }

  init(_ entry: JSONValue.Entry, _ path: String) throws(FormatError) {
    name = entry.key
    let label = "tensor \"\(entry.key)\""
    guard case .object(let fields) = entry.value else {
      throw .init(.badHeader, path, "\(label) is \(entry.value.kind), not an object")
    }
    let known = ["dtype", "shape", "data_offsets"]
    if let unknown = fields.first(where: { !known.contains($0.key) }) {
      throw .init(.badHeader, path, "\(label) has the unknown key \"\(unknown.key)\"")
    }
    guard case .text(let typeName)? = entry.value["dtype"] else {
      throw .init(.badHeader, path, "\(label) has no text dtype")
    }
    guard let type = ScalarType(rawValue: typeName) else {
      throw .init(.unknownType, path, "\(label) has the unknown dtype \"\(typeName)\"")
    }
    guard let shape = Self.sizes(entry.value["shape"]) else {
      throw .init(.badHeader, path, "\(label) has no shape of whole numbers from 0")
    }
    guard let offsets = Self.sizes(entry.value["data_offsets"]), offsets.count == 2 else {
      throw .init(.badHeader, path, "\(label) has no two data_offsets from 0")
    }
    guard let count = NamedTensor.elementCount(of: shape) else {
      throw .init(.badLayout, path, "\(label) has a shape whose product is too large: \(shape)")
    }
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, offsets[0] <= offsets[1], offsets[1] - offsets[0] == byteCount else {
      throw .init(
        .badLayout, path,
        "\(label) lies at \(offsets), which does not fit \(typeName) of shape \(shape)")
    }
    self.type = type
    self.shape = shape
    begin = offsets[0]
    end = offsets[1]
  }

  private static func sizes(_ value: JSONValue?) -> [Int]? {
    guard case .array(let items)? = value else { return nil }
    var sizes: [Int] = []
    for item in items {
      // Digits only: neither 1.0 nor 1e3 nor -0 is a size.
      guard case .number(let text) = item, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
        let size = Int(text)
      else { return nil }
      sizes.append(size)
    }
    return sizes
  }
}

extension FormatError {
  /// An error in a model file, whose remedy is always the same.
  init(_ code: Code, _ path: String, _ message: String) {
    self.init(
      code: code, path: path, message: message,
      remedy: "get or write the file again; it is no valid safetensors file")
  }
}
