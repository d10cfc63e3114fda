import AgentKit
import CadreABI
import Testing

extension BoundaryTests {
  @Suite struct ErrorTests {
    private let test = TestHost()

    private func runFailing(_ run: @escaping (Job) throws -> Void) throws -> Refusal {
      ScriptedAgent.script = ScriptedAgent.Script(run: run)
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare()
      defer { opened.release(assignment) }
      return try #require(throws: Refusal.self) { try opened.run(assignment) }
    }

    @Test("a failure crosses with code, message, place, retry time and causes")
    func failure() throws {
      let refusal = try runFailing { _ in
        throw AgentFailure(
          .unavailable, "the disk is away", where: "rows", retryAfter: .seconds(3),
          causes: [AgentFailure(.internal, "cable"), AgentFailure(.unknown, "cat")])
      }
      #expect(
        refusal
          == Refusal(
            code: Int(CADRE_UNAVAILABLE), message: "the disk is away", place: "rows",
            retryAfter: 3_000_000_000, causes: ["cable", "cat"]))
    }

    @Test("any other error crosses as unknown, with its words")
    func otherError() throws {
      struct Odd: Error, CustomStringConvertible { var description: String { "odd thing" } }
      let refusal = try runFailing { _ in throw Odd() }
      #expect(refusal.code == Int(CADRE_UNKNOWN))
      #expect(refusal.message == "odd thing")
    }

    @Test("a table's error names its column")
    func tableError() throws {
      let refusal = try runFailing { _ in
        _ = try Table(columns: [TableColumn("a", .i64([1])), TableColumn("b", .i64([]))])
      }
      #expect(refusal.code == Int(CADRE_INVALID_ARGUMENT))
      #expect(refusal.place == "column 'b'")
    }

    @Test("a host's error reaches the agent whole and is released")
    func hostError() throws {
      let refusal = try runFailing { job in
        do throws(AgentFailure) {
          _ = try job.text("absent")
        } catch let failure {
          #expect(failure.code == .notFound)
          #expect(failure.message == "nothing is on 'absent'")
          #expect(failure.retryAfter == .seconds(2))
          throw failure
        }
      }
      #expect(refusal.code == Int(CADRE_NOT_FOUND))
      #expect(test.liveErrors == 0)
    }

    @Test("an agent that refuses to open says why")
    func openRefused() throws {
      ScriptedAgent.script = ScriptedAgent.Script(
        open: { _, config in
          throw AgentFailure(.permissionDenied, "licence \(config["key"] ?? "none") has expired")
        })
      let refusal = #expect(throws: Refusal.self) {
        try OpenedAgent(ScriptedAgent.self, test, config: #"{"key": "x1"}"#)
      }
      #expect(refusal?.code == Int(CADRE_PERMISSION_DENIED))
      #expect(refusal?.message == #"licence "x1" has expired"#)
    }

    @Test("configuration that is no JSON is refused with its place")
    func badConfig() {
      ScriptedAgent.script = ScriptedAgent.Script()
      let refusal = #expect(throws: Refusal.self) {
        try OpenedAgent(ScriptedAgent.self, test, config: "{\n  oops")
      }
      #expect(refusal?.place == "line 2, column 3")
    }
  }
}
