import ArtifactStore
import FoundationEssentials

extension Safetensors {
  /// The bytes of the file.
  ///
  /// Equal content gives equal bytes: tensors go widest type first and then by name, as the
  /// reference implementation writes them, notes go by name, and blanks bring the payload to a
  /// multiple of 8.
  ///
  /// - Parameter path: What errors call the bytes.
  /// - Throws: `FormatError` if a name stands twice or is reserved, or if a tensor's bytes do not fit
  ///   its shape and type.
  /// - Complexity: O(n log n) for n tensors, and one copy of their bytes.
  public func encoded(named path: String = "safetensors") throws(FormatError) -> Data {
    try check(path)
    let ordered = tensors.sorted(by: Self.precedes)
    var items: [String] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(quotedJSON($0.key)):\(quotedJSON($0.value))" }
      items.append("\(quotedJSON(Self.metadataKey)):{\(notes.joined(separator: ","))}")
    }
    var end = 0
    for tensor in ordered {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let offsets = "\(end),\(end + tensor.bytes.count)"
      items.append(
        """
        \(quotedJSON(tensor.name)):{"dtype":"\(tensor.type.rawValue)","shape":[\(shape)],\
        "data_offsets":[\(offsets)]}
        """)
      end += tensor.bytes.count
    }
    var header = Array("{\(items.joined(separator: ","))}".utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= Self.headerLimit else {
      throw FormatError(
        code: .badHeader, path: path,
        message: "the header takes \(header.count) bytes; the limit is \(Self.headerLimit)",
        remedy: "put the tensors in several files")
    }
    var file = Data(capacity: 8 + header.count + end)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
    file.append(contentsOf: header)
    for tensor in ordered { file.append(tensor.bytes) }
    return file
  }

  /// Writes the file so that a crash at any moment leaves the old content or the new, whole.
  ///
  /// - Throws: `FormatError` as `encoded`, `ArtifactError` if it cannot be written.
  public func write(to path: String) throws {
    try writeFileDurably(path, encoded(named: path).bytes)
  }

  private func check(_ path: String) throws(FormatError) {
    var names: Set<String> = []
    for tensor in tensors {
      let label = "tensor \"\(tensor.name)\""
      guard tensor.name != Self.metadataKey else {
        throw FormatError(
          code: .badName, path: path, message: "a tensor is named \(Self.metadataKey)",
          remedy: "give it another name: the format keeps this one for notes")
      }
      guard names.insert(tensor.name).inserted else {
        throw FormatError(
          code: .badName, path: path, message: "\(label) stands twice",
          remedy: "give each tensor a name of its own")
      }
      let count = NamedTensor.elementCount(of: tensor.shape)
      let (byteCount, overflow) =
        count?.multipliedReportingOverflow(by: tensor.type.byteCount) ?? (0, true)
      guard !overflow, byteCount == tensor.bytes.count else {
        throw FormatError(
          code: .badLayout, path: path,
          message: """
            \(label) has \(tensor.bytes.count) bytes, which does not fit \
            \(tensor.type.rawValue) of shape \(tensor.shape)
            """,
          remedy: "correct its shape, type or bytes")
      }
    }
  }

  private static let rank = Dictionary(
    uniqueKeysWithValues: ScalarType.allCases.enumerated().map { ($1, $0) })

  private static func precedes(_ a: NamedTensor, _ b: NamedTensor) -> Bool {
    if a.type != b.type { return rank[a.type, default: 0] > rank[b.type, default: 0] }
    return a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
  }
}
