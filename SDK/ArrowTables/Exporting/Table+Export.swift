import CadreABI

extension Table {
  /// Writes a fresh Arrow stream over this table into memory that the consumer owns.
  ///
  /// The stream keeps the table alive, gives it in batches, and is freed by its own `release`. Texts go
  /// out as `utf8`, or as `large_utf8` when a column holds 2 GiB or more.
  ///
  /// - Parameters:
  ///   - out: memory for the stream; what was there is overwritten, not released.
  ///   - batchRows: rows of a batch, at least 1.
  /// - Complexity: O(columns) here, O(bytes of the batch) at each `get_next`.
  public func exportStream(
    to out: UnsafeMutablePointer<ArrowArrayStream>, batchRows: Int = 65_536
  ) {
    let producer = StreamProducer(self, batchRows: max(1, batchRows))
    out.pointee = ArrowArrayStream(
      get_schema: { stream, schema in
        guard let producer = StreamProducer.behind(stream), let schema else { return EINVAL }
        ExportedSchema.write(fields: producer.fields, to: schema)
        return 0
      },
      get_next: { stream, array in
        guard let producer = StreamProducer.behind(stream), let array else { return EINVAL }
        producer.writeNext(to: array)
        return 0
      },
      get_last_error: { _ in nil },
      release: { stream in
        guard let stream, let owner = stream.pointee.private_data else { return }
        stream.pointee.release = nil
        stream.pointee.private_data = nil
        Unmanaged<StreamProducer>.fromOpaque(owner).release()
      },
      private_data: Unmanaged.passRetained(producer).toOpaque())
  }
}

/// The value of POSIX's "invalid argument" on every platform that Swift runs on.
private let EINVAL: Int32 = 22

/// A table on its way out: what `private_data` of the stream refers to.
private final class StreamProducer {
  let fields: [(column: TableColumn, format: ArrowFormat)]
  private let rowCount: Int
  private let batchRows: Int
  private var position = 0

  init(_ table: Table, batchRows: Int) {
    fields = table.columns.map { ($0, Self.format(of: $0.values)) }
    rowCount = table.rowCount
    self.batchRows = batchRows
  }

  static func behind(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> StreamProducer? {
    guard let owner = stream?.pointee.private_data else { return nil }
    return Unmanaged<StreamProducer>.fromOpaque(owner).takeUnretainedValue()
  }

  /// The next batch, or a released array at the end, which is how the interface says "no more".
  func writeNext(to out: UnsafeMutablePointer<ArrowArray>) {
    guard position < rowCount else {
      out.pointee = ArrowArray()
      return
    }
    let end = min(rowCount, position + batchRows)
    ExportedArray.write(rows: position..<end, of: fields, to: out)
    position = end
  }

  private static func format(of values: ColumnValues) -> ArrowFormat {
    switch values {
    case .utf8(let texts):
      let byteCount = texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
      return byteCount > Int(Int32.max) ? .largeUTF8 : .utf8
    case .i64: return .int64
    case .f64: return .float64
    case .bool: return .bool
    }
  }
}
