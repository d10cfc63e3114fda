import AgentKit
import CadreABI
import Testing

extension BoundaryTests {
  @Suite struct ValueTests {
    private let test = TestHost()

    private func run(_ body: @escaping (Job) throws -> Void) throws {
      ScriptedAgent.script = ScriptedAgent.Script(run: body)
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare()
      defer { opened.release(assignment) }
      try opened.run(assignment)
    }

    private func lend(_ port: String, _ kind: Int, _ fill: @escaping (inout cadre_value) -> Void) {
      test.inputs[port] = { out in
        out.pointee.kind = UInt32(kind)
        fill(&out.pointee)
      }
    }

    private func tensor(
      shape: [Int64], strides: [Int64]? = nil, _ elements: [Float], code: Int = kDLFloat,
      bits: UInt8 = 32, offset: UInt64 = 0
    ) -> UnsafePointer<DLTensor> {
      UnsafePointer(
        test.memory.one(
          DLTensor(
            data: test.memory.array(elements), device: DLDevice(device_type: 1, device_id: 0),
            ndim: Int32(shape.count), dtype: DLDataType(code: UInt8(code), bits: bits, lanes: 1),
            shape: test.memory.array(shape), strides: strides.map { test.memory.array($0) },
            byte_offset: offset)))
    }

    @Test("texts, documents, bytes and settings come in")
    func textsIn() throws {
      let memory = test.memory
      lend("t", CADRE_KIND_TEXT) { $0.text = memory.str("Grüße") }
      lend("j", CADRE_KIND_JSON) { $0.text = memory.str("[1, 2.5]") }
      lend("b", CADRE_KIND_BYTES) { $0.text = memory.str("\u{0}\u{1}") }
      lend("s", CADRE_KIND_STATE) { $0.text = memory.str("abc") }
      lend("w", CADRE_KIND_SETTINGS) { $0.text = memory.str(#"{"k": 3}"#) }
      try run { job in
        try #require(try job.text("t") == "Grüße")
        try #require(try job.json("j") == [1, 2.5])
        try #require(try job.bytes("b") == [0, 1])
        try #require(try job.state("s") == Array("abc".utf8))
        try #require(try job.settings("w").int("k") == 3)
      }
    }

    @Test("scalars come in by their type")
    func scalarsIn() throws {
      let memory = test.memory
      lend("x", CADRE_KIND_SCALAR) {
        $0.dtype = UInt32(CADRE_F64)
        $0.f64 = 2.5
      }
      lend("n", CADRE_KIND_SCALAR) {
        $0.dtype = UInt32(CADRE_I64)
        $0.i64 = -4
      }
      lend("on", CADRE_KIND_SCALAR) {
        $0.dtype = UInt32(CADRE_BOOL)
        $0.i64 = 1
      }
      lend("name", CADRE_KIND_SCALAR) {
        $0.dtype = UInt32(CADRE_UTF8)
        $0.text = memory.str("v2")
      }
      try run { job in
        try #require(try job.scalar("x") == .f64(2.5))
        try #require(try job.double("n") == -4)
        try #require(try job.scalar("on") == .bool(true))
        try #require(try job.scalar("name") == .utf8("v2"))
        let failure = #expect(throws: AgentFailure.self) { try job.double("name") }
        #expect(failure?.place == "name")
      }
    }

    @Test("tensors come in row-major, whatever their strides and offset")
    func tensorsIn() throws {
      let plain = tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6])
      let columns = tensor(shape: [3, 2], strides: [1, 3], [1, 2, 3, 4, 5, 6])
      let offset = tensor(shape: [2, 2], strides: [3, 1], [0, 1, 2, 3, 4, 5, 6], offset: 8)
      let back = tensor(shape: [3], strides: [-1], [7, 8, 9], offset: 8)
      let none = tensor(shape: [0, 4], [])
      for (port, value) in [
        ("plain", plain), ("columns", columns), ("offset", offset), ("back", back), ("none", none),
      ] {
        lend(port, CADRE_KIND_TENSOR) { $0.tensor = value }
      }
      try run { job in
        try #require(try job.tensor("plain").floats() == [1, 2, 3, 4, 5, 6])
        try #require(try job.tensor("columns") == TensorValue(shape: [3, 2], [1, 4, 2, 5, 3, 6]))
        try #require(try job.tensor("offset").floats() == [2, 3, 5, 6])
        try #require(try job.tensor("back").floats() == [9, 8, 7])
        try #require(try job.tensor("none").shape == [0, 4])
      }
    }

