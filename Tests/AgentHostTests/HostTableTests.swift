import CadreABI
import OpBridge
import TensorCore
import Testing

@testable import AgentHost

@Suite("the host as an agent sees it")
struct HostTableTests {
  @Test("those of the list are served, others are NULL")
  func served() {
    let memory = MemoryAccount()
    let host = HostTable(
      name: "test", version: "1", services: HostServices(agent: "a", memory: memory) { _, _, _ in },
      ops: OpRuntime(memory: memory, threadLimit: 5))
    defer { host.free() }
    func find(_ id: String) -> UnsafeRawPointer? {
      id.utf8CString.withUnsafeBufferPointer {
        host.pointer.pointee.extension(
          host.pointer, cadre_str(data: $0.baseAddress, size: UInt64($0.count - 1)))
      }
    }
    for id in [CADRE_OPS_ID, CADRE_TAPE_ID, CADRE_POOL_ID, CADRE_DATA_ID, CADRE_MODEL_ID] {
      #expect(find(id) != nil, "\(id)")
    }
    for id in [CADRE_BOARD_ID, CADRE_STORE_ID, CADRE_DELEGATE_ID, "cadre.pool/2", ""] {
      #expect(find(id) == nil, "\(id)")
    }
    let pool = find(CADRE_POOL_ID)?.assumingMemoryBound(to: cadre_pool.self)
    #expect(pool?.pointee.threads(host.pointer) == 5)
  }
}
