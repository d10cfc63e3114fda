import CadreABI

/// Reads an Arrow stream batch by batch.
///
///     let reader = try TableReader(consuming: stream)
///     while let batch = try reader.next() { … }
///
/// The stream is moved into the reader and released with it, also when its producer failed. One thread
/// at a time.
public final class TableReader {
  /// What is known of a column before any batch is read.
  public struct Field: Sendable, Hashable {
    /// The column's name.
    public let name: String
    /// The type of its values, after widening.
    public let type: ColumnType
    /// Tags such as `pii`.
    public let tags: [String]
  }

  /// The columns of every batch, in order.
  public let fields: [Field]
  private let formats: [ArrowFormat]
  private let stream: UnsafeMutablePointer<ArrowArrayStream>

  /// Takes a stream over and reads its schema.
  ///
  /// - Parameter source: moved from: its `release` is null afterwards, also on an error.
  /// - Throws: `TableError` with `released`, `producer`, `malformed`, `duplicateColumn` or
  ///   `unsupportedFormat`.
  public init(consuming source: UnsafeMutablePointer<ArrowArrayStream>) throws(TableError) {
    guard source.pointee.release != nil else {
      throw TableError(.released, "the Arrow stream was released already; open a fresh one")
    }
    let stream = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
    stream.initialize(to: source.pointee)
    source.pointee.release = nil
    do throws(TableError) {
      let schema = try SchemaReader.read(stream)
      fields = schema.map { Field(name: $0.name, type: $0.format.columnType, tags: $0.tags) }
      formats = schema.map(\.format)
      self.stream = stream
    } catch {
      stream.pointee.release?(stream)
      stream.deallocate()
      throw error
    }
  }

  deinit {
    stream.pointee.release?(stream)
    stream.deallocate()
  }

  /// The next batch as a table, or nil at the end.
  ///
  /// - Throws: `TableError` with `producer`, `malformed`, `invalidText` or `released`.
  /// - Complexity: O(bytes of the batch); everything is copied.
  public func next() throws(TableError) -> Table? {
    var batch = ArrowArray()
    guard let getNext = stream.pointee.get_next else {
      throw TableError(.malformed, "the Arrow stream has no get_next function")
    }
    let status = getNext(stream, &batch)
    guard status == 0 else { throw TableError.producer(stream, status: status, doing: "get_next") }
    guard batch.release != nil else { return nil }
    defer { batch.release?(&batch) }
    return try read(&batch)
  }

  /// All batches that are left, as one table.
  ///
  /// - Throws: as ``next()``.
  public func rest() throws(TableError) -> Table {
    var columns = fields.map { ColumnValues(empty: $0.type) }
    while let batch = try next() {
      for index in columns.indices { _ = columns[index].append(batch.columns[index].values) }
    }
    return Table(
      checked: zip(fields, columns).map { TableColumn($0.name, $1, tags: $0.tags) })
  }

  private func read(_ batch: UnsafeMutablePointer<ArrowArray>) throws(TableError) -> Table {
    func malformed(_ what: String) -> TableError {
      TableError(.malformed, "the Arrow batch \(what)")
    }
    let length = batch.pointee.length
    let offset = batch.pointee.offset
    guard length >= 0, offset >= 0, length < 1 << 48, offset < 1 << 48 else {
      throw malformed("has length \(length) and offset \(offset)")
    }
    guard batch.pointee.n_children == Int64(fields.count) else {
      throw malformed("has \(batch.pointee.n_children) columns; its schema has \(fields.count)")
    }
    guard batch.pointee.null_count <= 0 else {
      throw malformed("has missing rows; only values may be missing")
    }
    let rows = Int(offset)..<Int(offset + length)
    var columns: [TableColumn] = []
    if !fields.isEmpty {
      guard let children = batch.pointee.children else { throw malformed("has null children") }
      for (index, field) in fields.enumerated() {
        let reader = try ArrayReader(
          children[index], rows: rows, name: field.name, format: formats[index])
        columns.append(TableColumn(field.name, try reader.values(), tags: field.tags))
      }
    }
    return Table(checked: columns)
  }
}

extension Table {
  /// Reads a whole Arrow stream and releases it.
  ///
  /// - Parameter stream: moved from: its `release` is null afterwards, also on an error.
  /// - Throws: `TableError` naming the column, the row and what is wrong.
  /// - Complexity: O(bytes); everything is copied.
  public init(importing stream: UnsafeMutablePointer<ArrowArrayStream>) throws(TableError) {
    self = try TableReader(consuming: stream).rest()
  }
}
