import ArrowTables
import CadreABI
import Testing

/// Producers slice without copying: they set offsets on the batch, on its columns, or on both.
@Suite struct SlicedArrayTests {
  private static let names: [String?] = ["a", nil, "ccc", "dd", nil, "f", "g", "h", "i", nil]

  private func table() throws -> Table {
    try Table(columns: [
      TableColumn("text", .utf8(Self.names)),
      TableColumn("n", .i64((0..<10).map { $0 == 4 ? nil : $0 })),
      TableColumn("flag", .bool((0..<10).map { $0 == 5 ? nil : $0 % 2 == 0 })),
    ])
  }

  @Test("a batch's offset moves all columns", arguments: [(1, 9), (3, 4), (9, 1), (10, 0)])
  func batchOffset(offset: Int, length: Int) throws {
    let stream = try TamperedStream(
      table(),
      array: {
        $0.pointee.offset = Int64(offset)
        $0.pointee.length = Int64(length)
      })
    #expect(try Table(importing: stream.stream) == table().rows(offset..<(offset + length)))
  }

  @Test("a column's offset moves that column, and adds to the batch's")
  func bothOffsets() throws {
    let stream = try TamperedStream(
      table(),
      array: { batch in
        batch.pointee.offset = 1
        batch.pointee.length = 5
        for index in 0..<3 {
          batch.child(index)?.pointee.offset = 2
          batch.child(index)?.pointee.length = 8
          batch.child(index)?.pointee.null_count = -1
        }
      })
    #expect(try Table(importing: stream.stream) == table().rows(3..<8))
  }

  @Test("narrow and wide Arrow types are read as the types that ports know")
  func widening() throws {
    let whole = try Table(columns: [TableColumn("n", .i64([0x0000_0002_0000_0001, 7]))])
    let stream = TamperedStream(
      whole,
      schema: { schema in
        let format = UnsafeMutablePointer<CChar>.allocate(capacity: 2)
        format[0] = CChar(UInt8(ascii: "i"))
        format[1] = 0
        schema.pointee.children[0]?.pointee.format = UnsafePointer(format)
      })
    // The same bytes as int32, least significant first: 1, 2, of which two are in the batch.
    #expect(try Table(importing: stream.stream).integers("n") == [1, 2])
  }
}
