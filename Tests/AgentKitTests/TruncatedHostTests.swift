import AgentKit
import CadreABI
import Testing

extension BoundaryTests {
  /// Older hosts end their tables earlier; what lies behind a table's end must never be touched.
  @Suite struct TruncatedHostTests {
    private static let hostEnds = [
      CADRE_END_cadre_host_data, CADRE_END_cadre_host_name, CADRE_END_cadre_host_version,
      CADRE_END_cadre_host_jobs, CADRE_END_cadre_host_log, CADRE_END_cadre_host_error,
      CADRE_END_cadre_host_extension,
    ]

    private static let jobEnds = [
      CADRE_END_cadre_jobs_reserved, CADRE_END_cadre_jobs_input, CADRE_END_cadre_jobs_next,
      CADRE_END_cadre_jobs_output, CADRE_END_cadre_jobs_allocate, CADRE_END_cadre_jobs_emit,
      CADRE_END_cadre_jobs_progress, CADRE_END_cadre_jobs_stop, CADRE_END_cadre_jobs_deadline,
      CADRE_END_cadre_jobs_seed, CADRE_END_cadre_jobs_done,
    ]

    @Test("a host table cut at any field is honoured", arguments: hostEnds)
    func host(end: Int) throws {
      let test = TestHost()
      poison(test.host, from: end)
      ScriptedAgent.script = ScriptedAgent.Script(
        open: { host, _ in
          #expect(host.name == (end >= CADRE_END_cadre_host_name ? "test-host" : ""))
          #expect(host.version == (end >= CADRE_END_cadre_host_version ? "9.9.9" : ""))
          host.log(.info, "hello")
        },
        run: { job in
          let failure = #expect(throws: AgentFailure.self) { try job.ops() }
          #expect(failure?.code == .unimplemented)
        })
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      #expect(test.log.isEmpty == (end < CADRE_END_cadre_host_log))
      let assignment = try opened.prepare()
      defer { opened.release(assignment) }
      guard end < CADRE_END_cadre_host_jobs else { return try opened.run(assignment) }
      let refusal = #expect(throws: Refusal.self) { try opened.run(assignment) }
      #expect(refusal?.code == Int(CADRE_UNIMPLEMENTED))
      #expect(refusal?.message.contains("cadre_host.jobs") == true)
    }

    @Test("a table of job functions cut at any field is honoured", arguments: jobEnds)
    func jobs(end: Int) throws {
      let test = TestHost()
      let memory = test.memory
      test.inputs["t"] = {
        $0.pointee.kind = UInt32(CADRE_KIND_TEXT)
        $0.pointee.text = memory.str("in")
      }
      poison(test.jobs, from: end)
      func has(_ field: Int) -> Bool { end >= field }
      func expect(_ there: Bool, _ body: () throws -> Void) {
        if there {
          #expect(throws: Never.self) { try body() }
        } else {
          let failure = #expect(throws: AgentFailure.self) { try body() }
          #expect(failure?.code == .unimplemented)
        }
      }
      ScriptedAgent.script = ScriptedAgent.Script(run: { job in
        expect(has(CADRE_END_cadre_jobs_input)) { _ = try job.text("t") }
        expect(has(CADRE_END_cadre_jobs_next)) { _ = try job.next("t", timeout: .zero) }
        expect(has(CADRE_END_cadre_jobs_output)) { try job.set("text", text: "x") }
        // Without `allocate` a tensor is given as DLPack through `output`.
        expect(has(CADRE_END_cadre_jobs_output)) { try job.set("x", shape: [1], [Float(2)]) }
        expect(has(CADRE_END_cadre_jobs_emit)) { _ = try job.emit("e", .text("x"), timeout: .zero) }
        job.progress(1, "done")
        #expect(job.shouldStop == false)
        #expect((job.timeLeft != nil) == has(CADRE_END_cadre_jobs_deadline))
        #expect(job.seed == (has(CADRE_END_cadre_jobs_seed) ? 42 : 0))
      })
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare()
      defer { opened.release(assignment) }
      try opened.run(assignment)
      #expect(test.progress.isEmpty == (end < CADRE_END_cadre_jobs_progress))
    }

    @Test("each function of a job may be null")
    func nullFunctions() throws {
      let test = TestHost()
      test.jobs.pointee = cadre_jobs()
      test.jobs.pointee.size = UInt32(CADRE_END_cadre_jobs_done)
      ScriptedAgent.script = ScriptedAgent.Script(run: { job in
        #expect(throws: AgentFailure.self) { try job.text("t") }
        #expect(throws: AgentFailure.self) { try job.set("t", text: "x") }
        job.progress(0.5)
        #expect(job.shouldStop == false)
        #expect(job.timeLeft == nil)
      })
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare()
      defer { opened.release(assignment) }
      try opened.run(assignment)
    }

    /// States a size and fills what lies behind it with addresses that crash when they are used.
    private func poison<Table>(_ table: UnsafeMutablePointer<Table>, from end: Int) {
      let bytes = UnsafeMutableRawPointer(table)
      bytes.storeBytes(of: UInt32(end), as: UInt32.self)
      for offset in end..<max(end, MemoryLayout<Table>.size) {
        bytes.storeBytes(of: 0x5A, toByteOffset: offset, as: UInt8.self)
      }
    }
  }
}
