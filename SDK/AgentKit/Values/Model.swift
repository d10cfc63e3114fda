/// A model on a port: named tensors and metadata, read-only.
///
/// On a bound port it lives as long as the assignment; later use throws `failedPrecondition`.
public final class Model: Sendable {
  /// The task that the model serves.
  public let task: String
  /// The format of its tensors, as its maker named it.
  public let format: String
  /// What its maker wrote beside the tensors, an object.
  public let metadata: JSONValue
  private let table: ModelTable

  init(_ table: ModelTable) throws(AgentFailure) {
    self.table = table
    (task, format, metadata) = try table.info()
  }

  /// The classes in the order of their indices: the metadata's `labels`.
  ///
  /// - Throws: `AgentFailure` with `failedPrecondition` when there are none.
  public func labels() throws(AgentFailure) -> [String] {
    guard let labels = metadata["labels"]?.stringsValue else {
      throw AgentFailure(
        .failedPrecondition, "the model's metadata has no list of texts 'labels'",
        where: table.port)
    }
    return labels
  }

  /// The names of the tensors, in order.
  public func tensorNames() throws(AgentFailure) -> [String] { try table.names() }

  /// A tensor by name, copied.
  ///
  /// - Throws: `AgentFailure` with `notFound`, naming the tensors that are there.
  public func tensor(_ name: String) throws(AgentFailure) -> TensorValue { try table.tensor(name) }

  /// A tensor by name on the host's op table.
  public func tensor(_ name: String, on ops: OpTable) throws(AgentFailure) -> Tensor {
    try ops.tensor(table.tensor(name))
  }
}

/// A model in the making: what `set(_:model:)` gives to the host.
public struct ModelDraft: Sendable {
  /// The task that the model serves: `text.classify/1`.
  public var task: String
  /// The format of its tensors: `org.example.nb/1`.
  public var format: String
  /// What else is needed to use it, an object; a classifier's has the classes as `labels`.
  public var metadata: JSONValue
  /// The tensors by name.
  public private(set) var tensors: [(name: String, value: TensorValue)] = []

  /// Begins a model.
  public init(task: String, format: String, metadata: JSONValue = [:]) {
    self.task = task
    self.format = format
    self.metadata = metadata
  }

  /// Adds a tensor; one of the same name is replaced.
  public mutating func add(_ name: String, _ value: TensorValue) {
    tensors.removeAll { $0.name == name }
    tensors.append((name, value))
  }

  /// Adds a single-precision tensor.
  public mutating func add(
    _ name: String, shape: [Int], _ values: [Float]
  ) throws(AgentFailure) {
    add(name, try TensorValue(shape: shape, values))
  }

  /// Adds a tensor from the host's op table, copied.
  public mutating func add(_ name: String, _ tensor: Tensor) throws(AgentFailure) {
    add(name, try tensor.value())
  }
}
