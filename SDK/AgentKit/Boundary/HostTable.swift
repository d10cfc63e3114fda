import CadreABI

/// The host's table, read field by field.
///
/// `@unchecked Sendable`: the host promises that the table is constant from `open` to `close`, and what is
/// called through it is tagged `[any]`, or `[job]` and called for one job at a time.
struct HostTable: @unchecked Sendable {
  let pointer: UnsafePointer<cadre_host>

  private var size: UInt32 { pointer.pointee.size }

  var name: String {
    reaches(size, CADRE_END_cadre_host_name) ? pointer.pointee.name.text : ""
  }

  var version: String {
    reaches(size, CADRE_END_cadre_host_version) ? pointer.pointee.version.text : ""
  }

  func log(_ level: LogLevel, _ message: String) {
    guard reaches(size, CADRE_END_cadre_host_log), let log = pointer.pointee.log else { return }
    withStr(message) { log(pointer, level.rawValue, $0) }
  }

  /// The job functions.
  func jobs() throws(AgentFailure) -> UnsafePointer<cadre_jobs> {
    try need(size, CADRE_END_cadre_host_jobs, "cadre_host.jobs", pointer.pointee.jobs)
  }

  /// An extension of the host by id, or nil.
  func find<Table>(_ id: String, _ type: Table.Type) -> UnsafePointer<Table>? {
    guard reaches(size, CADRE_END_cadre_host_extension), let ask = pointer.pointee.extension
    else { return nil }
    return withStr(id) { ask(pointer, $0) }?.assumingMemoryBound(to: Table.self)
  }

  /// An extension of the host by id.
  func require<Table>(
    _ id: String, _ type: Table.Type
  ) throws(AgentFailure) -> UnsafePointer<Table> {
    guard let table = find(id, type) else {
      throw AgentFailure(
        .unimplemented, "the host \(name) \(version) does not have \(id), which this agent needs")
    }
    return table
  }
}
