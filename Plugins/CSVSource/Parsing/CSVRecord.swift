/// One record: its fields, unquoted, and the line on which it begins.
public struct CSVRecord: Sendable {
  /// The line on which the record begins, from 1.
  public internal(set) var line = 1
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// The number of fields.
  public var count: Int { ends.count }

  /// A field's text; the parser has checked that the bytes are UTF-8.
  ///
  /// - Parameter index: in `0..<count`.
  /// - Complexity: O(length of the field).
  public subscript(index: Int) -> String {
    let start = index == 0 ? 0 : ends[index - 1]
    return String(decoding: bytes[start..<ends[index]], as: UTF8.self)
  }

  /// All fields in order.
  public var fields: [String] { (0..<count).map { self[$0] } }

  /// Whether nothing was written on the line, not even quotes.
  var isBlank: Bool { ends.isEmpty && bytes.isEmpty }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }
  mutating func append(_ run: UnsafeBufferPointer<UInt8>.SubSequence) {
    bytes.append(contentsOf: run)
  }
  mutating func endField() { ends.append(bytes.count) }
  mutating func clear(line: Int) {
    self.line = line
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }
}
