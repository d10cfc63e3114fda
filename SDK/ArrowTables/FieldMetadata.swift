/// A column's tags as Arrow field metadata, under one key, separated by commas.
///
/// The layout is Arrow's: int32 number of pairs, then for each key and value an int32 length and the
/// bytes, all in the machine's byte order, not aligned.
enum FieldMetadata {
  static let tagsKey = "cadre.tags"

  /// The metadata block of these tags, or nil when there are none.
  static func encode(tags: [String]) -> [UInt8]? {
    guard !tags.isEmpty else { return nil }
    var bytes: [UInt8] = []
    func append(_ number: Int32) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
    append(1)
    for text in [tagsKey, tags.joined(separator: ",")] {
      append(Int32(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    }
    return bytes
  }

  /// The tags in a metadata block; pairs under other keys are skipped.
  ///
  /// The block does not say how long it is, so only its signs can be checked.
  static func decodeTags(
    _ metadata: UnsafePointer<CChar>?, column: String
  ) throws(TableError) -> [String] {
    guard let metadata else { return [] }
    var cursor = UnsafeRawPointer(metadata)
    func malformed() -> TableError {
      TableError(.malformed, "has metadata with a negative length", column: column)
    }
    func number() -> Int {
      defer { cursor += 4 }
      return Int(cursor.loadUnaligned(as: Int32.self))
    }
    func text() throws(TableError) -> String {
      let count = number()
      guard count >= 0 else { throw malformed() }
      defer { cursor += count }
      return String(decoding: UnsafeRawBufferPointer(start: cursor, count: count), as: UTF8.self)
    }
    let pairs = number()
    guard pairs >= 0 else { throw malformed() }
    for _ in 0..<pairs {
      let key = try text()
      let value = try text()
      if key == tagsKey { return value.split(separator: ",").map(String.init) }
    }
    return []
  }
}
