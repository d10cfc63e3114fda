import ArrowTables
import CadreABI
import Contracts
import OpBridge
import TensorCore

/// Takes values from an agent: outputs, and what it emits.
///
/// `managed`, `table` and a model that the agent built are given: they end here in every case, also
/// where the value is refused.
struct ValueReceiver {
  let services: HostServices

  /// Beyond these a size is a wrong number and not a text or a team.
  private enum Limit {
    static let bytes = 1 << 34
    static let members: UInt64 = 1024
  }

  /// Takes a value for a port.
  ///
  /// - Parameters:
  ///   - value: borrowed during the call; what it gives is taken.
  ///   - contract: the port; only its kind is looked at, see `PortCheck` for the rest.
  func take(_ value: UnsafePointer<cadre_value>?, on contract: PortContract) throws -> Value {
    let place = contract.port.name
    guard let value, Int(value.pointee.size) >= CADRE_END_cadre_value_dtype else {
      discard(value)
      throw AgentError(
        .invalidArgument, "the value is NULL, or its size does not hold its kind", where: place)
    }
    let isTeam = Int(value.pointee.constructors) & CADRE_OF_TEAM != 0
    guard isTeam == contract.isTeam else {
      discard(value)
      throw AgentError(
        .invalidArgument,
        isTeam ? "a team's values on a port of one value" : "one value on a port of a team's",
        where: place)
    }
    return isTeam ? try takeMembers(value, place) : try takeOne(value, place)
  }

  /// Frees what a value gives.
  func discard(_ value: UnsafePointer<cadre_value>?) {
    guard let value else { return }
    var given = Given(value)
    given.release(services)
    guard let members = try? members(of: value, "") else { return }
    for member in members { discard(member) }
  }

  private func members(
    of value: UnsafePointer<cadre_value>, _ place: String
  ) throws -> UnsafeBufferPointer<UnsafePointer<cadre_value>?> {
    guard Int(value.pointee.size) >= CADRE_END_cadre_value_member_count,
      Int(value.pointee.constructors) & CADRE_OF_TEAM != 0
    else { return UnsafeBufferPointer(start: nil, count: 0) }
    return try BoundaryArray.check(
      value.pointee.members, value.pointee.member_count, limit: Limit.members, place: place)
  }

  private func takeMembers(_ value: UnsafePointer<cadre_value>, _ place: String) throws -> Value {
    let members = try members(of: value, place)
    // Every member is taken before the first error is thrown, so that none leaks.
    let taken = members.map { member in
      Result { () throws -> Value in
        guard let member, Int(member.pointee.size) >= CADRE_END_cadre_value_dtype else {
          throw AgentError(.invalidArgument, "a member is NULL or too short", where: place)
        }
        return try takeOne(member, place)
      }
    }
    return .team(try taken.map { try $0.get() })
  }

  private func takeOne(_ value: UnsafePointer<cadre_value>, _ place: String) throws -> Value {
    var given = Given(value)
    defer { given.release(services) }
    switch Int(value.pointee.kind) {
    case CADRE_KIND_TENSOR: return .tensor(try tensor(value, &given, place))
    case CADRE_KIND_TABLE:
      guard let stream = given.takeTable() else { throw absent("table", place) }
      do {
        return .table(try Table(importing: stream))
      } catch {
        throw AgentError(.invalidArgument, "\(error)", where: place)
      }
    case CADRE_KIND_TEXT: return .text(try text(value, place))
    case CADRE_KIND_BYTES: return .bytes(try bytes(value, place))
    case CADRE_KIND_STATE: return .state(try bytes(value, place))
    case CADRE_KIND_JSON:
      let text = try text(value, place)
      _ = try json(text, place)
      return .json(text)
    case CADRE_KIND_SETTINGS:
      let settings = try json(try text(value, place), place)
      guard settings.fields != nil else {
        throw AgentError(
          .invalidArgument, "settings must be a JSON object, not \(settings.kindName)",
          where: place)
      }
      return .settings(settings)
    case CADRE_KIND_SCALAR: return .scalar(try scalar(value, place))
    case CADRE_KIND_DATASET:
      guard Int(value.pointee.size) >= CADRE_END_cadre_value_dataset,
        let view = services.datasets.find(value.pointee.dataset)
      else { throw absent("dataset", place) }
      return .dataset(view.dataset)
    case CADRE_KIND_MODEL:
      guard let view = given.model(services) else { throw absent("model", place) }
      return .model(view.model)
    default:
      throw AgentError(.invalidArgument, "\(value.pointee.kind) is no kind", where: place)
    }
  }

