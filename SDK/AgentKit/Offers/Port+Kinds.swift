extension Port {
  /// Rows in named columns.
  ///
  /// - Parameters:
  ///   - name: the port's name.
  ///   - columns: those that are needed (in) or made (out); an agent is given no others.
  ///   - open: the table may have columns beyond those stated.
  public static func table(
    _ name: String, _ columns: KeyValuePairs<String, ColumnType>, open: Bool = false
  ) -> Port {
    table(name, columns: columns.map { Column($0.key, $0.value) }, open: open)
  }

  /// Rows in named columns, with nullability and tags.
  public static func table(_ name: String, columns: [Column], open: Bool = false) -> Port {
    var port = Port(name, .table)
    port.columns = columns
    if open { port.flags.insert(.open) }
    return port
  }

  /// Rows that can be read again and again.
  ///
  /// - Parameters:
  ///   - name: the port's name.
  ///   - columns: those that are needed; no others can be read.
  public static func dataset(_ name: String, _ columns: KeyValuePairs<String, ColumnType>) -> Port {
    dataset(name, columns: columns.map { Column($0.key, $0.value) })
  }

  /// Rows that can be read again and again, with nullability and tags.
  public static func dataset(_ name: String, columns: [Column]) -> Port {
    var port = Port(name, .dataset)
    port.columns = columns
    return port
  }

  /// A dense array.
  ///
  /// - Parameters:
  ///   - name: the port's name.
  ///   - type: the type of its elements.
  ///   - dims: symbols and sizes, outermost first; `["rows", "classes"]`.
  public static func tensor(_ name: String, _ type: ElementType, _ dims: [Dim]) -> Port {
    tensor(name, anyOf: [type], dims)
  }

  /// A dense array of one of several element types; without `dims`, of any rank.
  public static func tensor(
    _ name: String, anyOf types: [ElementType], _ dims: [Dim]? = nil
  ) -> Port {
    var port = Port(name, .tensor)
    port.types = types
    port.dims = dims ?? []
    if dims == nil { port.flags.insert(.anyShape) }
    return port
  }

  /// Named tensors and metadata.
  ///
  /// - Parameters:
  ///   - name: the port's name.
  ///   - task: the task that the model serves; empty: any.
  ///   - format: the format of its tensors, `org.example.nb/1`; empty: any.
  public static func model(_ name: String, task: String = "", format: String = "") -> Port {
    var port = Port(name, .model)
    port.task = task
    port.format = format
    return port
  }

  /// One number, truth value or text.
  public static func scalar(_ name: String, _ type: ElementType) -> Port {
    var port = Port(name, .scalar)
    port.types = [type]
    return port
  }

  /// One text.
  public static func text(_ name: String) -> Port { Port(name, .text) }

  /// Bytes.
  public static func bytes(_ name: String) -> Port { Port(name, .bytes) }

  /// One JSON document.
  public static func json(_ name: String) -> Port { Port(name, .json) }

  /// Bytes that only their maker understands.
  public static func state(_ name: String) -> Port { Port(name, .state) }

  /// An object of settings.
  public static func settings(_ name: String) -> Port { Port(name, .settings) }
}
