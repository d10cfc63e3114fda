/// The type of what passes through a port of a step.
///
/// Types are written in the workflow file and in an agent's offer, and unified before anything
/// runs (``unify(offered:wanted:bindings:)``).
///
///     let type = try PortType(parsing: "table<text:utf8 @pii, label:utf8>")
///     type.description  // "table<text:utf8 @pii, label:utf8>"
public indirect enum PortType: Hashable, Sendable {
  /// An array of numbers: `tensor<f32,[rows,classes]>`.
  case tensor(TensorType)
  /// Rows in memory with named columns: `table<text:utf8, label:utf8>`.
  case table(TableType)
  /// One document of UTF-8 text: `text`.
  case text
  /// Bytes that the host does not interpret: `bytes`.
  case bytes
  /// A JSON document: `json`.
  case json
  /// One number, truth value or string: `f64`, `i64`, `bool`, `utf8`.
  case scalar(ScalarType)
  /// Rows that can be read again and again, in any order: `dataset`, `dataset<text:utf8>`.
  /// Without columns nothing is known about them before the run.
  case dataset(TableType?)
  /// A trained model: `model`, `model<text.classify/1>`, `model<text.classify/1, safetensors>`.
  /// What is nil (written `_`) fits every task or format.
  case model(task: String?, format: String?)
  /// What a preparation has fitted and a model takes along: `state`.
  case state
  /// Settings for an agent, such as a tuner's next guess: `settings`.
  case settings
  /// One value from each member of a team: `team<model>`.
  case team(PortType)
  /// Data that only a consumer declared for it may open: `sealed<dataset>`.
  case sealed(PortType)
  /// Values that arrive one after the other while the job runs: `stream<text>`.
  case stream(PortType)
}

/// An array's element type and shape.
public struct TensorType: Hashable, Sendable {
  /// The type of each element.
  public var dtype: ElementType
  /// The dimensions, outermost first.
  ///
  /// A tensor without any is one number: `tensor<f32,[]>`.
  public var dims: [Dim]

  /// Joins an element type with dimensions.
  public init(dtype: ElementType, dims: [Dim]) {
    self.dtype = dtype
    self.dims = dims
  }
}

/// A number's storage, in tensors and in columns.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  /// IEEE 754 binary32.
  case f32
  /// IEEE 754 binary64.
  case f64
  /// The upper half of a binary32.
  case bf16
  /// 8 bits, signed.
  case i8
  /// 32 bits, signed.
  case i32
  /// 64 bits, signed.
  case i64
  /// 8 bits, unsigned.
  case u8
  /// True or false.
  case bool
}

/// The type of a single value: a number, a truth value or a string.
public enum ScalarType: Hashable, Sendable {
  /// A number or truth value.
  case element(ElementType)
  /// A string.
  case utf8

  /// Whether an expression can calculate with it.
  ///
  /// Truth values and strings are no numbers.
  public var isNumber: Bool {
    switch self {
    case .utf8, .element(.bool): false
    case .element: true
    }
  }
}

/// The columns of a table or dataset.
public struct TableType: Hashable, Sendable {
  /// The columns by name; the order is the producer's and does not matter to a consumer.
  public var columns: [Column]
  /// Whether more columns may stand beside those named, written as a trailing `...`.
  public var open: Bool

  /// Joins columns to a row type.
  public init(columns: [Column], open: Bool = false) {
    self.columns = columns
    self.open = open
  }

  /// The column of this name.
  ///
  /// - Complexity: O(columns).
  public func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}

/// One named column.
public struct Column: Hashable, Sendable {
  /// The name as it stands in the data.
  public var name: String
  /// What each row holds.
  public var type: ColumnType
  /// Labels without their `@`, such as `pii` for personal data.
  public var tags: [String]

  /// Describes a column.
  public init(name: String, type: ColumnType, tags: [String] = []) {
    self.name = name
    self.type = type
    self.tags = tags
  }
}

/// What one row holds in a column.
public enum ColumnType: Hashable, Sendable {
  /// A number or truth value.
  case element(ElementType)
  /// Text.
  case utf8
  /// Bytes, such as an encoded image.
  case bytes
  /// An array in each row, such as an image of fixed size.
  case tensor(TensorType)
}
