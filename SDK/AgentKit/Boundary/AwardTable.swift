import CadreABI

/// An award's struct, read field by field.
///
/// What is a plain number or text is copied at once; `input` is asked until `prepare` returned.
final class AwardTable {
  let offer: Int
  let id: UInt64
  let task: String
  let role: String
  let teamSize: Int
  let member: Int
  let settings: JSONValue
  let seed: UInt64
  let memory: UInt64?
  let threads: Int
  private let host: HostTable
  private let scope: BorrowScope
  /// nil after `prepare` returned, when the struct is gone.
  private var award: UnsafePointer<cadre_award>?

  init(
    _ award: UnsafePointer<cadre_award>, _ host: HostTable, scope: BorrowScope
  ) throws(AgentFailure) {
    let size = award.pointee.size
    func read<Value>(_ end: Int, _ value: @autoclosure () -> Value, or other: Value) -> Value {
      reaches(size, end) ? value() : other
    }
    offer = Int(read(CADRE_END_cadre_award_offer, award.pointee.offer, or: 0))
    id = read(CADRE_END_cadre_award_id, award.pointee.id, or: 0)
    task = read(CADRE_END_cadre_award_task, award.pointee.task.text, or: "")
    role = read(CADRE_END_cadre_award_role, award.pointee.role.text, or: "")
    teamSize = Int(read(CADRE_END_cadre_award_team_size, award.pointee.team_size, or: 1))
    member = Int(read(CADRE_END_cadre_award_member, award.pointee.member, or: 0))
    seed = read(CADRE_END_cadre_award_seed, award.pointee.seed, or: 0)
    let bytes = read(CADRE_END_cadre_award_memory, award.pointee.memory, or: 0)
    memory = bytes == 0 ? nil : bytes
    threads = Int(read(CADRE_END_cadre_award_threads, award.pointee.threads, or: 0))
    let text = read(CADRE_END_cadre_award_settings, award.pointee.settings.bytes, or: [])
    settings = text.isEmpty ? .object([]) : try JSONValue(parsing: text)
    self.host = host
    self.scope = scope
    self.award = award
  }

  /// `prepare` returned: the struct is gone.
  func end() { award = nil }

  func input(_ port: String) throws(AgentFailure) -> InputValue {
    guard let award else {
      throw AgentFailure(
        .failedPrecondition, "an award is valid until prepare returns; read its ports there",
        where: port)
    }
    let ask = try need(
      award.pointee.size, CADRE_END_cadre_award_input, "cadre_award.input", award.pointee.input)
    let raw = try BorrowedValue(host) { out in withStr(port) { ask(award, $0, out) } }
    return InputValue(port: port, raw: raw, scope: scope)
  }
}
