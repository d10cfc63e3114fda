import CadreABI
import Contracts
import OpBridge
import TensorCore

/// Reads one port of an offer.
struct PortReader {
  /// The port's place in the offer, `inputs[0]`.
  let place: String

  private enum Limit {
    static let columns: UInt64 = 1024
    static let labels: UInt64 = 64
    static let name = 256
    static let about = 4096
  }

  /// Reads a port, borrowed during the call.
  func read(_ pointer: UnsafePointer<cadre_port>?) throws -> PortContract {
    guard let pointer else { throw AgentError(.invalidArgument, "the port is NULL", where: place) }
    let size = Int(pointer.pointee.size)
    guard size >= CADRE_END_cadre_port_name else {
      throw error("\(size) bytes do not hold its name", "size")
    }
    let name = try BoundaryText.read(
      pointer.pointee.name, limit: Limit.name, place: "\(place).name")
    guard Self.isName(name) else {
      throw error("'\(name)' is no name; use letters, digits, _ and -", "name")
    }
    let flags = Int(pointer.pointee.flags)
    let kind = try self.kind(pointer, size: size, flags: flags)
    let about =
      size >= CADRE_END_cadre_port_about
      ? try BoundaryText.read(pointer.pointee.about, limit: Limit.about, place: "\(place).about")
      : ""
    try checkDevice(pointer, size: size)
    let type = try constructed(kind.type, Int(pointer.pointee.constructors))
    return PortContract(
      port: Port(
        name, type, about: about, optional: flags & CADRE_PORT_OPTIONAL != 0,
        bound: flags & CADRE_PORT_BOUND != 0), dtypes: kind.dtypes)
  }

  private func error(_ message: String, _ field: String) -> AgentError {
    AgentError(.invalidArgument, message, where: "\(place).\(field)")
  }

  private func checkDevice(_ pointer: UnsafePointer<cadre_port>, size: Int) throws {
    guard size >= CADRE_END_cadre_port_device else { return }
    let device = try BoundaryText.read(
      pointer.pointee.device, limit: Limit.name, place: "\(place).device")
    guard device.isEmpty || device == "cpu" else {
      throw error("'\(device)' is no device of this host; the only one is cpu", "device")
    }
  }

  /// Seal inside, team around it, stream outermost: the order in which the host unpacks them.
  private func constructed(_ type: PortType, _ bits: Int) throws -> PortType {
    let known = CADRE_OF_TEAM | CADRE_OF_SEALED | CADRE_OF_STREAM
    guard bits & ~known == 0 else {
      throw error("the bits \(bits) hold an unknown constructor", "constructors")
    }
    var type = type
    if bits & CADRE_OF_SEALED != 0 { type = .sealed(type) }
    if bits & CADRE_OF_TEAM != 0 { type = .team(type) }
    if bits & CADRE_OF_STREAM != 0 { type = .stream(type) }
    return type
  }

  private func kind(
    _ pointer: UnsafePointer<cadre_port>, size: Int, flags: Int
  ) throws -> (type: PortType, dtypes: [DType]) {
    switch Int(pointer.pointee.kind) {
    case CADRE_KIND_TENSOR: return try tensor(pointer, size: size, flags: flags)
    case CADRE_KIND_TABLE:
      return (.table(try row(pointer, size: size, flags: flags)), [])
    case CADRE_KIND_TEXT: return (.text, [])
    case CADRE_KIND_BYTES: return (.bytes, [])
    case CADRE_KIND_JSON: return (.json, [])
    case CADRE_KIND_SCALAR: return (.scalar(try scalar(pointer, size: size)), [])
    case CADRE_KIND_DATASET:
      let row = try row(pointer, size: size, flags: flags)
      return (.dataset(row.columns.isEmpty && !row.open ? nil : row), [])
    case CADRE_KIND_MODEL: return (try model(pointer, size: size), [])
    case CADRE_KIND_STATE: return (.state, [])
    case CADRE_KIND_SETTINGS: return (.settings, [])
    default: throw error("\(pointer.pointee.kind) is no kind", "kind")
    }
  }

  // MARK: Tensors and scalars

  private func tensor(
    _ pointer: UnsafePointer<cadre_port>, size: Int, flags: Int
  ) throws -> (PortType, [DType]) {
    guard size >= CADRE_END_cadre_port_dim_count else {
      throw error("\(size) bytes do not hold the dimensions of a tensor", "size")
    }
    guard flags & CADRE_PORT_ANY_SHAPE == 0 else {
      throw AgentError(
        .unimplemented, "this host plans with shapes; state the dimensions of the tensor",
        where: "\(place).flags")
    }
    let bits = pointer.pointee.dtypes
    let unknown = bits >> UInt64(CADRE_F16 + 1) | (bits & 1)
    let dtypes = DType.allCases.filter { bits & (1 << UInt64($0.abi)) != 0 }
    guard unknown == 0, !dtypes.isEmpty else {
      throw error("the bits \(bits) name no element type of tensors, or an unknown one", "dtypes")
    }
    let preferred = dtypes.contains(.f32) ? .f32 : dtypes[0]
    guard let element = ElementType(rawValue: preferred.name) else {
      throw error("\(preferred) is no element type of ports", "dtypes")
    }
    let dims = try BoundaryArray.check(
      pointer.pointee.dims, pointer.pointee.dim_count, limit: UInt64(Shape.maximumRank),
      place: "\(place).dims")
    let read = try dims.indices.map { try dim(dims, $0) }
    return (.tensor(TensorType(dtype: element, dims: read)), dtypes)
  }

