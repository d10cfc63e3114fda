import AgentKit
import CadreABI
import Synchronization
import Testing

/// An agent that counts what of it is alive, receives feedback and keeps a state.
final class CountedAgent: FeedbackReceiver, StateKeeper {
  static let identity = AgentIdentity(id: "org.example.counted", version: "1.0.0")
  static let alive = Atomic<Int>(0)
  private let state = Mutex<[UInt8]>([])
  private let heard = Mutex<[Feedback]>([])

  init(host: Host, config: JSONValue) { Self.alive.add(1, ordering: .relaxed) }
  deinit { Self.alive.subtract(1, ordering: .relaxed) }

  var offers: [Offer] { [Offer("org.example.all/1")] }
  func prepare(_ award: Award) throws -> any Assignment { CountedAssignment() }

  func receive(_ feedback: Feedback, about assignment: any Assignment) throws {
    guard assignment is CountedAssignment else { throw AgentFailure(.internal, "not mine") }
    guard feedback.weight >= 0 else { throw AgentFailure(.outOfRange, "a negative weight") }
    heard.withLock { $0.append(feedback) }
    state.withLock { $0 = Array("\(feedback.metric) \(feedback.report["n"] ?? "none")".utf8) }
  }

  func saveState() throws -> [UInt8] { state.withLock { $0 } }
  func checkState(_ state: [UInt8]) throws {
    guard state.first != 0 else { throw AgentFailure(.dataLoss, "begins with 0") }
  }
  func loadState(_ state: [UInt8]) throws {
    try checkState(state)
    self.state.withLock { $0 = state }
  }
}

final class CountedAssignment: Assignment {
  init() { CountedAgent.alive.add(1, ordering: .relaxed) }
  deinit { CountedAgent.alive.subtract(1, ordering: .relaxed) }
  func run(_ job: Job) {}
}

extension BoundaryTests {
  @Suite struct LifeTests {
    private let test = TestHost()

    @Test("release and close free assignment and agent")
    func freed() throws {
      let opened = try OpenedAgent(CountedAgent.self, test)
      let second = try OpenedAgent(CountedAgent.self, test)
      let assignment = try opened.prepare()
      #expect(CountedAgent.alive.load(ordering: .relaxed) == 3)
      try opened.run(assignment)
      opened.release(assignment)
      #expect(CountedAgent.alive.load(ordering: .relaxed) == 2)
      opened.close()
      second.close()
      #expect(CountedAgent.alive.load(ordering: .relaxed) == 0)
    }

    @Test("an award crosses field by field, with its bound ports")
    func award() throws {
      let memory = test.memory
      ScriptedAgent.script = ScriptedAgent.Script(
        offers: [Offer("org.example.all/1", settings: [.i64("k", 3), .utf8("mode", "a")])],
        prepare: { award in
          #expect(award.id == 7)
          #expect(award.task == "org.example.all/1")
          #expect(award.role == "critic")
          #expect((award.teamSize, award.member) == (3, 2))
          #expect(award.seed == 11)
          #expect(award.memory == 1 << 20)
          #expect(award.threads == 2)
          try #require(try award.settings.int("k") == 8)
          try #require(try award.settings.string("mode") == "a")
          try #require(try award.state("fitted") == Array("seen".utf8))
          try #require(try award.has("nothing") == false)
          let ops = #expect(throws: AgentFailure.self) { try award.ops() }
          #expect(ops?.message.contains("cadre.ops/1") == true)
        })
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare(
        settings: #"{"k": 8}"#,
        bound: [
          "fitted": {
            $0.pointee.kind = UInt32(CADRE_KIND_STATE)
            $0.pointee.text = memory.str("seen")
          }
        ])
      opened.release(assignment)
      #expect(test.liveErrors == 0)
    }

    @Test("a bound model lives as long as the assignment, and the award no longer than prepare")
    func borrows() throws {
      final class Kept { var award: Award?; var model: Model? }
      let kept = Kept()
      let elements = test.memory.array([Float(1)])
      test.modelTensors["w"] = UnsafePointer(
        test.memory.one(
          DLTensor(
            data: elements, device: DLDevice(device_type: 1, device_id: 0), ndim: 0,
            dtype: DLDataType(code: 2, bits: 32, lanes: 1), shape: nil, strides: nil,
            byte_offset: 0)))
      ScriptedAgent.script = ScriptedAgent.Script(prepare: { award in
        kept.award = award
        kept.model = try award.model("model")
      })
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare(bound: [
        "model": {
          $0.pointee.kind = UInt32(CADRE_KIND_MODEL)
          $0.pointee.model = OpaquePointer(bitPattern: 1)
        }
      ])
      let late = #expect(throws: AgentFailure.self) { try kept.award?.model("model") }
      #expect(late?.code == .failedPrecondition)
      #expect(try kept.model?.tensor("w").floats() == [1])
      opened.release(assignment)
      let over = #expect(throws: AgentFailure.self) { try kept.model?.tensor("w") }
      #expect(over?.code == .failedPrecondition)
    }

