import ArrowTables
import CadreABI
import Testing

@Suite struct RoundTripTests {
  /// Every type, missing values, empty and long texts, several bytes a character.
  static func sample() throws -> Table {
    try Table(columns: [
      TableColumn("text", .utf8(["hello", nil, "", "Grüße 👋🏽", "a\0b"]), tags: ["pii", "raw"]),
      TableColumn("n", .i64([1, nil, .min, .max, 0])),
      TableColumn("x", .f64([0.5, nil, -.infinity, .greatestFiniteMagnitude, -0.0])),
      TableColumn("flag", .bool([true, nil, false, true, true])),
    ])
  }

  private func roundTrip(_ table: Table, batchRows: Int) throws -> Table {
    var stream = ArrowArrayStream()
    table.exportStream(to: &stream, batchRows: batchRows)
    let result = try Table(importing: &stream)
    #expect(stream.release == nil, "the stream was moved from")
    return result
  }

  @Test("a table comes back equal, whatever the batch size", arguments: [1, 2, 3, 5, 100])
  func equalAfterRoundTrip(batchRows: Int) throws {
    let table = try Self.sample()
    #expect(try roundTrip(table, batchRows: batchRows) == table)
  }

  @Test("tags travel with their column")
  func tags() throws {
    let table = try roundTrip(Self.sample(), batchRows: 2)
    #expect(table.column("text")?.tags == ["pii", "raw"])
    #expect(table.column("n")?.tags == [])
  }

  @Test("a table without rows keeps its columns and types")
  func noRows() throws {
    let table = try Table(columns: [TableColumn("a", .i64([])), TableColumn("b", .utf8([]))])
    #expect(try roundTrip(table, batchRows: 10) == table)
  }

  @Test("a table without columns crosses as one without columns")
  func noColumns() throws {
    #expect(try roundTrip(Table(columns: []), batchRows: 10).columns.isEmpty)
  }

  @Test("bits of whole bytes and of broken ones survive", arguments: [7, 8, 9, 64, 65])
  func bitmaps(count: Int) throws {
    let flags = (0..<count).map { $0 % 3 == 0 ? nil : $0 % 2 == 0 }
    let table = try Table(columns: [TableColumn("flag", .bool(flags))])
    #expect(try roundTrip(table, batchRows: 1000) == table)
  }

  @Test("a batch outlives its stream, as the interface allows")
  func batchOutlivesStream() throws {
    var stream = ArrowArrayStream()
    try Self.sample().exportStream(to: &stream)
    var batch = ArrowArray()
    #expect(stream.get_next(&stream, &batch) == 0)
    stream.release(&stream)
    #expect(batch.length == 5)
    let text = try #require(batch.children[0])
    let offsets = try #require(text.pointee.buffers[1]).assumingMemoryBound(to: Int32.self)
    #expect(offsets[1] == 5)
    batch.release(&batch)
    #expect(batch.release == nil)
  }

  @Test("a child that was moved out outlives its parent")
  func movedChild() throws {
    var stream = ArrowArrayStream()
    try Self.sample().exportStream(to: &stream)
    var batch = ArrowArray()
    #expect(stream.get_next(&stream, &batch) == 0)
    let child = try #require(batch.children[1])
    var moved = child.pointee
    child.pointee.release = nil
    batch.release(&batch)
    let numbers = try #require(moved.buffers[1]).assumingMemoryBound(to: Int64.self)
    #expect(numbers[2] == .min)
    moved.release(&moved)
    stream.release(&stream)
  }
}