  private func dim(_ dims: UnsafeBufferPointer<cadre_dim>, _ index: Int) throws -> Dim {
    let field = "dims[\(index)]"
    let symbol = try BoundaryText.read(
      dims[index].symbol, limit: Limit.name, place: "\(place).\(field).symbol")
    let (low, high) = (dims[index].min, dims[index].max)
    guard low >= 0, high < 0 || high >= low else {
      throw error("the sizes \(low)...\(high) are no range", field)
    }
    if symbol.isEmpty {
      if low == high { return .fixed(Int(low)) }
    } else if !Self.isName(symbol) {
      throw error("'\(symbol)' is no name", "\(field).symbol")
    }
    let range =
      low > 0 || high >= 0 ? SizeRange(min: Int(low), max: high < 0 ? nil : Int(high)) : nil
    return symbol.isEmpty ? Dim(.anonymous, range: range) : .symbol(symbol, range: range)
  }

  private func scalar(
    _ pointer: UnsafePointer<cadre_port>, size: Int
  ) throws -> Contracts.ScalarType {
    let bits = size >= CADRE_END_cadre_port_dtypes ? pointer.pointee.dtypes : 0
    switch bits {
    case 1 << UInt64(CADRE_F64): return .element(.f64)
    case 1 << UInt64(CADRE_I64): return .element(.i64)
    case 1 << UInt64(CADRE_BOOL): return .element(.bool)
    case 1 << UInt64(CADRE_UTF8): return .utf8
    default:
      throw error(
        "a scalar is exactly one of f64, i64, bool and utf8; the bits are \(bits)", "dtypes")
    }
  }

  // MARK: Tables and models

  private func row(
    _ pointer: UnsafePointer<cadre_port>, size: Int, flags: Int
  ) throws -> TableType {
    let open = flags & CADRE_PORT_OPEN != 0
    guard size >= CADRE_END_cadre_port_column_count else {
      return TableType(columns: [], open: open)
    }
    let pointers = try BoundaryArray.check(
      pointer.pointee.columns, pointer.pointee.column_count, limit: Limit.columns,
      place: "\(place).columns")
    var columns: [Column] = []
    for (index, pointer) in pointers.enumerated() {
      let column = try column(pointer, "columns[\(index)]")
      guard !columns.contains(where: { $0.name == column.name }) else {
        throw error("the name '\(column.name)' stands twice", "columns[\(index)].name")
      }
      columns.append(column)
    }
    return TableType(columns: columns, open: open)
  }

  private func column(_ pointer: UnsafePointer<cadre_column>?, _ field: String) throws -> Column {
    guard let pointer, Int(pointer.pointee.size) >= CADRE_END_cadre_column_name else {
      throw error("the column is NULL, or its size does not hold its name", field)
    }
    let name = try BoundaryText.read(
      pointer.pointee.name, limit: Limit.name, place: "\(place).\(field).name")
    guard !name.isEmpty else { throw error("the name is empty", "\(field).name") }
    let type: ColumnType
    switch Int(pointer.pointee.dtype) {
    case CADRE_UTF8: type = .utf8
    case CADRE_I64: type = .element(.i64)
    case CADRE_F64: type = .element(.f64)
    case CADRE_BOOL: type = .element(.bool)
    default:
      throw error(
        "\(pointer.pointee.dtype) is no type of columns; they are utf8, i64, f64 or bool",
        "\(field).dtype")
    }
    var tags: [String] = []
    if Int(pointer.pointee.size) >= CADRE_END_cadre_column_label_count {
      let labels = try BoundaryArray.check(
        pointer.pointee.labels, UInt64(pointer.pointee.label_count), limit: Limit.labels,
        place: "\(place).\(field).labels")
      tags = try labels.map {
        try BoundaryText.read($0, limit: Limit.name, place: "\(place).\(field).labels")
      }
    }
    return Column(name: name, type: type, tags: tags)
  }

  private func model(_ pointer: UnsafePointer<cadre_port>, size: Int) throws -> PortType {
    guard size >= CADRE_END_cadre_port_format else { return .model(task: nil, format: nil) }
    let task = try BoundaryText.read(
      pointer.pointee.task, limit: Limit.name, place: "\(place).task")
    let format = try BoundaryText.read(
      pointer.pointee.format, limit: Limit.name, place: "\(place).format")
    guard task.isEmpty || OfferReader.isTaskName(task) else {
      throw error("'\(task)' is no task name; write it like text.classify/1", "task")
    }
    return .model(task: task.isEmpty ? nil : task, format: format.isEmpty ? nil : format)
  }

  /// Whether a name can stand in a workflow file.
  static func isName(_ name: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy {
      isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "-")
    }
  }
}
