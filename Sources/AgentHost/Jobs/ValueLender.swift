import ArrowTables
import CadreABI
import Contracts
import OpBridge
import TensorCore

/// Shows the host's values to an agent, as `cadre_value`s that are borrowed for the life of a loan.
struct ValueLender {
  let services: HostServices
  let loans: Loans

  /// Rows a batch of a lent table; small enough for caches, large enough to hide the calls.
  static let batchRows = 8192

  /// Lends a value into the struct of a caller.
  ///
  /// - Parameters:
  ///   - value: fits the port, see `PortCheck`.
  ///   - contract: the port.
  ///   - name: under which the loan is remembered; nil lends anew each time.
  ///   - out: the caller's struct, its size set.
  func lend(
    _ value: Value, on contract: PortContract, rememberedAs name: String?,
    into out: UnsafeMutablePointer<cadre_value>?
  ) throws {
    let lent: cadre_value
    if let name, let before = loans.lent(name) {
      lent = before
    } else {
      lent = try cValue(of: value, on: contract)
      // A stream is consumed by reading, so each asking gets a fresh one.
      if let name, !Self.holdsStream(value) { loans.remember(lent, as: name) }
    }
    let end = Self.neededEnd(lent)
    if let out, Int(out.pointee.size) < end {
      throw AgentError(
        .invalidArgument,
        "out has room for \(out.pointee.size) bytes; a value of this kind takes \(end)",
        where: contract.port.name)
    }
    try OutStruct.fill(
      out, end: CADRE_END_cadre_value_member_count, with: lent, place: contract.port.name)
  }

  private static func holdsStream(_ value: Value) -> Bool {
    switch value {
    case .table: true
    case .team(let members): members.contains(where: holdsStream)
    default: false
    }
  }

  /// The end of the last field that a value of this kind needs.
  private static func neededEnd(_ value: cadre_value) -> Int {
    if Int(value.constructors) & CADRE_OF_TEAM != 0 { return CADRE_END_cadre_value_member_count }
    switch Int(value.kind) {
    case CADRE_KIND_TENSOR: return CADRE_END_cadre_value_tensor
    case CADRE_KIND_TABLE: return CADRE_END_cadre_value_table
    case CADRE_KIND_DATASET: return CADRE_END_cadre_value_dataset
    case CADRE_KIND_MODEL: return CADRE_END_cadre_value_model
    case CADRE_KIND_SCALAR: return CADRE_END_cadre_value_i64
    default: return CADRE_END_cadre_value_text
    }
  }

  /// The C struct of a value; everything that it points to lives as long as the loan.
  private func cValue(of value: Value, on contract: PortContract) throws -> cadre_value {
    var result = cadre_value()
    result.size = UInt32(CADRE_END_cadre_value_member_count)
    switch value {
    case .tensor(let tensor):
      let view = try DLTensorView(tensor)
      loans.add { withExtendedLifetime(view) {} }
      result.kind = UInt32(CADRE_KIND_TENSOR)
      result.dtype = tensor.dtype.abi
      result.tensor = view.pointer
    case .table(let table):
      result.kind = UInt32(CADRE_KIND_TABLE)
      result.table = lendStream(of: table)
    case .text(let text): lend(text, CADRE_KIND_TEXT, into: &result)
    case .json(let text): lend(text, CADRE_KIND_JSON, into: &result)
    case .settings(let settings): lend(settings.json, CADRE_KIND_SETTINGS, into: &result)
    case .bytes(let bytes): lend(bytes, CADRE_KIND_BYTES, into: &result)
    case .state(let bytes): lend(bytes, CADRE_KIND_STATE, into: &result)
    case .scalar(let scalar): lend(scalar, into: &result)
    case .dataset(let dataset):
      result.kind = UInt32(CADRE_KIND_DATASET)
      result.dataset = lendHandle(DatasetView(dataset), of: services.datasets)
    case .model(let model):
      result.kind = UInt32(CADRE_KIND_MODEL)
      result.model = lendHandle(try ModelView(model, isLent: true), of: services.models)
    case .team(let members): try lend(members, on: contract, into: &result)
    }
    return result
  }
}

// MARK: The kinds

extension ValueLender {
  private func lendHandle<View>(_ view: View, of table: HandleTable<View>) -> OpaquePointer? {
    let handle = table.insert(view)
    let bits = UInt(bitPattern: handle)
    loans.add { table.release(OpaquePointer(bitPattern: bits)) }
    return handle
  }

  private func lend(_ text: String, _ kind: Int, into result: inout cadre_value) {
    let arena = TextArena()
    result.kind = UInt32(kind)
    result.text = arena.copy(text)
    loans.add { withExtendedLifetime(arena) {} }
  }

  private func lend(_ bytes: [UInt8], _ kind: Int, into result: inout cadre_value) {
    let arena = TextArena()
    result.kind = UInt32(kind)
    result.text = bytes.withUnsafeBytes { arena.copy($0) }
    loans.add { withExtendedLifetime(arena) {} }
  }

  private func lend(_ scalar: ScalarValue, into result: inout cadre_value) {
    switch scalar {
    case .f64(let number):
      result.dtype = UInt32(CADRE_F64)
      result.f64 = number
    case .i64(let number):
      result.dtype = UInt32(CADRE_I64)
      result.i64 = number
    case .bool(let isTrue):
      result.dtype = UInt32(CADRE_BOOL)
      result.i64 = isTrue ? 1 : 0
    case .utf8(let text):
      lend(text, CADRE_KIND_SCALAR, into: &result)
      result.dtype = UInt32(CADRE_UTF8)
    }
    result.kind = UInt32(CADRE_KIND_SCALAR)
  }

  /// A stream that the agent may consume and release; the host releases what it left.
  private func lendStream(of table: Table) -> UnsafeMutablePointer<ArrowArrayStream> {
    let stream = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
    stream.initialize(to: ArrowArrayStream())
    table.exportStream(to: stream, batchRows: Self.batchRows)
    let bits = UInt(bitPattern: stream)
    loans.add {
      guard let stream = UnsafeMutablePointer<ArrowArrayStream>(bitPattern: bits) else { return }
      if let release = stream.pointee.release { release(stream) }
      stream.deallocate()
    }
    return stream
  }

  private func lend(
    _ members: [Value], on contract: PortContract, into result: inout cadre_value
  ) throws {
    let values = try members.map { try cValue(of: $0, on: contract) }
    let structs = UnsafeMutablePointer<cadre_value>.allocate(capacity: max(values.count, 1))
    let pointers = UnsafeMutablePointer<UnsafePointer<cadre_value>?>.allocate(
      capacity: max(values.count, 1))
    for (index, value) in values.enumerated() {
      (structs + index).initialize(to: value)
      (pointers + index).initialize(to: UnsafePointer(structs + index))
    }
    let bits = (UInt(bitPattern: structs), UInt(bitPattern: pointers))
    loans.add {
      UnsafeMutablePointer<cadre_value>(bitPattern: bits.0)?.deallocate()
      UnsafeMutablePointer<UnsafePointer<cadre_value>?>(bitPattern: bits.1)?.deallocate()
    }
    result.kind = values.first?.kind ?? 0
    result.constructors = UInt32(CADRE_OF_TEAM)
    result.members = UnsafePointer(pointers)
    result.member_count = UInt64(values.count)
  }
}
