import ArrowTables
import Contracts
import PluginFixtures
import TensorCore
import Testing

@testable import AgentHost

extension FixtureAgents {
  @Suite("extensions")
  struct ExtensionTests {
    private func dataset(rows: Int) throws -> Dataset {
      let texts = (0..<rows).map { Optional("t\($0)") }
      let labels = (0..<rows).map { Optional("l\($0 % 2)") }
      return Dataset(
        table: try Table(columns: [
          TableColumn("text", .utf8(texts)), TableColumn("label", .utf8(labels)),
        ]), classes: ["l0", "l1"])
    }

    private func read(_ mode: String, rows: Int = 9) async throws -> [String: Value] {
      var outputs: [String: Value] = [:]
      let data = try dataset(rows: rows)
      try await withAssignment(fixture_reader(), settings: ["mode": .string(mode)]) {
        _, assignment in
        outputs = try await assignment.run(JobRequest(inputs: ["data": .dataset(data)]))
      }
      return outputs
    }

    private func texts(_ outputs: [String: Value]) throws -> [String?] {
      guard case .table(let table)? = outputs["rows"] else { return [] }
      #expect(table.columns.map(\.name) == ["text"])
      return try table.strings("text")
    }

    @Test(
      "a dataset gives the columns that the port declares, and hides the classes with the label")
    func reading() async throws {
      let outputs = try await read("all")
      #expect(try texts(outputs) == (0..<9).map { "t\($0)" })
      guard case .json(let report)? = outputs["report"] else {
        Issue.record("no report")
        return
      }
      #expect(report == #"{"rows":9,"classes":0}"#)
    }

    @Test("a column that the port does not declare is refused by name")
    func forbidden() async throws {
      let error = try await agentError { _ = try await read("forbidden") }
      #expect(error.code == .permissionDenied)
      #expect(error.where == "label")
      #expect(error.message.contains("'label'"))
      #expect(error.message.contains("it declares text"))
    }

    @Test("a shard has its rows once each, shuffled the same way each time")
    func shards() async throws {
      let first = try texts(try await read("shards"))
      let second = try texts(try await read("shards"))
      #expect(first == second)
      #expect(Set(first) == ["t1", "t3", "t5", "t7"])
    }

    @Test("the dataset of a job that has ended is refused")
    func stale() async throws {
      _ = try await read("all")
      let error = try await agentError { _ = try await read("stale") }
      #expect(error.code == .invalidArgument)
      #expect(error.message.contains("its job has ended"))
    }

    @Test("a shuffle is a permutation that differs by seed and by epoch")
    func shuffling() throws {
      func order(_ seed: UInt64, _ epoch: UInt64) -> [Int] {
        var order = RowOrder(rowCount: 100)
        order.shuffle(seed: seed, epoch: epoch)
        return order.rows
      }
      #expect(order(1, 0).sorted() == Array(0..<100))
      #expect(order(1, 0) == order(1, 0))
      #expect(order(1, 0) != order(1, 1))
      #expect(order(1, 0) != order(2, 0))
      var shard = RowOrder(rowCount: 10)
      #expect(throws: AgentError.self) { try shard.take(shard: 2, of: 2) }
    }

    @Test("an agent trains on the host's operations and gives a model; no handle stays behind")
    func learning() async throws {
      try await withAssignment(fixture_learner()) { agent, assignment in
        let outputs = try await assignment.run(JobRequest(seed: 1))
        guard case .model(let model)? = outputs["model"],
          case .scalar(let accuracy)? = outputs["accuracy"]
        else {
          Issue.record("no model or no accuracy")
          return
        }
        #expect(accuracy == .f64(1))
        #expect(model.task == "test.xor/1")
        #expect(model.format == "mlp")
        #expect(model.labels == ["even", "odd"])
        #expect(model.tensors.map(\.name) == ["b0", "b1", "w0", "w1"])
        #expect(model.tensor("w0")?.shape.dimensions == [2, 8])
        #expect(agent.runtime.handleCount == 0)
        #expect(agent.services.models.count == 0)
        #expect(agent.services.builders.count == 0)
      }
    }

    @Test("feedback reaches an agent that takes it; its refusal is an error; others say no")
    func feedback() async throws {
      var message = FeedbackMessage(
        task: "test.echo/1", metric: "macro_f1", own: 0.5, team: 0.75, weight: 1)
      try await withAssignment(fixture_echo()) { _, assignment in
        let isTaken = try await assignment.give(feedback: message)
        #expect(isTaken)
        message.metric = "mystery"
        let error = try await agentError { _ = try await assignment.give(feedback: message) }
        #expect(error.code == .invalidArgument)
        #expect(error.where == "metric")
      }
      try await withAssignment(fixture_learner()) { _, assignment in
        let isTaken = try await assignment.give(feedback: message)
        #expect(!isTaken)
      }
    }

    @Test("columns tagged pii do not go to an agent that wants the network")
    func personalData() throws {
      let port = Port("rows", try PortType(parsing: "table<text:utf8>"))
      let contract = PortContract(port: port, dtypes: [])
      let table = try Table(columns: [TableColumn("text", .utf8(["a"]), tags: ["pii"])])
      for (flags, isAllowed) in [([], true), (.network, false)] as [(OfferFlags, Bool)] {
        var check = PortCheck(
          offer: Offer(
            agent: "a", agentVersion: "1", task: "a.b/1", inputs: [port], outputs: [], flags: flags)
        )
        let result = Result { try check.input(.table(table), on: contract) }
        if isAllowed {
          _ = try result.get()
        } else {
          let error = #expect(throws: AgentError.self) { try result.get() }
          #expect(error?.code == .permissionDenied)
        }
      }
    }
  }
}
