import Autodiff
import CadreABI
import PluginFixtures
import TensorCore
import Testing

@testable import OpBridge

/// Operations that a plug-in adds; the fixture has one at a time.
@Suite("cadre_ops.define", .serialized)
struct DefineTests {
  private static let name = "org.example.square"
  let host = TestHost()
  private var tapes: cadre_tapes { TapeTable.pointer.pointee }

  private func define(_ mode: Int = FIXTURE_OP_GOOD, as name: String = name) throws {
    try check(fixture_define(host.pointer, name, UInt32(mode)))
  }

  @Test("an operation of a plug-in is found, inferred and run like the host's own")
  func running() throws {
    #expect(host.find(Self.name) == nil)
    try define()
    let x = try host.tensor([1, -2, 3], [3])
    let y = try host.run(Self.name, [x])
    #expect(try host.elements(y) == [1, 4, 9])
    #expect(
      try host.infer(Self.name, [TensorSpec(.f32, Shape([2, 5]))]).map(\.description) == [
        "f32[2, 5]"
      ])
    host.release(x, y)
    #expect(host.runtime.handleCount == 0, "the fixture's handles were taken over")
  }

  @Test("its attributes come to it as they were given")
  func attributes() throws {
    try define()
    let x = try host.tensor([2, 3], [2])
    var cube = fixture_op_attributes(size: 8, power: 3)
    #expect(try host.elements(try host.run(Self.name, [x], attributes: &cube)) == [8, 27])
  }

  @Test(
    "its gradient is asked for, also when its segment is computed again", arguments: [false, true])
  func gradient(recomputed: Bool) throws {
    try define()
    let x = try host.tensor([1, -2, 3], [3])
    var tape: OpaquePointer?
    try check(tapes.begin(host.pointer, &tape))
    try check(tapes.watch(host.pointer, tape, x))
    if recomputed { try check(tapes.begin_recompute(host.pointer, tape)) }
    let y = try host.run(Self.name, [x], tape: tape)
    if recomputed { try check(tapes.end_recompute(host.pointer, tape)) }
    let loss = try host.run("sum", [y], tape: tape)
    var wanted = x
    var gradient: OpaquePointer?
    try check(tapes.gradient(host.pointer, nil, tape, loss, &wanted, 1, &gradient))
    #expect(try host.elements(gradient) == [2, -4, 6])
    #expect(fixture_op_forwards() == (recomputed ? 2 : 1))
    #expect(fixture_op_backwards() == 1)
    tapes.release(host.pointer, tape)
    host.release(x, y, loss, gradient)
    #expect(host.runtime.handleCount == 0)
  }

  @Test(
    "an operation without a gradient says so when one is asked for",
    arguments: [
      FIXTURE_OP_NO_BACKWARD, FIXTURE_OP_SHORT,
    ])
  func noGradient(mode: Int) throws {
    try define(mode)
    let x = try host.tensor([3], [1])
    var tape: OpaquePointer?
    try check(tapes.begin(host.pointer, &tape))
    try check(tapes.watch(host.pointer, tape, x))
    let loss = try host.run("sum", [try host.run(Self.name, [x], tape: tape)], tape: tape)
    var wanted = x
    var gradient: OpaquePointer?
    let error = try #require(throws: ReceivedError.self) {
      try check(tapes.gradient(host.pointer, nil, tape, loss, &wanted, 1, &gradient))
    }
    #expect(error.code == UInt32(CADRE_UNIMPLEMENTED))
  }

  @Test("what the plug-in says is wrong comes through, with the operation's name")
  func failing() throws {
    try define(FIXTURE_OP_FAILS)
    let x = try host.tensor([1], [1])
    let error = try #require(throws: ReceivedError.self) { try host.run(Self.name, [x]) }
    #expect(error.code == UInt32(CADRE_OUT_OF_RANGE))
    #expect(error.place == "org.example.square/1")
    #expect(error.message.contains("no squares today"))
    let whole = try host.zeros(.i64, [1])
    let refusal = try #require(throws: ReceivedError.self) { try host.run(Self.name, [whole]) }
    #expect(refusal.message.contains("squares are of f32"))
    #expect(throws: ReceivedError.self) {
      try host.infer(Self.name, [TensorSpec(.i64, Shape([1]))])
    }
  }

  @Test(
    "a promise that the plug-in breaks is an error that says which",
    arguments: [
      FIXTURE_OP_GIVES_NULL: "no output 0", FIXTURE_OP_GIVES_NONSENSE: "none of this agent's",
      FIXTURE_OP_WRONG_SHAPE: "had inferred f32[2, 1]", FIXTURE_OP_INFERS_TWO: "infers 2",
      FIXTURE_OP_INFERS_NONSENSE: "cannot be",
    ])
  func broken(mode: Int, expected: String) throws {
    try define(mode)
    let x = try host.tensor([1, 2], [2])
    let error = try #require(throws: ReceivedError.self) { try host.run(Self.name, [x]) }
    #expect(error.code == UInt32(CADRE_INTERNAL))
    #expect(error.message.contains(expected), "\(error.message)")
    host.release(x)
    #expect(host.runtime.handleCount == 0)
  }

  @Test("an input may be given back as the output, with a reference of its own")
  func identity() throws {
    try define(FIXTURE_OP_GIVES_INPUT)
    let x = try host.tensor([1, 2], [2])
    let y = try host.run(Self.name, [x])
    host.release(x)
    #expect(try host.elements(y) == [1, 2])
    host.release(y)
    #expect(host.runtime.handleCount == 0)
  }

  @Test("a gradient that fails is told, with the operation's name")
  func failingGradient() throws {
    try define(FIXTURE_OP_BACKWARD_FAILS)
    let x = try host.tensor([3], [1])
    var tape: OpaquePointer?
    try check(tapes.begin(host.pointer, &tape))
    try check(tapes.watch(host.pointer, tape, x))
    let loss = try host.run("sum", [try host.run(Self.name, [x], tape: tape)], tape: tape)
    var wanted = x
    var gradient: OpaquePointer?
    let error = try #require(throws: ReceivedError.self) {
      try check(tapes.gradient(host.pointer, nil, tape, loss, &wanted, 1, &gradient))
    }
    #expect(error.code == UInt32(CADRE_UNAVAILABLE))
    #expect(error.place == "org.example.square/1")
  }

  @Test("a definition that cannot be is refused")
  func refused() throws {
    for mode in [
      FIXTURE_OP_NO_FORWARD, FIXTURE_OP_NO_OUTPUTS, FIXTURE_OP_NO_VERSION, FIXTURE_OP_TOO_SHORT,
    ] {
      let error = try #require(throws: ReceivedError.self) { try define(mode) }
      #expect(error.code == UInt32(CADRE_INVALID_ARGUMENT))
    }
    for name in ["square", "", ".", "a.", ".a", "org.example/x", "org.exämple", "org. x"] {
      #expect(throws: ReceivedError.self, "\(name)") { try define(as: name) }
    }
    #expect(throws: ReceivedError.self) {
      try define(as: "org." + String(repeating: "x", count: 200))
    }
    #expect(throws: ReceivedError.self) {
      try check(OpTable.pointer.pointee.define(host.pointer, nil))
    }
    #expect(throws: ReceivedError.self) { try check(OpTable.pointer.pointee.define(nil, nil)) }
  }

  @Test("a name can be defined once; another agent neither sees it nor may use its handle")
  func names() throws {
    try define()
    let error = try #require(throws: ReceivedError.self) { try define() }
    #expect(error.code == UInt32(CADRE_ALREADY_EXISTS))
    let other = TestHost()
    #expect(other.find(Self.name) == nil)
    try check(fixture_define(other.pointer, "org.example.other", UInt32(FIXTURE_OP_GOOD)))
    var request = cadre_op_request()
    request.size = UInt32(CADRE_END_cadre_op_request_outputs)
    let refusal = try #require(throws: ReceivedError.self) {
      try check(OpTable.pointer.pointee.run(other.pointer, nil, host.find(Self.name), &request))
    }
    #expect(refusal.message.contains("none that `find` gave"))
  }

  @Test("nothing of a plug-in is called once its agent is closed")
  func closing() throws {
    try define()
    let handle = try #require(host.find(Self.name))
    host.runtime.releaseAll()
    #expect(host.find(Self.name) == nil)
    let x = try host.tensor([1], [1])
    var request = cadre_op_request()
    request.size = UInt32(CADRE_END_cadre_op_request_outputs)
    #expect(throws: ReceivedError.self) {
      try check(OpTable.pointer.pointee.run(host.pointer, nil, handle, &request))
    }
    let error = try #require(throws: ReceivedError.self) { try define() }
    #expect(error.code == UInt32(CADRE_FAILED_PRECONDITION))
    #expect(fixture_op_forwards() == 0)
    host.release(x)
  }
}

extension DefineTests {
  @Test("a tape that outlives the agent is refused the plug-in's gradient")
  func closedTape() throws {
    try check(fixture_define(host.pointer, "org.example.square", UInt32(FIXTURE_OP_GOOD)))
    let definition = try #require(host.runtime.operations.find(host.find("org.example.square")))
    let (tape, context) = (Tape(), try ComputeContext())
    let x = try Tensor([1, 2] as [Float])
    try tape.watch(x)
    let y = try definition.runSingle([x], context: context, tape: tape)
    let loss = try OpRegistry.standard.run("sum/1", [y], context: context, tape: tape)[0]
    host.runtime.releaseAll()
    let error = #expect(throws: BridgeError.self) {
      try tape.gradient(of: loss, withRespectTo: [x], context: context)
    }
    #expect(error?.boundaryCode == UInt32(CADRE_FAILED_PRECONDITION))
    #expect(fixture_op_backwards() == 0)
    #expect(throws: BridgeError.self) { try definition.runSingle([x], context: context) }
  }
}
