import ArrowTables
import Contracts
import PluginFixtures
import TensorCore
import Testing

@testable import AgentHost

extension FixtureAgents {
  @Suite("values there and back")
  struct EchoTests {
    private func echo(_ inputs: [String: Value]) async throws -> [String: Value] {
      var outputs: [String: Value] = [:]
      try await withAssignment(fixture_echo()) { _, assignment in
        outputs = try await assignment.run(JobRequest(inputs: inputs))
      }
      return outputs
    }

    @Test("the offer comes over whole")
    func offer() async throws {
      let agent = try await open(fixture_echo())
      let offer = try #require(agent.offers.first)
      #expect(agent.id == "org.example.echo")
      #expect(agent.version == "1.2.3")
      #expect(offer.agentVersion == "1.2.3")
      #expect(offer.task == "test.echo/1")
      #expect(offer.about == "gives back what it gets")
      #expect(offer.attributes == ["source": "csv"])
      #expect(offer.flags == [.deterministic, .idempotent])
      #expect(offer.maxJobs == 2)
      #expect(offer.floorMemory == 1000)
      #expect(
        offer.settings == [
          SettingSpec(
            "rate", .f64, initial: 0.5, range: 0.001...1, tunable: true, logarithmic: true)
        ])
      let types = [
        "tensor": "tensor<f32,[rows,2]>", "rows": "table<text:utf8 @pii, number:f64>",
        "text": "text", "f64": "f64", "utf8": "utf8", "state": "state",
        "data": "dataset<text:utf8 @pii, number:f64>", "model": "model<text.classify/1>",
        "texts": "team<text>", "stream": "stream<text>",
      ]
      for (name, type) in types {
        #expect(offer.input(name)?.type == (try PortType(parsing: type)), "\(name)")
      }
      #expect(offer.input("text")?.optional == true)
      try await agent.close()
    }

