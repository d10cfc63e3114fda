import AgentKit
import CadreABI
import OpBridge
import Synchronization

/// A host with the real op table and tape, and one port that holds what was put on it last.
///
/// `@unchecked Sendable`: a test uses it from one thread.
final class OpHost: @unchecked Sendable {
  let runtime = OpRuntime(threadLimit: 2)
  let shelf = Shelf()
  let table = UnsafeMutablePointer<cadre_host>.allocate(capacity: 1)
  private var anchor: Unmanaged<HostAnchor>?

  init() {
    table.initialize(
      to: cadre_host(
        size: UInt32(CADRE_END_cadre_host_extension), reserved: 0, data: nil, name: cadre_str(),
        version: cadre_str(), jobs: Shelf.jobs, log: nil, error: nil,
        extension: { _, id in
          guard let data = id.data else { return nil }
          let bytes = UnsafeRawBufferPointer(start: data, count: Int(id.size))
          switch String(decoding: bytes, as: UTF8.self) {
          case CADRE_OPS_ID: return UnsafeRawPointer(OpBridge.OpTable.pointer)
          case CADRE_TAPE_ID: return UnsafeRawPointer(TapeRecorder.pointer)
          case CADRE_MODEL_ID: return UnsafeRawPointer(Shelf.models)
          default: return nil
          }
        }))
    anchor = Unmanaged.passRetained(HostAnchor(ops: runtime, owner: shelf))
    table.pointee.data = anchor?.toOpaque()
  }

  deinit {
    anchor?.release()
    table.deallocate()
  }

  /// The op table as an agent gets it.
  ///
  /// An agent's `Host` can only come from `open`, so an agent is opened to get one.
  func ops(job: UInt64 = 0, threads: Int = 0) throws -> AgentKit.OpTable {
    try AgentKit.OpTable(
      HostGrabber.host(of: UnsafePointer(table)), job: job, threads: threads)
  }
}

/// An agent that keeps the host it was opened with.
struct HostGrabber: Agent {
  static let identity = AgentIdentity(id: "org.example.grabber", version: "1.0.0")
  private static let grabbed = Mutex<Host?>(nil)
  private static let turn = Mutex(())

  init(host: Host, config: JSONValue) { Self.grabbed.withLock { $0 = host } }
  var offers: [Offer] { [Offer("org.example.nothing/1")] }
  func prepare(_ award: Award) throws -> any Assignment {
    throw AgentFailure(.unimplemented, "only opened")
  }

  static func host(of table: UnsafePointer<cadre_host>) throws -> Host {
    try turn.withLock { _ in
      var boot = cadre_boot()
      boot.magic = UInt32(CADRE_BOOT_MAGIC)
      boot.major = UInt16(CADRE_ABI_MAJOR)
      boot.minor = UInt16(CADRE_ABI_MINOR)
      var opened: UnsafeMutablePointer<cadre_agent>?
      let module = AgentModule.start(&boot, HostGrabber.self)
      _ = module?.pointee.open(module, table, cadre_str(), &opened)
      opened?.pointee.close(opened)
      guard let host = grabbed.withLock({ $0 }) else {
        throw AgentFailure(.internal, "the agent did not open")
      }
      return host
    }
  }
}
