import CadreABI
import OpBridge

/// One agent's `cadre_host`, at an address that stays.
///
/// `@unchecked Sendable`: the table is constant from `init` to `free`.
final class HostTable: @unchecked Sendable {
  private let host: UnsafeMutablePointer<cadre_host>
  private let anchor: Unmanaged<HostAnchor>
  private let texts = TextArena()

  /// Makes the table.
  ///
  /// It lives until `free`: an agent that was abandoned may still call it, so it is not freed with
  /// the object.
  init(name: String, version: String, services: HostServices, ops: OpRuntime) {
    anchor = .passRetained(HostAnchor(ops: ops, owner: services))
    host = .allocate(capacity: 1)
    host.initialize(
      to: cadre_host(
        size: UInt32(CADRE_END_cadre_host_extension), reserved: 0, data: anchor.toOpaque(),
        name: texts.copy(name), version: texts.copy(version), jobs: JobTable.pointer, log: Self.log,
        error: { _, code, message, place in
          ErrorObject.make(code: code, message: message, place: place)
        },
        extension: Self.find))
  }

  /// The table, borrowed until `free`.
  var pointer: UnsafePointer<cadre_host> { UnsafePointer(host) }

  /// Frees the table, when the agent is closed and can call no more.
  func free() {
    host.deallocate()
    anchor.release()
  }

  /// The longest line that is kept.
  private static let lineLimit = 16 * 1024

  private static let log: @convention(c) (UnsafePointer<cadre_host>?, UInt32, cadre_str) -> Void = {
    host, level, message in
    guard let services = try? HostServices.of(host) else { return }
    services.log(
      services.agent, LogLevel(rawValue: level) ?? .info,
      BoundaryText.lossy(message, limit: lineLimit))
  }

  private static let find:
    @convention(c) (UnsafePointer<cadre_host>?, cadre_str) -> UnsafeRawPointer? = { _, id in
      switch BoundaryText.lossy(id, limit: 256) {
      case CADRE_OPS_ID: UnsafeRawPointer(OpTable.pointer)
      case CADRE_TAPE_ID: UnsafeRawPointer(TapeTable.pointer)
      case CADRE_POOL_ID: UnsafeRawPointer(PoolTable.pointer)
      case CADRE_DATA_ID: UnsafeRawPointer(DataTable.pointer)
      case CADRE_MODEL_ID: UnsafeRawPointer(ModelTable.pointer)
      default: nil
      }
    }
}