    @Test("tensors that are not read as values are refused by port")
    func refusedTensors() throws {
      let half = tensor(shape: [1], [1], bits: 16)
      let negative = tensor(shape: [-1], [1])
      lend("half", CADRE_KIND_TENSOR) { $0.tensor = half }
      lend("negative", CADRE_KIND_TENSOR) { $0.tensor = negative }
      lend("text", CADRE_KIND_TEXT) { $0.text = cadre_str() }
      try run { job in
        for port in ["half", "negative", "text"] {
          let failure = #expect(throws: AgentFailure.self) { try job.tensor(port) }
          #expect(failure?.code == .invalidArgument)
        }
        let failure = #expect(throws: AgentFailure.self) { try job.tensor("text") }
        #expect(failure?.description == "text: the value is text, not tensor")
      }
    }

    @Test("a table comes in, and its stream is used up once")
    func tableIn() throws {
      let table = try Table(columns: [TableColumn("text", .utf8(["a", nil]))])
      let stream = test.memory.one(ArrowArrayStream())
      table.exportStream(to: stream)
      lend("rows", CADRE_KIND_TABLE) { $0.table = stream }
      try run { job in
        try #require(try job.table("rows") == table)
        let failure = #expect(throws: AgentFailure.self) { try job.table("rows") }
        #expect(failure?.place == "rows")
      }
      #expect(stream.pointee.release == nil)
    }

    @Test("a team's values come in one by one, a shorter struct of an older host too")
    func teamIn() throws {
      let memory = test.memory
      func member(_ number: Float) -> UnsafePointer<cadre_value>? {
        let value = memory.one(cadre_value())
        value.pointee.size = UInt32(CADRE_END_cadre_value_tensor)
        value.pointee.kind = UInt32(CADRE_KIND_TENSOR)
        value.pointee.tensor = tensor(shape: [1], [number])
        return UnsafePointer(value)
      }
      let members = memory.array([member(1), member(2)])
      lend("logp", CADRE_KIND_TENSOR) {
        $0.constructors = UInt32(CADRE_OF_TEAM)
        $0.members = UnsafePointer(members)
        $0.member_count = 2
      }
      try run { job in
        let values = try job.input("logp").members().map { try $0.tensor().floats() }
        #expect(values == [[1], [2]])
        #expect(throws: AgentFailure.self) { try job.tensor("logp") }
      }
    }

    @Test("a dataset is asked with what the reader wants")
    func dataset() throws {
      test.datasetTable = try Table(columns: [
        TableColumn("text", .utf8(["a", "b", "c"])), TableColumn("label", .utf8(["x", "y", "x"])),
      ])
      lend("data", CADRE_KIND_DATASET) { $0.dataset = OpaquePointer(bitPattern: 1) }
      let test = test
      try run { job in
        let data = try job.dataset("data")
        #expect(data.rowCount == 3)
        #expect(data.classes == ["ham", "spam"])
        #expect(try data.table(columns: ["label"]).strings("label") == ["x", "y", "x"])
        let batches = try data.batches(rows: 2, shuffledBy: (seed: 5, epoch: 6), shard: (1, of: 4))
        #expect(
          test.lastRequest == "batch 2 columns [] shuffle 1 seed 5 epoch 6 shard 1/4")
        #expect(try batches.next()?.rowCount == 2)
        #expect(try batches.next()?.rowCount == 1)
        #expect(try batches.next() == nil)
        let failure = #expect(throws: AgentFailure.self) { try data.table(columns: ["secret"]) }
        #expect(failure?.code == .permissionDenied)
      }
    }

    @Test("a model is read by name")
    func model() throws {
      test.modelTensors = ["w": tensor(shape: [2], [3, 4]), "b": tensor(shape: [1], [5])]
      lend("model", CADRE_KIND_MODEL) { $0.model = OpaquePointer(bitPattern: 1) }
      try run { job in
        let model = try job.model("model")
        #expect(model.task == "text.classify/1")
        #expect(model.format == "org.example.t/1")
        #expect(model.metadata["k"] == 3)
        #expect(try model.labels() == ["ham", "spam"])
        #expect(try model.tensorNames() == ["b", "w"])
        #expect(try model.tensor("w").floats() == [3, 4])
        let failure = #expect(throws: AgentFailure.self) { try model.tensor("x") }
        #expect(failure?.code == .notFound)
      }
    }

