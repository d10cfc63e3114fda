import ArrowTables
import CadreABI
import NaiveBayesLearner
import Testing

/// Reads columns of text by the learner's reader; the stream is released afterwards.
private func read(
  _ stream: inout ArrowArrayStream, _ names: [StaticString]
) -> (rows: [[String?]], message: String) {
  let pointers: [UnsafePointer<CChar>?] = names.map {
    UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self)
  }
  var reader = nb_columns()
  var rows: [[String?]] = []
  var next: Int32 = nb_columns_open(&reader, &stream, pointers, UInt32(names.count)) == 1 ? 1 : -1
  while next == 1 {
    next = nb_columns_next(&reader)
    guard next == 1 else { break }
    for row in 0..<reader.rows {
      rows.append(
        names.indices.map { column in
          let value = nb_columns_value(&reader, UInt32(column), row)
          guard let data = value.data else { return nil }
          return String(
            decoding: UnsafeRawBufferPointer(start: data, count: value.size), as: UTF8.self)
        })
    }
  }
  let message = withUnsafeBytes(of: reader.message) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
  nb_columns_close(&reader)
  return (rows, message)
}

private let table = Result {
  try Table(columns: [
    TableColumn("n", .i64([1, 2, 3, 4])),
    TableColumn("text", .utf8(["one", "", nil, "vier ü"])),
    TableColumn("label", .utf8([nil, "a", "b", "a"])),
  ])
}

@Suite struct NaiveBayesColumnReaderTests {
  @Test("columns come in the order asked for, over all batches", arguments: [1, 3, 100])
  func columns(batch: Int) throws {
    var stream = ArrowArrayStream()
    try table.get().exportStream(to: &stream, batchRows: batch)
    let (rows, message) = read(&stream, ["label", "text"])
    #expect(message.isEmpty)
    #expect(rows == [[nil, "one"], ["a", ""], ["b", nil], ["a", "vier ü"]])
    #expect(stream.release == nil)
  }

  @Test("a missing column and one of another type are refused by name")
  func refused() throws {
    var stream = ArrowArrayStream()
    try table.get().exportStream(to: &stream, batchRows: 8)
    #expect(read(&stream, ["body"]).message == "the table has no column 'body'")
    #expect(stream.release == nil)
    try table.get().exportStream(to: &stream, batchRows: 8)
    #expect(read(&stream, ["n"]).message.contains("no text, format u or U, in column 'n'"))
    #expect(stream.release == nil)
  }

  @Test("a stream that was released is refused")
  func released() {
    var stream = ArrowArrayStream()
    #expect(read(&stream, ["text"]).message.contains("was released"))
  }

  @Test("falling and negative offsets are refused before a byte is read", arguments: [0, 1])
  func offsets(which: Int) throws {
    var inner = ArrowArrayStream()
    try table.get().exportStream(to: &inner, batchRows: 8)
    let pointer = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
    pointer.initialize(to: inner)
    // Serves the batches of another stream with one offset of the text column spoiled.
    var stream = ArrowArrayStream(
      get_schema: { stream, schema in
        let inner = stream?.pointee.private_data?.assumingMemoryBound(to: ArrowArrayStream.self)
        return inner?.pointee.get_schema(inner, schema) ?? 1
      },
      get_next: { stream, array in
        let inner = stream?.pointee.private_data?.assumingMemoryBound(to: ArrowArrayStream.self)
        let status = inner?.pointee.get_next(inner, array) ?? 1
        if let offsets = array?.pointee.children?[1]?.pointee.buffers?[1] {
          let values = UnsafeMutableRawPointer(mutating: offsets)
          values.storeBytes(of: -7, toByteOffset: 8, as: Int32.self)
        }
        return status
      },
      get_last_error: { _ in nil },
      release: { stream in
        let inner = stream?.pointee.private_data?.assumingMemoryBound(to: ArrowArrayStream.self)
        inner?.pointee.release?(inner)
        inner?.deallocate()
        stream?.pointee.release = nil
      }, private_data: UnsafeMutableRawPointer(pointer))
    #expect(
      read(&stream, which == 0 ? ["text"] : ["label", "text"]).message.contains("offsets fall"))
    #expect(stream.release == nil)
  }
}
