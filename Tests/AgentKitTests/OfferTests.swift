import AgentKit
import CadreABI
import Testing

extension BoundaryTests {
  @Suite struct OfferTests {
    @Test("an offer crosses field by field")
    func offer() throws {
      let opened = try open(
        Offer(
          "text.classify/1", about: "classifies", attributes: ["search": "grid", "a": "b"],
          maxJobs: 4, flags: [.deterministic, .network], floorThreads: 2, floorMemory: 77))
      defer { opened.close() }
      #expect(opened.table.pointee.offer_count(opened.table) == 1)
      let offer = try #require(opened.offer(0)).pointee
      #expect(Int(offer.size) == CADRE_END_cadre_offer_floor_memory)
      #expect(offer.task.string == "text.classify/1")
      #expect(offer.about.string == "classifies")
      #expect(offer.flags == 4 | 8)
      #expect(offer.attribute_count == 2)
      #expect((0..<4).map { offer.attributes[$0].string } == ["a", "b", "search", "grid"])
      #expect(offer.max_jobs == 4)
      #expect(offer.floor_threads == 2)
      #expect(offer.floor_memory == 77)
      #expect(opened.offer(1) == nil)
    }

    @Test("a tensor port crosses with its dimensions")
    func tensorPort() throws {
      let opened = try open(
        Offer(
          "t/1",
          inputs: [
            .tensor("x", anyOf: [.f32, .bf16], ["rows", 3, Dim("w", min: 1, max: 9, estimate: 4)])
              .optional.about("numbers").tagged("pii", "raw")
          ], outputs: [.tensor("any", anyOf: [.i64])]))
      defer { opened.close() }
      let offer = try #require(opened.offer(0)).pointee
      let port = try #require(offer.inputs[0]).pointee
      #expect(Int(port.size) == CADRE_END_cadre_port_device)
      #expect(Int(port.kind) == CADRE_KIND_TENSOR)
      #expect(port.name.string == "x")
      #expect(port.about.string == "numbers")
      #expect(Int(port.flags) == CADRE_PORT_OPTIONAL)
      #expect(port.dtypes == 1 << CADRE_F32 | 1 << CADRE_BF16)
      #expect(port.dim_count == 3)
      let dims = (0..<3).map { port.dims[$0] }
      #expect(dims.map(\.symbol.string) == ["rows", "", "w"])
      #expect(dims.map(\.min) == [0, 3, 1])
      #expect(dims.map(\.max) == [-1, 3, 9])
      #expect(dims.map(\.estimate) == [-1, 3, 4])
      #expect((0..<2).map { port.labels[$0].string } == ["pii", "raw"])
      let any = try #require(offer.outputs[0]).pointee
      #expect(Int(any.flags) == CADRE_PORT_ANY_SHAPE)
      #expect(any.dim_count == 0)
    }