  private func absent(_ field: String, _ place: String) -> AgentError {
    AgentError(
      .invalidArgument, "the value's `\(field)` is NULL, released, or none of this agent's",
      where: place)
  }

  private func tensor(
    _ value: UnsafePointer<cadre_value>, _ given: inout Given, _ place: String
  ) throws -> Tensor {
    do {
      if let managed = given.takeManaged() {
        return try DLPackImport.take(managed, account: services.memory)
      }
      // What was only lent, such as the agent's own input, is copied.
      if Int(value.pointee.size) >= CADRE_END_cadre_value_tensor, let lent = value.pointee.tensor {
        return try DLPackImport.copy(lent, account: services.memory)
      }
    } catch let error as any BoundaryError {
      throw AgentError(
        ErrorCode(rawValue: error.boundaryCode) ?? .unknown, error.boundaryMessage, where: place)
    }
    throw absent("managed", place)
  }

  private func scalar(_ value: UnsafePointer<cadre_value>, _ place: String) throws -> ScalarValue {
    if Int(value.pointee.dtype) == CADRE_UTF8 { return .utf8(try text(value, place)) }
    guard Int(value.pointee.size) >= CADRE_END_cadre_value_i64 else {
      throw AgentError(
        .invalidArgument, "the value's size does not hold its number", where: place)
    }
    switch Int(value.pointee.dtype) {
    case CADRE_F64: return .f64(value.pointee.f64)
    case CADRE_I64: return .i64(value.pointee.i64)
    case CADRE_BOOL: return .bool(value.pointee.i64 != 0)
    default:
      throw AgentError(
        .invalidArgument, "\(value.pointee.dtype) is no type of scalars", where: place)
    }
  }

  private func text(_ value: UnsafePointer<cadre_value>, _ place: String) throws -> String {
    guard Int(value.pointee.size) >= CADRE_END_cadre_value_text else {
      throw absent("text", place)
    }
    return try BoundaryText.read(value.pointee.text, limit: Limit.bytes, place: place)
  }

  private func bytes(_ value: UnsafePointer<cadre_value>, _ place: String) throws -> [UInt8] {
    guard Int(value.pointee.size) >= CADRE_END_cadre_value_text else {
      throw absent("text", place)
    }
    return Array(try BoundaryText.bytes(value.pointee.text, limit: Limit.bytes, place: place))
  }

  private func json(_ text: String, _ place: String) throws -> Setting {
    do {
      return try Setting(json: text)
    } catch let error as SettingError {
      throw AgentError(.invalidArgument, "\(error)", where: place)
    }
  }
}

/// What a value gives away and nobody has taken yet.
private struct Given {
  private var managed: UnsafeMutablePointer<DLManagedTensorVersioned>?
  private var table: UnsafeMutablePointer<ArrowArrayStream>?
  private var modelHandle: OpaquePointer?

  init(_ value: UnsafePointer<cadre_value>) {
    let size = Int(value.pointee.size)
    if size >= CADRE_END_cadre_value_managed { managed = value.pointee.managed }
    if size >= CADRE_END_cadre_value_table { table = value.pointee.table }
    if size >= CADRE_END_cadre_value_model { modelHandle = value.pointee.model }
  }

  mutating func takeManaged() -> UnsafeMutablePointer<DLManagedTensorVersioned>? {
    defer { managed = nil }
    return managed
  }

  mutating func takeTable() -> UnsafeMutablePointer<ArrowArrayStream>? {
    defer { table = nil }
    return table
  }

  func model(_ services: HostServices) -> ModelView? { services.models.find(modelHandle) }

  mutating func release(_ services: HostServices) {
    if let managed = takeManaged(), let deleter = managed.pointee.deleter { deleter(managed) }
    if let table = takeTable(), let release = table.pointee.release { release(table) }
    // A model that the agent built is given; one that it was lent stays the host's.
    if let view = model(services), !view.isLent { services.models.release(modelHandle) }
    modelHandle = nil
  }
}
