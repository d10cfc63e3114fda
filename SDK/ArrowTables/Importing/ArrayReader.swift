import CadreABI

/// Reads one column of a struct array after checking everything that can be checked.
///
/// The interface does not say how long buffers are, so a producer that lies about lengths cannot be
/// caught; one that contradicts itself is.
struct ArrayReader {
  let name: String
  let format: ArrowFormat
  private let buffers: UnsafeMutablePointer<UnsafeRawPointer?>
  /// The elements of the buffers that belong to the rows wanted.
  private let range: Range<Int>
  private let validity: UnsafePointer<UInt8>?

  /// - Parameters:
  ///   - array: the child array.
  ///   - rows: the rows of the parent, its own offset included.
  init(
    _ array: UnsafeMutablePointer<ArrowArray>?, rows: Range<Int>, name: String,
    format: ArrowFormat
  ) throws(TableError) {
    func malformed(_ what: String) -> TableError {
      TableError(.malformed, "the Arrow array \(what)", column: name)
    }
    guard let array else { throw malformed("is null") }
    guard array.pointee.release != nil else {
      throw TableError(.released, "the Arrow array was released already", column: name)
    }
    guard array.pointee.dictionary == nil, array.pointee.n_children == 0 else {
      throw malformed("has children or a dictionary, which its type does not have")
    }
    guard array.pointee.n_buffers == format.bufferCount, let buffers = array.pointee.buffers else {
      throw malformed("has \(array.pointee.n_buffers) buffers, not \(format.bufferCount)")
    }
    let length = array.pointee.length
    let offset = array.pointee.offset
    guard length >= 0, offset >= 0, length < 1 << 48, offset < 1 << 48 else {
      throw malformed("has length \(length) and offset \(offset)")
    }
    guard rows.upperBound <= Int(length) else {
      throw malformed("has \(length) rows; its table needs \(rows.upperBound)")
    }
    let nullCount = array.pointee.null_count
    guard nullCount >= -1, nullCount <= length else {
      throw malformed("states \(nullCount) missing values of \(length)")
    }
    let validity = buffers[0]?.assumingMemoryBound(to: UInt8.self)
    guard validity != nil || nullCount <= 0 else {
      throw malformed("states \(nullCount) missing values but has no validity bitmap")
    }
    let dataIndex = Int(format.bufferCount) - 1
    if !rows.isEmpty, buffers[1] == nil || (dataIndex == 1 && buffers[dataIndex] == nil) {
      throw malformed("has rows but a null buffer")
    }
    if let validity, nullCount >= 0 {
      var missing: Int64 = 0
      for index in Int(offset)..<Int(offset + length) where !Self.bit(validity, index) {
        missing += 1
      }
      guard missing == nullCount else {
        throw malformed("states \(nullCount) missing values; its bitmap has \(missing)")
      }
    }
    self.name = name
    self.format = format
    self.buffers = buffers
    self.validity = nullCount == 0 ? nil : validity
    range = (rows.lowerBound + Int(offset))..<(rows.upperBound + Int(offset))
  }

  /// The values of the rows wanted.
  ///
  /// - Complexity: O(rows), and for texts O(bytes).
  func values() throws(TableError) -> ColumnValues {
    switch format {
    case .utf8: .utf8(try texts(offsets: Int32.self))
    case .largeUTF8: .utf8(try texts(offsets: Int64.self))
    case .int64: .i64(numbers(Int64.self) { $0 })
    case .int32: .i64(numbers(Int32.self) { Int64($0) })
    case .float64: .f64(numbers(Double.self) { $0 })
    case .float32: .f64(numbers(Float.self) { Double($0) })
    case .bool: .bool(flags())
    }
  }

  private static func bit(_ bitmap: UnsafePointer<UInt8>, _ index: Int) -> Bool {
    bitmap[index >> 3] & (1 << UInt8(index & 7)) != 0
  }

  private func isValid(_ index: Int) -> Bool {
    guard let validity else { return true }
    return Self.bit(validity, index)
  }

  private func numbers<Stored: BitwiseCopyable, Number>(
    _ type: Stored.Type, _ widen: (Stored) -> Number
  ) -> [Number?] {
    guard let data = buffers[1] else { return [] }
    // Unaligned loads: the interface recommends alignment, but does not promise it.
    return range.map { index in
      guard isValid(index) else { return nil }
      return widen(
        data.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.stride, as: Stored.self))
    }
  }

  private func flags() -> [Bool?] {
    guard let data = buffers[1]?.assumingMemoryBound(to: UInt8.self) else { return [] }
    return range.map { isValid($0) ? Self.bit(data, $0) : nil }
  }

  private func texts<Offset: FixedWidthInteger & BitwiseCopyable>(
    offsets type: Offset.Type
  ) throws(TableError) -> [String?] {
    guard !range.isEmpty, let offsets = buffers[1] else { return [] }
    func end(_ index: Int) -> Int {
      Int(
        offsets.loadUnaligned(fromByteOffset: index * MemoryLayout<Offset>.stride, as: Offset.self)
      )
    }
    let data = buffers[2]
    var texts: [String?] = []
    texts.reserveCapacity(range.count)
    var start = end(range.lowerBound)
    for index in range {
      let next = end(index + 1)
      let row = index - range.lowerBound
      guard start >= 0, next >= start else {
        throw TableError(
          .malformed, "has text offsets that go from \(start) to \(next)", column: name, row: row)
      }
      guard next == start || data != nil else {
        throw TableError(.malformed, "has text but no data buffer", column: name, row: row)
      }
      if isValid(index) {
        let bytes = UnsafeRawBufferPointer(start: data.map { $0 + start }, count: next - start)
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw TableError(
            .invalidText, "is not valid UTF-8; the source must be decoded first", column: name,
            row: row)
        }
        texts.append(text)
      } else {
        texts.append(nil)
      }
      start = next
    }
    return texts
  }
}
