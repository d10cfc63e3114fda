/// One column that a table or dataset port needs or makes.
public struct Column: Sendable, Hashable {
  /// The name.
  public var name: String
  /// The type of the values.
  public var type: ColumnType
  /// Values may be missing.
  public var nullable: Bool
  /// Tags such as `pii`.
  public var tags: [String]

  /// A column.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - type: the type of the values.
  ///   - nullable: values may be missing.
  ///   - tags: tags such as `pii`.
  public init(_ name: String, _ type: ColumnType, nullable: Bool = false, tags: [String] = []) {
    self.name = name
    self.type = type
    self.nullable = nullable
    self.tags = tags
  }
}
