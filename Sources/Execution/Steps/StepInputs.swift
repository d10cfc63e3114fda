import AgentHost
import ArrowTables
import Contracts
import Workflow

/// The inputs of one attempt of a step, resolved to values.
struct StepInputs: Sendable {
  /// By port; an input that may be missing and is, is left out.
  var values: [String: PortValue] = [:]
  /// The rows of `map`, or nil.
  var mapped: PortValue?

  /// Looks the inputs of a step up.
  ///
  /// - Throws: ``ExecutionError`` when a value is not there, which the run's machine should have
  ///   prevented.
  init(_ instance: StepInstance, context: RunContext) throws {
    for input in instance.inputs {
      values[input.port] = try Self.value(input.source, context: context)
    }
    mapped = try instance.mapOver.map { try Self.value($0, context: context) }
  }

  private static func value(_ source: ValueSource, context: RunContext) throws -> PortValue {
    switch source {
    case .output(let path, let port):
      guard let value = context.value(path, port: port) else {
        throw ExecutionError(
          .failedPrecondition, "\(path) has no value on its port '\(port)'",
          remedy: "declare it under 'out' of \(path.name)")
      }
      return value
    case .param(_, let setting):
      return .one(Produced(value: Self.value(of: setting), maker: HostOffers.agent, origin: nil))
    }
  }

  private static func value(of setting: Setting) -> Value {
    switch setting {
    case .bool(let value): .scalar(.bool(value))
    case .int(let value): .scalar(.i64(Int64(value)))
    case .double(let value): .scalar(.f64(value))
    case .string(let value): .scalar(.utf8(value))
    case .null, .list: .json(setting.json)
    case .object: .settings(setting)
    }
  }

  /// How many members the inputs have: nil when none is a team's.
  ///
  /// - Throws: ``ExecutionError`` when two teams differ in size.
  func teamSize() throws -> Int? {
    var size: Int?
    for (port, value) in values.sorted(by: { $0.key < $1.key }) where value.isTeam {
      if let size, size != value.members.count {
        throw ExecutionError(
          .failedPrecondition,
          "port '\(port)' has \(value.members.count) members, another input has \(size)",
          remedy: "bind outputs of one team")
      }
      size = value.members.count
    }
    return size
  }

  /// The value that a member gets on a port.
  func produced(_ port: String, member: Int) -> Produced? {
    switch values[port] {
    case .one(let value): value
    case .team(let values): values.indices.contains(member) ? values[member] : nil
    case .sealed, nil: nil
    }
  }

  /// The model behind a member's inputs, or nil.
  func origin(member: Int) -> ModelOrigin? {
    values.keys.sorted().lazy.compactMap { produced($0, member: member)?.origin }.first
  }

  /// Rows of the largest input, for the call: nil when no input has rows.
  var items: Int64? {
    let rows = (values.values.flatMap(\.members) + (mapped?.members ?? []))
      .compactMap(\.value.rowCount)
    return rows.max().map(Int64.init)
  }
}

/// Makes a value fit a port: a dataset becomes the table of the port's columns and the other way
/// round.
///
/// - Throws: ``ExecutionError`` when a column that the port needs is not there.
func fitted(_ value: Value, to port: Port) throws -> Value {
  switch (value, port.type) {
  case (.dataset(let dataset), .table(let type)):
    return .table(try columns(of: dataset.table, for: type, port: port.name))
  case (.table(let table), .table(let type)):
    return .table(try columns(of: table, for: type, port: port.name))
  case (.table(let table), .dataset):
    return .dataset(Dataset(table: table, classes: []))
  case (.scalar(.i64(let number)), .scalar(.element(.f64))):
    return .scalar(.f64(Double(number)))
  default: return value
  }
}

/// The columns that a port names; all of them when it is open.
private func columns(of table: Table, for type: TableType, port: String) throws -> Table {
  if type.open { return table }
  for column in type.columns where table.column(column.name) == nil {
    throw ExecutionError(
      .failedPrecondition, "port '\(port)' needs a column '\(column.name)'",
      remedy: "the rows have \(table.columns.map(\.name).joined(separator: ", "))")
  }
  return try table.selecting(type.columns.map(\.name))
}
