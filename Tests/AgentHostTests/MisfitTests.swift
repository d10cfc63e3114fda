import ArrowTables
import Contracts
import PluginFixtures
import TensorCore
import Testing

@testable import AgentHost

extension FixtureAgents {
  @Suite("outputs that do not fit")
  struct MisfitTests {
    private func run(_ mode: String) async throws -> [String: Value] {
      let table = try Table(columns: [TableColumn("text", .utf8(["a", "b", "c"]))])
      var outputs: [String: Value] = [:]
      try await withAssignment(fixture_misfit(), settings: ["mode": .string(mode)]) {
        _, assignment in
        outputs = try await assignment.run(JobRequest(inputs: ["rows": .table(table)]))
      }
      return outputs
    }

    @Test("an allocated output is zeroed, aligned and comes over without a copy of the agent's")
    func fitting() async throws {
      guard case .tensor(let logp)? = try await run("normal")["logp"] else {
        Issue.record("no output")
        return
      }
      #expect(try logp.elements(as: Float.self) == [0, -1, -2, -3, -4, -5])
    }

    @Test(
      "each is refused by name, and what was given is freed",
      arguments: [
        ("missing", ErrorCode.internal, "without the output 'logp'", 0),
        ("rank", .invalidArgument, "has 3 dimensions", 1),
        ("rows", .invalidArgument, "dimension 1: no size is both rows (3 here) and 4", 1),
        ("range", .invalidArgument, "dimension 2", 1),
        ("symbols", .invalidArgument, "dimension 2: no size is both classes:2.. (2 here) and 5", 2),
        ("port", .notFound, "did you mean 'logp'?", 1),
        ("twice", .alreadyExists, "is set already", 2),
        ("kind", .invalidArgument, "text does not fit tensor<f32,[rows,classes:2..]>", 1),
        ("layout", .invalidArgument, "device type 2", 1),
        ("dtype", .invalidArgument, "not f32", 0),
        ("absurd", .invalidArgument, "overflows", 0),
      ] as [(String, ErrorCode, String, Int)])
    func misfit(mode: String, code: ErrorCode, part: String, given: Int) async throws {
      let before = fixture_deleted()
      let error = try await agentError { _ = try await run(mode) }
      #expect(error.code == code)
      #expect(error.message.contains(part), "\(error.message)")
      #expect(error.agent == "org.example.misfit")
      #expect(fixture_deleted() == before + UInt64(given))
    }
  }
}