    @Test("texts, bytes, JSON, scalars, states and settings come back as they went")
    func plain() async throws {
      let outputs = try await echo([
        "text": .text("grüße \u{0} 🙂"), "bytes": .bytes([0, 255, 7]), "state": .state([]),
        "json": .json(#"{"a":[1,2.5,null]}"#), "settings": .settings(["k": 1]),
        "f64": .scalar(.f64(-0.5)), "i64": .scalar(.i64(.min)), "bool": .scalar(.bool(true)),
        "utf8": .scalar(.utf8("")), "texts": .team([.text("a"), .text("")]),
        "stream": .team([.text("1"), .text("2"), .text("3")]),
      ])
      guard case .text(let text)? = outputs["text"], case .bytes(let bytes)? = outputs["bytes"],
        case .state(let state)? = outputs["state"], case .json(let json)? = outputs["json"],
        case .settings(let settings)? = outputs["settings"],
        case .scalar(let f64)? = outputs["f64"], case .scalar(let i64)? = outputs["i64"],
        case .scalar(let bool)? = outputs["bool"], case .scalar(let utf8)? = outputs["utf8"]
      else {
        Issue.record("a kind is missing: \(outputs.keys.sorted())")
        return
      }
      #expect(text == "grüße \u{0} 🙂")
      #expect(bytes == [0, 255, 7])
      #expect(state == [])
      #expect(json == #"{"a":[1,2.5,null]}"#)
      #expect(settings == ["k": 1])
      #expect(f64 == .f64(-0.5))
      #expect(i64 == .i64(.min))
      #expect(bool == .bool(true))
      #expect(utf8 == .utf8(""))
      #expect(texts(outputs["texts"]) == ["a", ""])
      #expect(texts(outputs["stream"]) == ["1", "2", "3"])
      #expect(outputs["rows"] == nil)
    }

    private func texts(_ value: Value?) -> [String] {
      guard case .team(let members)? = value else { return [] }
      return members.map { if case .text(let text) = $0 { text } else { "?" } }
    }

    @Test("a tensor comes back; the agent's deleter is called once, when its last user goes")
    func tensors() async throws {
      let before = fixture_deleted()
      do {
        // Strided on the way in: the agent sees it row-major.
        let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Float], [2, 3]).transposed()
        let outputs = try await echo(["tensor": .tensor(tensor)])
        guard case .tensor(let back)? = outputs["tensor"] else {
          Issue.record("no tensor")
          return
        }
        #expect(back.shape.dimensions == [3, 2])
        #expect(try back.elements(as: Float.self) == [1, 4, 2, 5, 3, 6])
        #expect(fixture_deleted() == before)  // the agent is closed, its memory lives on
      }
      #expect(fixture_deleted() == before + 1)
    }

    @Test("NaN and infinities pass; another element type of the port passes too, by copy")
    func numbers() async throws {
      let odd = try Tensor([Float.nan, -.infinity], [1, 2])
      let outputs = try await echo(["tensor": .tensor(odd), "f64": .scalar(.f64(.infinity))])
      guard case .tensor(let back)? = outputs["tensor"] else {
        Issue.record("no tensor")
        return
      }
      let elements = try back.elements(as: Float.self)
      #expect(elements[0].isNaN && elements[1] == -.infinity)
      let whole = try await echo(["tensor": .tensor(try Tensor([1, 2] as [Int64], [1, 2]))])
      guard case .tensor(let longs)? = whole["tensor"] else {
        Issue.record("no tensor")
        return
      }
      #expect(try longs.elements(as: Int64.self) == [1, 2])
    }

    @Test("a table is cut to the port's columns and comes back with its tags")
    func tables() async throws {
      let table = try Table(columns: [
        TableColumn("label", .utf8(["x", "y"])), TableColumn("number", .f64([1, nil])),
        TableColumn("text", .utf8(["a", nil])),
      ])
      let outputs = try await echo(["rows": .table(table)])
      guard case .table(let back)? = outputs["rows"] else {
        Issue.record("no table")
        return
      }
      #expect(back.columns.map(\.name) == ["text", "number"])
      #expect(try back.strings("text") == ["a", nil])
      #expect(try back.doubles("number") == [1, nil])
      #expect(back.column("text")?.tags == ["pii"])
    }

    @Test("a dataset and a model come back as the same object")
    func handles() async throws {
      let table = try Table(columns: [
        TableColumn("text", .utf8(["a"])), TableColumn("number", .f64([1])),
        TableColumn("label", .utf8(["x"])),
      ])
      let model = try Model(
        task: "text.classify/1", format: "mlp", metadata: ["labels": ["x", "y"]],
        tensors: [("b", try Tensor.zeros([2])), ("a", try Tensor.zeros([2, 2]))])
      #expect(model.tensors.map(\.name) == ["a", "b"])
      #expect(model.labels == ["x", "y"])
      let outputs = try await echo([
        "data": .dataset(Dataset(table: table, classes: ["x"])), "model": .model(model),
      ])
      guard case .dataset(let dataset)? = outputs["data"], case .model(let back)? = outputs["model"]
      else {
        Issue.record("no dataset or no model")
        return
      }
      #expect(dataset.visibleColumns == ["text", "number"])
      #expect(back === model)
    }

    @Test("inputs that do not fit are refused before the agent hears of them")
    func misfits() async throws {
      let wide = try Tensor.zeros([1, 3])
      let unknown = try Model(task: "other.task/1", format: "", metadata: .object([]), tensors: [])
      let cases: [(String, Value, String)] = [
        ("tensor", .tensor(wide), "dimension 2"),
        ("tensor", .tensor(try Tensor.zeros([2])), "1 dimensions"),
        ("tensor", .tensor(try Tensor.zeros([1, 2], dtype: .f64)), "not f32 or i64"),
        ("tensor", .text("x"), "text does not fit"),
        ("f64", .scalar(.i64(1)), "i64 does not fit f64"),
        ("rows", .table(try Table(columns: [TableColumn("text", .utf8(["a"]))])), "number"),
        ("model", .model(unknown), "other.task/1"),
        ("txt", .text("x"), "did you mean 'text'?"),
        ("texts", .text("x"), "does not fit team<text>"),
      ]
      for (port, value, part) in cases {
        let error = try await agentError { _ = try await echo([port: value]) }
        #expect(error.code == .invalidArgument)
        #expect(error.where == port)
        #expect(error.agent == "org.example.echo")
        #expect(error.message.contains(part), "\(part) in \(error.message)")
      }
    }

    @Test("the agent's log and progress reach the host")
    func reports() async throws {
      let lines = Lines()
      let notes = Lines()
      let agent = try await open(fixture_echo(), lines: lines)
      let assignment = try await agent.prepare(AwardRequest(offer: 0))
      _ = try await assignment.run(
        JobRequest(progress: { notes.add("\($0 ?? -1) \($1)") }))
      #expect(lines.all == ["org.example.echo info: echoed"])
      #expect(notes.all == ["1.0 echoed"])
      await assignment.release()
      try await agent.close()
    }
  }
}
