import CadreABI
import Contracts

/// Reads one setting of an offer.
struct SettingSpecReader {
  /// The setting's place in the offer, `settings[0]`.
  let place: String

  private enum Limit {
    static let choices: UInt64 = 1024
    static let name = 256
    static let about = 4096
    static let json = 64 * 1024
  }

  /// Reads a setting, borrowed during the call.
  func read(_ pointer: UnsafePointer<cadre_setting>?) throws -> SettingSpec {
    guard let pointer, Int(pointer.pointee.size) >= CADRE_END_cadre_setting_initial else {
      throw AgentError(
        .invalidArgument, "the setting is NULL, or its size does not hold its default", where: place
      )
    }
    let size = Int(pointer.pointee.size)
    let flags = Int(pointer.pointee.flags)
    let name = try BoundaryText.read(
      pointer.pointee.name, limit: Limit.name, place: "\(place).name")
    guard PortReader.isName(name) else { throw error("'\(name)' is no name", "name") }
    var spec = SettingSpec(name, try kind(pointer.pointee.dtype, flags))
    spec.about = try BoundaryText.read(
      pointer.pointee.about, limit: Limit.about, place: "\(place).about")
    spec.tunable = flags & CADRE_SETTING_TUNABLE != 0
    spec.logarithmic = flags & CADRE_SETTING_LOG != 0
    spec.path = flags & CADRE_SETTING_PATH != 0
    if size >= CADRE_END_cadre_setting_max {
      spec.range = try range(pointer.pointee.min, pointer.pointee.max)
    }
    if size >= CADRE_END_cadre_setting_choice_count {
      let texts = try BoundaryArray.check(
        pointer.pointee.choices, pointer.pointee.choice_count, limit: Limit.choices,
        place: "\(place).choices")
      spec.choices = try texts.enumerated().map { try json($1, "choices[\($0)]") }
    }
    try readInitial(pointer, flags: flags, into: &spec)
    return spec
  }

  private func readInitial(
    _ pointer: UnsafePointer<cadre_setting>, flags: Int, into spec: inout SettingSpec
  ) throws {
    if flags & CADRE_SETTING_REQUIRED != 0 { return }
    guard pointer.pointee.initial.size > 0 else {
      throw error("there is no default; state one, or set CADRE_SETTING_REQUIRED", "initial")
    }
    let value = try json(pointer.pointee.initial, "initial")
    // A default of null says that nothing is set, and the agent knows what to do then.
    if value == .null {
      spec.initial = .null
      return
    }
    switch SettingCheck.check(value, against: spec) {
    case .success(let value): spec.initial = value
    case .failure(let problem): throw error("the default \(problem.text)", "initial")
    }
  }

  private func error(_ message: String, _ field: String) -> AgentError {
    AgentError(.invalidArgument, message, where: "\(place).\(field)")
  }

  private func kind(_ dtype: UInt32, _ flags: Int) throws -> SettingKind {
    if flags & CADRE_SETTING_JSON != 0 { return .json }
    switch Int(dtype) {
    case CADRE_F64: return .f64
    case CADRE_I64: return .i64
    case CADRE_BOOL: return .bool
    case CADRE_UTF8: return .utf8
    default:
      throw error("\(dtype) is no type of settings; they are f64, i64, bool or utf8", "dtype")
    }
  }

  private func range(_ low: Double, _ high: Double) throws -> ClosedRange<Double>? {
    guard !low.isNaN, !high.isNaN else { throw error("a bound is NaN", "min") }
    // Both zero is what a zeroed struct says: nobody means a number that can only be 0.
    if low > high || (low == 0 && high == 0) { return nil }
    return low...high
  }

  private func json(_ text: cadre_str, _ field: String) throws -> Setting {
    let text = try BoundaryText.read(text, limit: Limit.json, place: "\(place).\(field)")
    do {
      return try Setting(json: text)
    } catch let problem as SettingError {
      throw error("'\(text)' is no JSON: \(problem)", field)
    }
  }
}
