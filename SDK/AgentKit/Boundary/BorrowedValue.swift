import CadreABI

/// A `cadre_value` that the host filled, read field by field.
final class BorrowedValue {
  private let pointer: UnsafePointer<cadre_value>
  /// Memory of our own behind `pointer`, or nil when it is the host's (a team's member).
  private let owned: UnsafeMutablePointer<cadre_value>?
  private let host: HostTable

  /// Makes an empty value, lets the host fill it, and keeps it.
  init(
    _ host: HostTable,
    filling fill: (UnsafeMutablePointer<cadre_value>) -> UnsafeMutablePointer<cadre_error>?
  ) throws(AgentFailure) {
    let value = UnsafeMutablePointer<cadre_value>.allocate(capacity: 1)
    value.initialize(to: cadre_value())
    value.pointee.size = UInt32(CADRE_END_cadre_value_member_count)
    do throws(AgentFailure) {
      try check(fill(value))
    } catch {
      value.deallocate()
      throw error
    }
    owned = value
    pointer = UnsafePointer(value)
    self.host = host
  }

  private init(_ host: HostTable, member: UnsafePointer<cadre_value>) {
    owned = nil
    pointer = member
    self.host = host
  }

  deinit { owned?.deallocate() }

  private var size: UInt32 { pointer.pointee.size }

  var kind: UInt32 {
    reaches(size, CADRE_END_cadre_value_kind) ? pointer.pointee.kind : 0
  }

  /// Whether this is a team's value: its members hold the values, not this one.
  var hasMembers: Bool {
    reaches(size, CADRE_END_cadre_value_constructors)
      && pointer.pointee.constructors & UInt32(CADRE_OF_TEAM) != 0
  }

  var members: [BorrowedValue] {
    guard hasMembers, reaches(size, CADRE_END_cadre_value_member_count),
      let members = pointer.pointee.members
    else { return [] }
    return (0..<Int(clamping: pointer.pointee.member_count)).compactMap { index in
      members[index].map { BorrowedValue(host, member: $0) }
    }
  }

  var text: String {
    reaches(size, CADRE_END_cadre_value_text) ? pointer.pointee.text.text : ""
  }

  var bytes: [UInt8] {
    reaches(size, CADRE_END_cadre_value_text) ? pointer.pointee.text.bytes : []
  }

  var scalar: ScalarValue? {
    guard reaches(size, CADRE_END_cadre_value_i64) else { return nil }
    switch ElementType(rawValue: pointer.pointee.dtype) {
    case .f64: return .f64(pointer.pointee.f64)
    case .i64: return .i64(pointer.pointee.i64)
    case .bool: return .bool(pointer.pointee.i64 != 0)
    case .utf8: return .utf8(text)
    default: return nil
    }
  }

  func tensor(port: String) throws(AgentFailure) -> TensorValue {
    if reaches(size, CADRE_END_cadre_value_tensor), let tensor = pointer.pointee.tensor {
      return try TensorValue(reading: tensor, where: port)
    }
    throw missing("tensor", port)
  }

  func tableReader() throws -> TableReader {
    guard reaches(size, CADRE_END_cadre_value_table), let stream = pointer.pointee.table else {
      throw missing("table", "")
    }
    return try TableReader(consuming: stream)
  }

  func dataset(port: String, scope: BorrowScope) throws(AgentFailure) -> DatasetReader {
    guard reaches(size, CADRE_END_cadre_value_dataset), let dataset = pointer.pointee.dataset
    else { throw missing("dataset", port) }
    return try DatasetReader(DatasetTable(host, dataset, port: port, scope: scope))
  }

  func model(port: String, scope: BorrowScope) throws(AgentFailure) -> Model {
    guard reaches(size, CADRE_END_cadre_value_model), let model = pointer.pointee.model else {
      throw missing("model", port)
    }
    return try Model(ModelTable(host, model, port: port, scope: scope))
  }

  private func missing(_ what: String, _ port: String) -> AgentFailure {
    AgentFailure(.internal, "the host gave a value without its \(what)", where: port)
  }
}