    @Test("ports of columns, models and constructors cross")
    func otherPorts() throws {
      let opened = try open(
        Offer(
          "t/1",
          inputs: [
            .table("rows", ["text": .utf8, "n": .i64], open: true),
            .dataset("data", columns: [Column("label", .utf8, nullable: true, tags: ["pii"])]),
            .model("model", task: "text.classify/1", format: "org.example.nb/1").bound,
            .model("team").team.sealed, .scalar("score", .f64).stream,
          ],
          outputs: [
            .text("t"), .bytes("b"), .json("j"), .state("s"), .settings("next"),
          ]))
      defer { opened.close() }
      let offer = try #require(opened.offer(0)).pointee
      let ports = try (0..<5).map { try #require(offer.inputs[$0]).pointee }
      #expect(Int(ports[0].flags) == CADRE_PORT_OPEN)
      let column = try #require(ports[0].columns[1]).pointee
      #expect(column.name.string == "n")
      #expect(Int(column.dtype) == CADRE_I64)
      let label = try #require(ports[1].columns[0]).pointee
      #expect(Int(label.flags) == CADRE_COLUMN_NULLABLE)
      #expect(label.labels[0].string == "pii")
      #expect(ports[2].task.string == "text.classify/1")
      #expect(ports[2].format.string == "org.example.nb/1")
      #expect(Int(ports[2].flags) == CADRE_PORT_BOUND)
      #expect(Int(ports[3].constructors) == CADRE_OF_TEAM | CADRE_OF_SEALED)
      #expect(Int(ports[4].constructors) == CADRE_OF_STREAM)
      #expect(ports[4].dtypes == 1 << CADRE_F64)
      let kinds = try (0..<5).map { Int(try #require(offer.outputs[$0]).pointee.kind) }
      #expect(
        kinds == [
          CADRE_KIND_TEXT, CADRE_KIND_BYTES, CADRE_KIND_JSON, CADRE_KIND_STATE, CADRE_KIND_SETTINGS,
        ])
    }

    @Test("settings cross with type, range, choices and flags")
    func settings() throws {
      let opened = try open(
        Offer(
          "t/1",
          settings: [
            .f64("lr", 0.01, in: 1e-4...1, tunable: true, log: true, about: "rate"),
            .i64("epochs", nil, choices: [1, 2]),
            .utf8("case", "lower", choices: ["lower", "keep"]),
            .json("clean", ["nfc"]), .path("path", parts: true), .bool("on", false),
          ]))
      defer { opened.close() }
      let offer = try #require(opened.offer(0)).pointee
      let settings = try (0..<6).map { try #require(offer.settings[$0]).pointee }
      #expect(
        settings.map { Int($0.dtype) } == [
          CADRE_F64, CADRE_I64, CADRE_UTF8, CADRE_UTF8, CADRE_UTF8, CADRE_BOOL,
        ])
      #expect(
        settings.map { Int($0.flags) } == [
          CADRE_SETTING_LOG | CADRE_SETTING_TUNABLE, CADRE_SETTING_REQUIRED, 0, CADRE_SETTING_JSON,
          CADRE_SETTING_PATH | CADRE_SETTING_JSON | CADRE_SETTING_REQUIRED, 0,
        ])
      #expect(
        settings.map(\.initial.string) == ["0.01", "", #""lower""#, #"["nfc"]"#, "", "false"])
      #expect(settings[0].min == 1e-4 && settings[0].max == 1)
      #expect(settings[0].about.string == "rate")
      #expect(settings[2].min > settings[2].max, "no range")
      #expect((0..<2).map { settings[1].choices[$0].string } == ["1", "2"])
      #expect((0..<2).map { settings[2].choices[$0].string } == [#""lower""#, #""keep""#])
    }

    @Test("the raw values of kinds and element types are the ABI's")
    func rawValues() {
      #expect(
        ElementType.allCases.map { Int($0.rawValue) } == [
          CADRE_BOOL, CADRE_U8, CADRE_I8, CADRE_I32, CADRE_I64, CADRE_F32, CADRE_F64, CADRE_BF16,
          CADRE_F16, CADRE_UTF8,
        ])
      #expect(
        ValueKind.allCases.map { Int($0.rawValue) } == [
          CADRE_KIND_TENSOR, CADRE_KIND_TABLE, CADRE_KIND_TEXT, CADRE_KIND_BYTES, CADRE_KIND_JSON,
          CADRE_KIND_SCALAR, CADRE_KIND_DATASET, CADRE_KIND_MODEL, CADRE_KIND_STATE,
          CADRE_KIND_SETTINGS,
        ])
      #expect(FailureCode.unauthenticated.rawValue == UInt32(CADRE_UNAUTHENTICATED))
      #expect(FailureCode.notFound.rawValue == UInt32(CADRE_NOT_FOUND))
      #expect(LogLevel.error.rawValue == UInt32(CADRE_LOG_ERROR))
    }

    private func open(_ offer: Offer) throws -> OpenedAgent {
      ScriptedAgent.script = ScriptedAgent.Script(offers: [offer])
      return try OpenedAgent(ScriptedAgent.self, TestHost())
    }
  }
}
