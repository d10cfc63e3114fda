import CadreABI
import OpBridge

/// A host with operations and tapes and nothing else, as an agent's code sees it.
final class LoneHost {
  let pointer: UnsafeMutablePointer<cadre_host>
  private let anchor: Unmanaged<HostAnchor>

  private final class Owner: Sendable {}

  init(threads: Int) {
    anchor = .passRetained(HostAnchor(ops: OpRuntime(threadLimit: threads), owner: Owner()))
    pointer = .allocate(capacity: 1)
    var host = cadre_host()
    host.size = UInt32(CADRE_END_cadre_host_extension)
    host.data = anchor.toOpaque()
    host.extension = { _, id in
      guard let data = id.data else { return nil }
      let bytes = UnsafeRawBufferPointer(start: data, count: Int(id.size))
      switch String(decoding: bytes, as: UTF8.self) {
      case CADRE_OPS_ID: return UnsafeRawPointer(OpTable.pointer)
      case CADRE_TAPE_ID: return UnsafeRawPointer(TapeTable.pointer)
      default: return nil
      }
    }
    pointer.initialize(to: host)
  }

  deinit {
    pointer.deallocate()
    anchor.release()
  }
}
