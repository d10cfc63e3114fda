import ArrowTables
import Contracts
import OpBridge
import TensorCore

/// Checks values against the ports of an offer, and what their shapes say against one another.
///
/// Symbols unify over all ports of a job: a tensor binds its dimensions, and a table on an input port
/// binds the symbol of the port's own name to its number of rows, so that `logp:
/// tensor<f32,[rows,classes]>` must have a row for each row of the input `rows`.
struct PortCheck: Sendable {
  private(set) var bindings = DimBindings()

  /// Whether the agent may be given columns tagged `pii`; one that wants the network may not.
  let allowsPersonalData: Bool

  init(offer: Offer) { allowsPersonalData = !offer.flags.contains(.network) }

  /// Checks an input and cuts it to what the port declares.
  ///
  /// - Returns: a table with only the port's columns, a dataset that shows only them; a table where a
  ///   dataset is wanted and the other way round; else the value itself.
  mutating func input(_ value: Value, on contract: PortContract) throws -> Value {
    try checked(value, on: contract, direction: "input") { check, member in
      try check.cut(member, to: contract)
    }
  }

  /// Checks an output.
  ///
  /// - Returns: the value; a table with the tags that the port's columns carry.
  mutating func output(_ value: Value, on contract: PortContract) throws -> Value {
    try checked(value, on: contract, direction: "output") { check, member in
      try check.tagged(member, by: contract)
    }
  }

  private mutating func checked(
    _ value: Value, on contract: PortContract, direction: String,
    _ body: (inout PortCheck, Value) throws -> Value
  ) throws -> Value {
    do {
      guard contract.isTeam || contract.isStream else {
        let result = try body(&self, value)
        try fit(result, to: contract)
        return result
      }
      guard case .team(let members) = value else { throw mismatch(value, contract) }
      // Members may differ in width, so what one of them binds holds for it alone.
      return .team(
        try members.map { member in
          var own = self
          let result = try body(&own, member)
          try own.fit(result, to: contract)
          return result
        })
    } catch let error as PortTypeError {
      throw AgentError(
        .invalidArgument,
        "\(direction) '\(contract.port.name)': \(value.described) does not fit "
          + "\(contract.port.type): \(error)", where: contract.port.name)
    } catch let error as TableError {
      throw AgentError(
        .invalidArgument, "\(direction) '\(contract.port.name)': \(error)",
        where: contract.port.name)
    } catch let error as AgentError {
      throw AgentError(
        error.code, "\(direction) '\(contract.port.name)': \(error.message)",
        where: contract.port.name)
    }
  }

  private func mismatch(_ value: Value, _ contract: PortContract) -> AgentError {
    AgentError(.invalidArgument, "\(value.described) does not fit \(contract.port.type)")
  }

  /// Kind, element type, dimensions, task and format.
  private mutating func fit(_ value: Value, to contract: PortContract) throws {
    switch (value, contract.inner) {
    case (.tensor(let tensor), .tensor(let type)):
      guard contract.dtypes.contains(tensor.dtype) else {
        let names = contract.dtypes.map(\.name).joined(separator: " or ")
        throw AgentError(
          .invalidArgument,
          "\(tensor.spec) has the element type \(tensor.dtype), not \(names)")
      }
      try fit(tensor, to: type)
    case (.table(let table), .table(let row)): try fit(table, to: row)
    case (.dataset(let dataset), .dataset(let row)):
      if let row { try fit(dataset.table, to: row) }
    case (.model(let model), .model(let task, let format)):
      for (what, wanted, given) in [("task", task, model.task), ("format", format, model.format)] {
        guard let wanted, wanted != given else { continue }
        throw AgentError(
          .invalidArgument, "the model's \(what) is '\(given)', not '\(wanted)'")
      }
    case (.scalar(let scalar), .scalar(let type)):
      guard scalar.type == type else { throw mismatch(value, contract) }
    case (.text, .text), (.bytes, .bytes), (.json, .json), (.state, .state),
      (.settings, .settings):
      break
    default: throw mismatch(value, contract)
    }
  }

  private mutating func fit(_ tensor: Tensor, to type: TensorType) throws {
    guard tensor.shape.rank == type.dims.count else {
      throw AgentError(
        .invalidArgument,
        "\(tensor.spec) has \(tensor.shape.rank) dimensions, \(type) has \(type.dims.count)")
    }
    for (axis, dim) in type.dims.enumerated() {
      do {
        try bindings.unify(dim, .fixed(tensor.shape[axis]))
      } catch let error as PortTypeError {
        throw AgentError(
          .invalidArgument,
          "\(tensor.spec) does not fit \(type): dimension \(axis + 1): \(error)")
      }
    }
  }

  private func fit(_ table: Table, to row: TableType) throws {
    for column in row.columns {
      let given = try table.requiredColumn(column.name)
      guard given.values.type.rawValue == column.type.description else {
        throw AgentError(
          .invalidArgument,
          "the column '\(column.name)' is \(given.values.type.rawValue), not \(column.type)")
      }
    }
  }

  // MARK: Tables in and out

  private mutating func cut(_ value: Value, to contract: PortContract) throws -> Value {
    switch (value, contract.inner) {
    case (.table(let table), .table(let row)):
      let cut = row.open ? table : try table.selecting(row.columns.map(\.name))
      try refusePersonalData(cut.columns, row)
      try bindings.unify(.symbol(contract.port.name), .fixed(cut.rowCount))
      return .table(cut)
    case (.dataset(let dataset), .table(let row)):
      let visible = try dataset.table.selecting(dataset.visibleColumns)
      return try cut(
        .table(row.open ? visible : visible.selecting(row.columns.map(\.name))), to: contract)
    case (.table(let table), .dataset):
      return try cut(.dataset(Dataset(table: table)), to: contract)
    case (.dataset(let dataset), .dataset(let row)):
      let shown =
        row?.open == true ? dataset : dataset.restricted(to: row?.columns.map(\.name) ?? [])
      let columns = shown.table.columns.filter { shown.visibleColumns.contains($0.name) }
      try refusePersonalData(columns, row)
      if let hidden = row?.columns.first(where: { column in
        dataset.table.column(column.name) != nil && !shown.visibleColumns.contains(column.name)
      }) {
        throw AgentError(
          .permissionDenied, "the column '\(hidden.name)' is not shown to this step")
      }
      return .dataset(shown)
    default: return value
    }
  }

  private func refusePersonalData(_ columns: [TableColumn], _ row: TableType?) throws {
    guard !allowsPersonalData else { return }
    for column in columns
    where column.tags.contains("pii") || row?.column(column.name)?.tags.contains("pii") == true {
      throw AgentError(
        .permissionDenied,
        "the column '\(column.name)' is tagged pii, and the agent wants the network; drop the "
          + "column or choose another agent")
    }
  }

  private func tagged(_ value: Value, by contract: PortContract) throws -> Value {
    guard case .table(let table) = value, case .table(let row) = contract.inner else {
      return value
    }
    if !row.open, let extra = table.columns.first(where: { row.column($0.name) == nil }) {
      throw AgentError(
        .invalidArgument,
        "the column '\(extra.name)' is none that the port declares; declare it, or mark the port "
          + "CADRE_PORT_OPEN")
    }
    let columns = table.columns.map { column in
      let own = row.column(column.name)?.tags ?? []
      let tags = column.tags + own.filter { !column.tags.contains($0) }
      return TableColumn(column.name, column.values, tags: tags)
    }
    return .table(try Table(columns: columns))
  }
}
