import CadreABI
import Testing

@Suite struct ImportTests {
  @Test("Swift sees the constants, the tables and the ids")
  func constants() {
    #expect(CADRE_END_cadre_str_size == 16)
    #expect(MemoryLayout<cadre_str>.size == 16)
    #expect(MemoryLayout<cadre_dim>.size == 40)
    #expect(MemoryLayout<cadre_dim>.offset(of: \.estimate) == 32)
    #expect(CADRE_END_cadre_agent_extension == MemoryLayout<cadre_agent>.size)
    #expect(CADRE_OPS_ID == "cadre.ops/1")
    #expect(CADRE_ENTRY_NAME == "cadre_entry_\(CADRE_ABI_MAJOR)")
  }

  @Test("the boot's magic number spells CDRE in memory")
  func magic() {
    let bytes = withUnsafeBytes(of: UInt32(CADRE_BOOT_MAGIC).littleEndian, Array.init)
    #expect(String(decoding: bytes, as: UTF8.self) == "CDRE")
  }

  @Test("error codes have gRPC's numbers")
  func codes() {
    #expect(CADRE_CANCELLED == 1)
    #expect(CADRE_DEADLINE_EXCEEDED == 4)
    #expect(CADRE_PERMISSION_DENIED == 7)
    #expect(CADRE_UNAUTHENTICATED == 16)
  }
}
