/// What unifying an offered with a wanted type has shown, beyond that they fit.
public struct Unification: Hashable, Sendable {
  /// How the values reach the consumer.
  public enum Delivery: Hashable, Sendable {
    /// As they are.
    case direct
    /// A team's values go to a consumer that takes one: it runs once for each member.
    case fanOut
    /// One value goes to a consumer that takes a team's: it sees a team of one.
    case teamOfOne
  }

  /// How the values reach the consumer.
  public var delivery: Delivery
  /// The wanted columns that the producer may or may not give, since its type is open or says
  /// nothing about columns.
  ///
  /// The host checks them when the data is there.
  public var uncheckedColumns: [String]

  /// States what unification has shown.
  public init(delivery: Delivery = .direct, uncheckedColumns: [String] = []) {
    self.delivery = delivery
    self.uncheckedColumns = uncheckedColumns
  }
}

extension PortType {
  /// Unifies what a producer offers with what a consumer wants.
  ///
  /// - Equal kinds fit. Symbolic dimensions unify like type variables, in `bindings`; give each
  ///   step symbols of its own with ``scoped(_:)``.
  /// - A consumer may want fewer columns than it is offered and gets only those; the order does
  ///   not matter. A consumer with open rows gets all.
  /// - A table fits a dataset (the host lets it be read again) and the other way round (the host
  ///   reads it whole).
  /// - A model without task or format fits every one.
  /// - `team<T>` given to `T` fans out; `T` given to `team<T>` is a team of one.
  /// - `sealed<T>` fits a consumer that declares `sealed` and no other; whoever may open a seal
  ///   may take open data too.
  /// - Numbers are never converted: `i64` does not fit `f64`.
  ///
  /// - Throws: `PortTypeError` that shows both types. The bindings are then as they were.
  /// - Complexity: O(dimensions + columns²).
  public static func unify(
    offered: PortType, wanted: PortType, bindings: inout DimBindings
  ) throws -> Unification {
    var unifier = Unifier(bindings: bindings)
    do {
      try unifier.unify(offered, wanted)
    } catch let error as PortTypeError {
      throw PortTypeError(
        code: error.code, message: "'\(offered)' does not fit '\(wanted)': \(error.message)",
        suggestion: error.suggestion)
    }
    bindings = unifier.bindings
    return unifier.result
  }

  /// The type with its symbolic dimensions renamed into a scope, so that `rows` of one step is
  /// another symbol than `rows` of the next.
  public func scoped(_ scope: String) -> PortType {
    switch self {
    case .tensor(let type): .tensor(type.scoped(scope))
    case .table(let row): .table(row.scoped(scope))
    case .dataset(let row): .dataset(row?.scoped(scope))
    case .team(let inner): .team(inner.scoped(scope))
    case .sealed(let inner): .sealed(inner.scoped(scope))
    case .stream(let inner): .stream(inner.scoped(scope))
    case .text, .bytes, .json, .scalar, .model, .state, .settings: self
    }
  }

  /// The type with a leading dimension `team` taken as a team.
  ///
  /// `tensor<f32,[team,rows,features]>` is a way to write `team<tensor<f32,[rows,features]>>`:
  /// a tensor from each member, whose other dimensions may differ from member to member.
  public var unstackingTeam: PortType {
    guard case .tensor(var type) = self, type.dims.first?.extent == .symbol("team") else {
      return self
    }
    type.dims.removeFirst()
    return .team(.tensor(type))
  }
}

extension TensorType {
  fileprivate func scoped(_ scope: String) -> TensorType {
    TensorType(
      dtype: dtype,
      dims: dims.map { dim in
        guard case .symbol(let name) = dim.extent else { return dim }
        return Dim(.symbol("\(scope)/\(name)"), range: dim.range)
      })
  }
}

extension TableType {
  fileprivate func scoped(_ scope: String) -> TableType {
    TableType(
      columns: columns.map { column in
        guard case .tensor(let type) = column.type else { return column }
        return Column(name: column.name, type: .tensor(type.scoped(scope)), tags: column.tags)
      }, open: open)
  }
}

/// One unification under way.
private struct Unifier {
  var bindings: DimBindings
  var result = Unification()

  mutating func unify(_ offered: PortType, _ wanted: PortType) throws {
    switch (offered, wanted) {
    case (.team(let a), .team(let b)): try unify(a, b)
    case (.team(let a), let b):
      result.delivery = .fanOut
      try unify(a, b)
    case (let a, .team(let b)):
      result.delivery = .teamOfOne
      try unify(a, b)
    case (.sealed(let a), .sealed(let b)): try unify(a, b)
    case (.sealed, _):
      throw PortTypeError(
        code: .sealed, message: "it is sealed and this consumer may not open it",
        suggestion: "give it to a step that declares a sealed input, or use another part")
    case (let a, .sealed(let b)): try unify(a, b)
    case (.stream(let a), .stream(let b)): try unify(a, b)
    case (.tensor(let a), .tensor(let b)): try unify(a, b)
    case (.table(let a), .table(let b)): try unify(a, b)
    case (.table(let a), .dataset(let b)), (.dataset(let a?), .dataset(let b)):
      if let b { try unify(a, b) }
    case (.dataset(let a?), .table(let b)): try unify(a, b)
    case (.dataset(nil), .table(let b)), (.dataset(nil), .dataset(let b?)):
      result.uncheckedColumns = b.columns.map(\.name)
    case (.model(let taskA, let formatA), .model(let taskB, let formatB)):
      try agree(taskA, taskB, on: "task")
      try agree(formatA, formatB, on: "format")
    default:
      guard offered == wanted else {
        throw PortTypeError(code: .kind, message: "they are of different kinds")
      }
    }
  }

  private mutating func unify(_ offered: TensorType, _ wanted: TensorType) throws {
    guard offered.dtype == wanted.dtype else {
      throw PortTypeError(
        code: .shape, message: "\(offered.dtype.rawValue) is not \(wanted.dtype.rawValue)")
    }
    guard offered.dims.count == wanted.dims.count else {
      throw PortTypeError(
        code: .shape,
        message: "\(offered.dims.count) dimensions are not \(wanted.dims.count)")
    }
    for (index, (a, b)) in zip(offered.dims, wanted.dims).enumerated() {
      do {
        try bindings.unify(a, b)
      } catch let error as PortTypeError {
        throw PortTypeError(
          code: error.code, message: "dimension \(index + 1): \(error.message)")
      }
    }
  }

  private mutating func unify(_ offered: TableType, _ wanted: TableType) throws {
    for column in wanted.columns {
      guard let given = offered.column(column.name) else {
        guard offered.open else {
          let names = offered.columns.map(\.name)
          throw PortTypeError(
            code: .column, message: "the column '\(column.name)' is missing",
            suggestion: NearMiss.nearest(to: column.name, among: names)
              .map { "did you mean '\($0)'?" }
              ?? (names.isEmpty ? nil : "there are \(names.joined(separator: ", "))"))
        }
        result.uncheckedColumns.append(column.name)
        continue
      }
      if case (.tensor(let a), .tensor(let b)) = (given.type, column.type) {
        try unify(a, b)
      } else if given.type != column.type {
        throw PortTypeError(
          code: .column,
          message: "the column '\(column.name)' is \(given.type), not \(column.type)")
      }
    }
  }

  private func agree(_ offered: String?, _ wanted: String?, on what: String) throws {
    if let offered, let wanted, offered != wanted {
      throw PortTypeError(
        code: .model, message: "the model's \(what) is \(offered), not \(wanted)")
    }
  }
}
