import CadreABI

/// Reads and checks the schema of a stream.
enum SchemaReader {
  struct Column {
    let name: String
    let format: ArrowFormat
    let tags: [String]
  }

  static func read(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>
  ) throws(TableError) -> [Column] {
    guard let getSchema = stream.pointee.get_schema else {
      throw TableError(.malformed, "the Arrow stream has no get_schema function")
    }
    var schema = ArrowSchema()
    let status = getSchema(stream, &schema)
    guard status == 0 else {
      throw TableError.producer(stream, status: status, doing: "get_schema")
    }
    guard schema.release != nil else {
      throw TableError(.released, "the Arrow schema was released already")
    }
    defer { schema.release?(&schema) }
    guard let format = schema.format.flatMap({ String(validatingCString: $0) }), format == "+s"
    else {
      throw TableError(.unsupportedFormat, "the Arrow stream holds no record batches")
    }
    guard schema.n_children >= 0, schema.n_children == 0 || schema.children != nil else {
      throw TableError(.malformed, "the Arrow schema has \(schema.n_children) children")
    }
    var columns: [Column] = []
    for index in 0..<Int(schema.n_children) {
      columns.append(try column(schema.children[index], index: index))
    }
    for (index, column) in columns.enumerated()
    where columns[..<index].contains(where: { $0.name == column.name }) {
      throw TableError(
        .duplicateColumn, "stands twice in the Arrow schema; rename one", column: column.name)
    }
    return columns
  }

  private static func column(
    _ schema: UnsafeMutablePointer<ArrowSchema>?, index: Int
  ) throws(TableError) -> Column {
    guard let schema, schema.pointee.release != nil else {
      throw TableError(.released, "field \(index) of the Arrow schema was released already")
    }
    let name = schema.pointee.name.map { String(validatingCString: $0) } ?? ""
    guard let name else {
      throw TableError(.invalidText, "the name of field \(index) is not valid UTF-8")
    }
    guard let format = schema.pointee.format.flatMap({ String(validatingCString: $0) }) else {
      throw TableError(.malformed, "has no format in the Arrow schema", column: name)
    }
    guard schema.pointee.dictionary == nil else {
      throw TableError(
        .unsupportedFormat, "is dictionary-encoded; decode it before handing it over",
        column: name)
    }
    let tags = try FieldMetadata.decodeTags(schema.pointee.metadata, column: name)
    return Column(name: name, format: try ArrowFormat.parse(format, column: name), tags: tags)
  }
}

extension TableError {
  /// The error that a producer left behind its status.
  static func producer(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>, status: Int32, doing call: String
  ) -> TableError {
    let said = stream.pointee.get_last_error?(stream).map { String(cString: $0) }
    return TableError(
      .producer,
      "the producer of the Arrow stream failed in \(call) with status \(status): "
        + (said ?? "it gives no reason"))
  }
}
