/// What has input ports: an award (bound ports) and a job (the others).
public protocol InputSource {
  /// The value on a port.
  ///
  /// - Throws: `AgentFailure` with `notFound` when nothing is on the port.
  func input(_ port: String) throws(AgentFailure) -> InputValue
}

extension InputSource {
  /// The value on an optional port, or nil when nothing is on it.
  public func inputIfPresent(_ port: String) throws(AgentFailure) -> InputValue? {
    do throws(AgentFailure) {
      return try input(port)
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  /// Whether anything is on a port.
  public func has(_ port: String) throws(AgentFailure) -> Bool {
    try inputIfPresent(port) != nil
  }

  /// A tensor, copied.
  public func tensor(_ port: String) throws(AgentFailure) -> TensorValue {
    try input(port).tensor()
  }

  /// A table, copied.
  public func table(_ port: String) throws(AgentFailure) -> Table { try input(port).table() }

  /// A text.
  public func text(_ port: String) throws(AgentFailure) -> String { try input(port).text() }

  /// Bytes.
  public func bytes(_ port: String) throws(AgentFailure) -> [UInt8] { try input(port).bytes() }

  /// A JSON document.
  public func json(_ port: String) throws(AgentFailure) -> JSONValue { try input(port).json() }

  /// A number, truth value or text.
  public func scalar(_ port: String) throws(AgentFailure) -> ScalarValue {
    try input(port).scalar()
  }

  /// A number.
  public func double(_ port: String) throws(AgentFailure) -> Double {
    let scalar = try scalar(port)
    guard let value = scalar.doubleValue else {
      throw AgentFailure(.invalidArgument, "the value is \(scalar), not a number", where: port)
    }
    return value
  }

  /// Bytes that only their maker understands.
  public func state(_ port: String) throws(AgentFailure) -> [UInt8] { try input(port).state() }

  /// An object of settings, such as a tuner gives.
  public func settings(_ port: String) throws(AgentFailure) -> Settings {
    try input(port).settings()
  }

  /// A dataset.
  public func dataset(_ port: String) throws(AgentFailure) -> DatasetReader {
    try input(port).dataset()
  }

  /// A model.
  public func model(_ port: String) throws(AgentFailure) -> Model { try input(port).model() }
}
