extension Job {
  /// Sets an output, once.
  public func set(_ port: String, _ value: OutputValue) throws(AgentFailure) {
    try table.set(port, value)
  }

  /// Sets a tensor, written straight into the host's memory.
  ///
  /// - Parameters:
  ///   - port: the output port.
  ///   - shape: the lengths of the axes, outermost first.
  ///   - values: the elements, row-major.
  public func set(_ port: String, shape: [Int], _ values: [Float]) throws(AgentFailure) {
    try set(port, .tensor(TensorValue(shape: shape, values)))
  }

  /// Sets a tensor of whole numbers.
  ///
  /// Literals without a type make single-precision tensors: write `as [Int64]`.
  @_disfavoredOverload
  public func set(_ port: String, shape: [Int], _ values: [Int64]) throws(AgentFailure) {
    try set(port, .tensor(TensorValue(shape: shape, elements: .i64(values))))
  }

  /// Sets a tensor that lies in the host's memory already.
  public func set(_ port: String, tensor: Tensor) throws(AgentFailure) {
    try set(port, .hostTensor(tensor))
  }

  /// Sets a table.
  public func set(_ port: String, table: Table) throws(AgentFailure) {
    try set(port, .table(table))
  }

  /// Sets a number, truth value or text.
  public func set(_ port: String, scalar: ScalarValue) throws(AgentFailure) {
    try set(port, .scalar(scalar))
  }

  /// Sets a number.
  public func set(_ port: String, scalar: Double) throws(AgentFailure) {
    try set(port, .scalar(.f64(scalar)))
  }

  /// Sets a text.
  public func set(_ port: String, text: String) throws(AgentFailure) {
    try set(port, .text(text))
  }

  /// Sets a JSON document.
  public func set(_ port: String, json: JSONValue) throws(AgentFailure) {
    try set(port, .json(json))
  }

  /// Sets bytes that only this agent understands.
  public func set(_ port: String, state: [UInt8]) throws(AgentFailure) {
    try set(port, .state(state))
  }

  /// Sets an object of settings.
  public func set(_ port: String, settings: JSONValue) throws(AgentFailure) {
    try set(port, .settings(settings))
  }

  /// Sets a new model.
  public func set(_ port: String, model: ModelDraft) throws(AgentFailure) {
    try set(port, .model(model))
  }

  /// The next value of a stream in.
  ///
  /// - Parameters:
  ///   - port: the input port.
  ///   - timeout: how long to wait.
  public func next(_ port: String, timeout: Duration) throws(AgentFailure) -> StreamItem {
    try table.next(port, timeout: timeout)
  }

  /// Emits one value on a stream out.
  ///
  /// - Parameters:
  ///   - port: the output port.
  ///   - value: what to emit.
  ///   - timeout: how long to wait until the other end takes it.
  public func emit(
    _ port: String, _ value: OutputValue, timeout: Duration
  ) throws(AgentFailure) -> EmitAnswer {
    try table.emit(port, value, timeout: timeout)
  }
}
