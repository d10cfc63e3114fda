/// A value that an agent was given on a port.
///
/// It is borrowed: what the accessors return is copied, except handles (`Model`, `DatasetReader`), and
/// after the job or the assignment ended all of them throw `failedPrecondition`.
public final class InputValue {
  /// The port's name, for messages.
  let port: String
  let raw: BorrowedValue
  let scope: BorrowScope

  init(port: String, raw: BorrowedValue, scope: BorrowScope) {
    self.port = port
    self.raw = raw
    self.scope = scope
  }

  /// The kind of value; nil for one that this version does not know.
  public var kind: ValueKind? { ValueKind(rawValue: raw.kind) }

  /// The members' values in the team's order; empty when this is no team's value.
  public func members() throws(AgentFailure) -> [InputValue] {
    try scope.check(port)
    return raw.members.enumerated().map { index, member in
      InputValue(port: "\(port)[\(index)]", raw: member, scope: scope)
    }
  }

  /// A tensor, copied.
  public func tensor() throws(AgentFailure) -> TensorValue {
    try expect(.tensor)
    return try raw.tensor(port: port)
  }

  /// A table, read to its end and copied; it can be read once a `job.input(…)`.
  public func table() throws(AgentFailure) -> Table {
    let reader = try tableReader()
    do { return try reader.rest() } catch { throw place(error) }
  }

  /// A table, batch by batch.
  public func tableReader() throws(AgentFailure) -> TableReader {
    try expect(.table)
    do { return try raw.tableReader() } catch { throw place(error) }
  }

  /// A text.
  public func text() throws(AgentFailure) -> String {
    try expect(.text)
    return raw.text
  }

  /// Bytes.
  public func bytes() throws(AgentFailure) -> [UInt8] {
    try expect(.bytes)
    return raw.bytes
  }

  /// A JSON document.
  public func json() throws(AgentFailure) -> JSONValue {
    try expect(.json)
    return try parsed()
  }

  /// A number, truth value or text.
  public func scalar() throws(AgentFailure) -> ScalarValue {
    try expect(.scalar)
    guard let scalar = raw.scalar else {
      throw AgentFailure(.invalidArgument, "the scalar's type is unknown", where: port)
    }
    return scalar
  }

  /// Bytes that only their maker understands.
  public func state() throws(AgentFailure) -> [UInt8] {
    try expect(.state)
    return raw.bytes
  }

  /// An object of settings.
  public func settings() throws(AgentFailure) -> Settings {
    try expect(.settings)
    return try Settings(parsed())
  }

  /// A dataset.
  public func dataset() throws(AgentFailure) -> DatasetReader {
    try expect(.dataset)
    return try raw.dataset(port: port, scope: scope)
  }

  /// A model.
  public func model() throws(AgentFailure) -> Model {
    try expect(.model)
    return try raw.model(port: port, scope: scope)
  }

  private func expect(_ wanted: ValueKind) throws(AgentFailure) {
    try scope.check(port)
    guard raw.kind == wanted.rawValue else {
      let kind = kind.map { "\($0)" } ?? "of kind \(raw.kind)"
      throw AgentFailure(.invalidArgument, "the value is \(kind), not \(wanted)", where: port)
    }
    guard !raw.hasMembers else {
      throw AgentFailure(
        .invalidArgument, "the value is a team's; read its members()", where: port)
    }
  }

  private func parsed() throws(AgentFailure) -> JSONValue {
    do { return try JSONValue(parsing: raw.bytes) } catch { throw place(error) }
  }

  /// The failure with the port in its place.
  private func place(_ error: any Error) -> AgentFailure {
    let failure = AgentFailure(error)
    let place = failure.place.isEmpty ? port : "\(port), \(failure.place)"
    return AgentFailure(failure.code, failure.message, where: place, causes: failure.causes)
  }
}