    @Test("a job knows seed, time and stop, and reports progress and log")
    func job() throws {
      test.mustStop = true
      ScriptedAgent.script = ScriptedAgent.Script(
        open: { host, _ in host.log(.warning, "opened by \(host.name) \(host.version)") },
        run: { job in
          #expect(job.number == 99)
          #expect(job.seed == 42)
          #expect(job.timeLeft == .milliseconds(1500))
          #expect(job.shouldStop)
          job.progress(0.25, "epoch 1")
          job.progress(nil)
          try job.checkStop()
        })
      let opened = try OpenedAgent(ScriptedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare()
      defer { opened.release(assignment) }
      let refusal = #expect(throws: Refusal.self) { try opened.run(assignment) }
      #expect(refusal?.code == Int(CADRE_CANCELLED))
      #expect(test.log == ["3 opened by test-host 9.9.9"])
      #expect(test.progress == ["99 0.25 epoch 1", "99 -1.0 "])
    }

    @Test("feedback reaches a receiver, and its errors come back")
    func feedback() throws {
      let opened = try OpenedAgent(CountedAgent.self, test)
      defer { opened.close() }
      let assignment = try opened.prepare()
      defer { opened.release(assignment) }
      let found = try #require(
        opened.table.pointee.extension(opened.table, test.memory.str(CADRE_FEEDBACK_ID)))
      let table = found.assumingMemoryBound(to: cadre_feedback.self)
      var message = cadre_feedback_message()
      message.size = UInt32(CADRE_END_cadre_feedback_message_report)
      message.metric = test.memory.str("macro_f1")
      message.weight = 0.5
      message.report = test.memory.str(#"{"n": 4}"#)
      try Refusal.check(table.pointee.receive(opened.table, assignment, &message))
      #expect(try saved(opened) == "macro_f1 4")
      message.weight = -1
      let refusal = #expect(throws: Refusal.self) {
        try Refusal.check(table.pointee.receive(opened.table, assignment, &message))
      }
      #expect(refusal?.code == Int(CADRE_OUT_OF_RANGE))
    }

    @Test("a state is saved, checked and loaded")
    func state() throws {
      let opened = try OpenedAgent(CountedAgent.self, test)
      defer { opened.close() }
      let table = try stateTable(opened)
      try Refusal.check(table.pointee.load(opened.table, test.memory.str("learned")))
      #expect(try saved(opened) == "learned")
      let refusal = #expect(throws: Refusal.self) {
        try Refusal.check(table.pointee.can_load(opened.table, test.memory.str("\u{0}")))
      }
      #expect(refusal?.code == Int(CADRE_DATA_LOSS))
      #expect(try saved(opened) == "learned")
    }

    @Test("an agent without extensions has none")
    func noExtensions() throws {
      let opened = try OpenedAgent(PlainAgent.self, test)
      defer { opened.close() }
      for id in [CADRE_FEEDBACK_ID, CADRE_STATE_ID, CADRE_TRAIN_ID, ""] {
        #expect(opened.table.pointee.extension(opened.table, test.memory.str(id)) == nil)
      }
    }

    private func stateTable(_ opened: OpenedAgent) throws -> UnsafePointer<cadre_state> {
      try #require(opened.table.pointee.extension(opened.table, test.memory.str(CADRE_STATE_ID)))
        .assumingMemoryBound(to: cadre_state.self)
    }

    private func saved(_ opened: OpenedAgent) throws -> String {
      final class Sink { var text = "" }
      let sink = Sink()
      try Refusal.check(
        stateTable(opened).pointee.save(
          opened.table, Unmanaged.passUnretained(sink).toOpaque(),
          { data, bytes in
            guard let data else { return }
            Unmanaged<Sink>.fromOpaque(data).takeUnretainedValue().text += bytes.string
          }))
      return sink.text
    }
  }
}
