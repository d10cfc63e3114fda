/// One column's rows laid out as Arrow buffers.
struct ColumnBuffers {
  /// Validity (nil without missing values), offsets of texts, data.
  let buffers: [OwnedBuffer?]
  /// The number of missing values.
  let nullCount: Int

  init(_ values: ColumnValues, rows: Range<Int>, format: ArrowFormat) {
    switch values {
    case .utf8(let texts):
      let slice = texts[rows]
      (buffers, nullCount) =
        format == .largeUTF8
        ? Self.layOut(slice, offsets: Int64.self) : Self.layOut(slice, offsets: Int32.self)
    case .i64(let numbers): (buffers, nullCount) = Self.layOut(numbers[rows])
    case .f64(let numbers): (buffers, nullCount) = Self.layOut(numbers[rows])
    case .bool(let flags):
      let slice = flags[rows]
      let data = OwnedBuffer(byteCount: (slice.count + 7) / 8)
      for (index, flag) in slice.enumerated() where flag == true { data.setBit(index) }
      let validity = Self.validity(slice)
      (buffers, nullCount) = ([validity.buffer, data], validity.nullCount)
    }
  }

  private static func layOut<Offset: FixedWidthInteger & BitwiseCopyable>(
    _ texts: ArraySlice<String?>, offsets type: Offset.Type
  ) -> ([OwnedBuffer?], Int) {
    let offsets = OwnedBuffer(byteCount: (texts.count + 1) * MemoryLayout<Offset>.stride)
    let ends = offsets.elements(Offset.self)
    var end = 0
    for (index, text) in texts.enumerated() {
      end += text?.utf8.count ?? 0
      ends[index + 1] = Offset(end)
    }
    let data = OwnedBuffer(byteCount: end)
    let bytes = data.elements(UInt8.self)
    for (index, text) in texts.enumerated() {
      guard let text else { continue }
      _ = bytes[Int(ends[index])..<Int(ends[index + 1])].update(fromContentsOf: text.utf8)
    }
    let validity = validity(texts)
    return ([validity.buffer, offsets, data], validity.nullCount)
  }

  private static func layOut<Number: Numeric & BitwiseCopyable>(
    _ numbers: ArraySlice<Number?>
  ) -> ([OwnedBuffer?], Int) {
    let data = OwnedBuffer(byteCount: numbers.count * MemoryLayout<Number>.stride)
    let elements = data.elements(Number.self)
    for (index, number) in numbers.enumerated() { elements[index] = number ?? 0 }
    let validity = validity(numbers)
    return ([validity.buffer, data], validity.nullCount)
  }

  private static func validity<Value>(
    _ values: ArraySlice<Value?>
  ) -> (buffer: OwnedBuffer?, nullCount: Int) {
    var nullCount = 0
    for value in values where value == nil { nullCount += 1 }
    guard nullCount > 0 else { return (nil, 0) }
    let bitmap = OwnedBuffer(byteCount: (values.count + 7) / 8)
    for (index, value) in values.enumerated() where value != nil { bitmap.setBit(index) }
    return (bitmap, nullCount)
  }
}
