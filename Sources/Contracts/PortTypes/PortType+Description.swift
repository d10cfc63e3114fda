extension PortType: CustomStringConvertible {
  /// The type in the notation that ``init(parsing:)`` reads back.
  public var description: String {
    switch self {
    case .tensor(let type): type.description
    case .table(let row): "table<\(row)>"
    case .text: "text"
    case .bytes: "bytes"
    case .json: "json"
    case .scalar(let type): type.description
    case .dataset(nil): "dataset"
    case .dataset(let row?): "dataset<\(row)>"
    case .model(nil, nil): "model"
    case .model(let task, nil): "model<\(task ?? "_")>"
    case .model(let task, let format?): "model<\(task ?? "_"), \(format)>"
    case .state: "state"
    case .settings: "settings"
    case .team(let inner): "team<\(inner)>"
    case .sealed(let inner): "sealed<\(inner)>"
    case .stream(let inner): "stream<\(inner)>"
    }
  }
}

extension TensorType: CustomStringConvertible {
  /// The notation of types: `tensor<f32,[rows,classes]>`.
  public var description: String {
    "tensor<\(dtype.rawValue),[\(dims.map(\.description).joined(separator: ","))]>"
  }
}

extension TableType: CustomStringConvertible {
  /// The columns as they stand between the angle brackets: `text:utf8 @pii, label:utf8`.
  public var description: String {
    (columns.map(\.description) + (open ? ["..."] : [])).joined(separator: ", ")
  }
}

extension Column: CustomStringConvertible {
  /// Name, type and tags, as in `text:utf8 @pii`.
  ///
  /// A name that is no plain word stands in quotes.
  public var description: String {
    let isWord = PortTypeReader.isWord(name)
    let shown =
      isWord
      ? name
      : "'"
        + name.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''") + "'"
    return "\(shown):\(type)" + tags.map { " @\($0)" }.joined()
  }
}

extension ColumnType: CustomStringConvertible {
  /// The notation of types.
  public var description: String {
    switch self {
    case .element(let type): type.rawValue
    case .utf8: "utf8"
    case .bytes: "bytes"
    case .tensor(let type): type.description
    }
  }
}

extension ScalarType: CustomStringConvertible {
  /// The notation of types.
  public var description: String {
    switch self {
    case .element(let type): type.rawValue
    case .utf8: "utf8"
    }
  }
}
