import ArrowTables
import CadreABI
import Testing

@Suite struct MalformedInputTests {
  private func table() throws -> Table {
    try Table(columns: [
      TableColumn("text", .utf8(["one", nil, "three"])), TableColumn("n", .i64([1, 2, 3])),
    ])
  }

  private func expectRefusal(
    _ code: TableError.Code, column: String?, says words: String, _ stream: TamperedStream,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: TableError.self, sourceLocation: sourceLocation) {
      try Table(importing: stream.stream)
    }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(error?.column == column, sourceLocation: sourceLocation)
    #expect(
      error?.description.contains(words) == true, "\(error?.description ?? "")",
      sourceLocation: sourceLocation)
    #expect(stream.releases == 1, "released once, also on an error", sourceLocation: sourceLocation)
  }

  @Test("text offsets that go back are refused with their row")
  func offsetsGoBack() throws {
    let stream = try TamperedStream(
      table(), array: { $0.child(0)?.buffer(1, as: Int32.self)?[2] = 1 })
    expectRefusal(.malformed, column: "text", says: "from 3 to 1", stream)
  }

  @Test("a negative text offset is refused")
  func negativeOffset() throws {
    let stream = try TamperedStream(
      table(), array: { $0.child(0)?.buffer(1, as: Int32.self)?[0] = -4 })
    expectRefusal(.malformed, column: "text", says: "-4", stream)
  }

  @Test("bytes that are not UTF-8 are refused with their row")
  func invalidText() throws {
    let stream = try TamperedStream(
      table(), array: { $0.child(0)?.buffer(2, as: UInt8.self)?[4] = 0xFF })
    let error = #expect(throws: TableError.self) { try Table(importing: stream.stream) }
    #expect(error?.code == .invalidText)
    #expect(error?.row == 2)
  }

  @Test("a wrong number of children is refused")
  func childCount() throws {
    let stream = try TamperedStream(table(), array: { $0.pointee.n_children = 1 })
    expectRefusal(.malformed, column: nil, says: "1 columns; its schema has 2", stream)
  }

  @Test("a wrong number of buffers is refused")
  func bufferCount() throws {
    let stream = try TamperedStream(table(), array: { $0.child(0)?.pointee.n_buffers = 2 })
    expectRefusal(.malformed, column: "text", says: "2 buffers, not 3", stream)
  }

  @Test("a child shorter than its batch is refused")
  func shortChild() throws {
    let stream = try TamperedStream(table(), array: { $0.child(1)?.pointee.length = 2 })
    expectRefusal(.malformed, column: "n", says: "2 rows; its table needs 3", stream)
  }

  @Test("negative lengths and offsets are refused", arguments: [(-1, 0), (3, -1)])
  func negativeLength(length: Int64, offset: Int64) throws {
    let stream = try TamperedStream(
      table(),
      array: {
        $0.pointee.length = length
        $0.pointee.offset = offset
      })
    expectRefusal(.malformed, column: nil, says: "length \(length)", stream)
  }

  @Test("missing values without a bitmap are refused")
  func nullsWithoutBitmap() throws {
    let stream = try TamperedStream(table(), array: { $0.child(1)?.pointee.null_count = 1 })
    expectRefusal(.malformed, column: "n", says: "no validity bitmap", stream)
  }

  @Test("a count of missing values that the bitmap denies is refused")
  func nullCount() throws {
    let stream = try TamperedStream(table(), array: { $0.child(0)?.pointee.null_count = 2 })
    expectRefusal(.malformed, column: "text", says: "its bitmap has 1", stream)
  }

  @Test("a null data buffer under rows is refused")
  func nullBuffer() throws {
    let stream = try TamperedStream(table(), array: { $0.child(1)?.pointee.buffers[1] = nil })
    expectRefusal(.malformed, column: "n", says: "null buffer", stream)
  }

  @Test(
    "other Arrow types are refused by name",
    arguments: [
      ("vu", "utf8_view"), ("z", "binary"), ("I", "uint32"), ("tdD", "date"),
      ("tsu:UTC", "timestamp"), ("+l", "list"), ("d:10,2", "decimal"), ("?", "unknown"),
    ])
  func otherTypes(format: String, name: String) throws {
    let texts = format.utf8CString
    let stream = try TamperedStream(
      table(),
      schema: { schema in
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: texts.count)
        for (index, byte) in texts.enumerated() { copy[index] = byte }
        schema.pointee.children[1]?.pointee.format = UnsafePointer(copy)
      })
    expectRefusal(.unsupportedFormat, column: "n", says: name, stream)
  }

  @Test("a dictionary-encoded column is refused")
  func dictionary() throws {
    let stream = try TamperedStream(
      table(), schema: { $0.pointee.children[0]?.pointee.dictionary = $0 })
    expectRefusal(.unsupportedFormat, column: "text", says: "dictionary", stream)
  }

  @Test("a released child is refused")
  func releasedChild() throws {
    let stream = try TamperedStream(
      table(),
      array: { array in
        guard let child = array.child(1) else { return }
        child.pointee.release(child)
      })
    expectRefusal(.released, column: "n", says: "released", stream)
  }

  @Test("a released stream is refused")
  func releasedStream() throws {
    var stream = ArrowArrayStream()
    try table().exportStream(to: &stream)
    stream.release(&stream)
    let error = #expect(throws: TableError.self) { try Table(importing: &stream) }
    #expect(error?.code == .released)
  }

  @Test("what the producer says of its failure reaches the reader")
  func producerError() throws {
    let first = try TamperedStream(table())
    first.schemaStatus = 5
    expectRefusal(.producer, column: nil, says: "get_schema with status 5: disk full", first)
    let second = try TamperedStream(table())
    second.nextStatus = 28
    expectRefusal(.producer, column: nil, says: "get_next with status 28: disk full", second)
  }

  @Test("two columns of one name are refused")
  func duplicateColumns() throws {
    let stream = try TamperedStream(
      table(),
      schema: { $0.pointee.children[1]?.pointee.name = $0.pointee.children[0]?.pointee.name })
    expectRefusal(.duplicateColumn, column: "text", says: "twice", stream)
  }
}