    @Test("what is set goes out, each kind in its fields")
    func out() throws {
      let table = try Table(columns: [TableColumn("text", .utf8(["a"]))])
      try run { job in
        try job.set("table", table: table)
        try job.set("text", text: "Grüße")
        try job.set("json", json: ["a": [1, nil]])
        try job.set("state", state: [104, 105])
        try job.set("next", settings: ["k": 2])
        try job.set("f1", scalar: 0.5)
        try job.set("version", scalar: .utf8("v1"))
        try job.set("ok", scalar: .bool(true))
        try job.set("logp", shape: [1, 2], [0.5, -1])
      }
      #expect(test.outputs["table"] == .table(table))
      #expect(test.outputs["text"] == .text(kind: CADRE_KIND_TEXT, "Grüße"))
      #expect(test.outputs["json"] == .text(kind: CADRE_KIND_JSON, #"{"a":[1,null]}"#))
      #expect(test.outputs["state"] == .text(kind: CADRE_KIND_STATE, "hi"))
      #expect(test.outputs["next"] == .text(kind: CADRE_KIND_SETTINGS, #"{"k":2}"#))
      #expect(test.outputs["f1"] == .scalar(dtype: CADRE_F64, f64: 0.5, i64: 0, text: ""))
      #expect(test.outputs["version"] == .scalar(dtype: CADRE_UTF8, f64: 0, i64: 0, text: "v1"))
      #expect(test.outputs["ok"] == .scalar(dtype: CADRE_BOOL, f64: 0, i64: 1, text: ""))
      let bytes = [Float(0.5), -1].withUnsafeBytes { Array($0) }
      #expect(test.outputs["logp"] == .tensor(shape: [1, 2], code: -1, bits: CADRE_F32, bytes))
    }

    @Test("an output that the host refuses throws its error")
    func refusedOutput() throws {
      try run { job in
        try job.set("text", text: "one")
        let failure = #expect(throws: AgentFailure.self) { try job.set("text", text: "two") }
        #expect(failure?.code == .alreadyExists)
      }
    }

    @Test("a model goes out with all tensors, and a refused tensor discards it")
    func modelOut() throws {
      try run { job in
        var draft = ModelDraft(task: "t/1", format: "f/1", metadata: ["labels": ["a"]])
        try draft.add("w", shape: [2, 2], [1, 2, 3, 4])
        draft.add("ids", try TensorValue(shape: [1], elements: .i64([7])))
        try job.set("model", model: draft)
        try draft.add("refused", shape: [0], [])
        let failure = #expect(throws: AgentFailure.self) { try job.set("second", model: draft) }
        #expect(failure?.message == "refused")
      }
      #expect(
        test.outputs["model"]
          == .model(
            task: "t/1", format: "f/1", metadata: #"{"labels":["a"]}"#,
            tensors: ["w": [2, 2], "ids": [1]]))
      #expect(test.discarded == 1)
    }

    @Test("streams come in and go out, with a given tensor freed by its taker")
    func streams() throws {
      let memory = test.memory
      lend("words", CADRE_KIND_TEXT) { $0.text = memory.str("w") }
      test.streamAnswers = [CADRE_STREAM_VALUE, CADRE_STREAM_WAIT, CADRE_STREAM_STOPPED]
      let test = test
      try run { job in
        guard case .value(let value) = try job.next("words", timeout: .milliseconds(2)) else {
          Issue.record("no value")
          return
        }
        #expect(try value.text() == "w")
        #expect(test.lastRequest == "timeout 2000000")
        guard case .wait = try job.next("words", timeout: .zero) else {
          Issue.record("no wait")
          return
        }
        let tensor = OutputValue.tensor(try TensorValue(shape: [1], elements: .i64([3])))
        #expect(try job.emit("out", tensor, timeout: .zero) == .stopped)
        #expect(try job.emit("out", .text("x"), timeout: .zero) == .accepted)
      }
      #expect(
        test.emitted == [
          .tensor(shape: [1], code: kDLInt, bits: 64, [3, 0, 0, 0, 0, 0, 0, 0]),
          .text(kind: CADRE_KIND_TEXT, "x"),
        ])
    }

    @Test("borrowed values refuse to be read after the job")
    func afterTheJob() throws {
      let memory = test.memory
      lend("t", CADRE_KIND_TEXT) { $0.text = memory.str("gone soon") }
      var kept: InputValue?
      try run { job in kept = try job.input("t") }
      let failure = #expect(throws: AgentFailure.self) { try kept?.text() }
      #expect(failure?.code == .failedPrecondition)
      #expect(failure?.message.contains("job ended") == true)
    }
  }
}
