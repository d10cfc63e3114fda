import Autodiff
import CadreABI
import TensorCore
import Testing

@testable import OpBridge

/// Operations by element go a shorter way where nothing is recorded; it must lead to the same place.
@Suite struct ShortWayTests {
  private let host = TestHost()

  private func bytes(_ tensor: OpaquePointer?) throws -> [UInt8] {
    var info = cadre_tensor_info()
    info.size = UInt32(CADRE_END_cadre_tensor_info_byte_count)
    try check(OpTable.pointer.pointee.info(host.pointer, tensor, &info))
    return Array(UnsafeRawBufferPointer(start: info.data, count: Int(info.byte_count)))
  }

  @Test("same bits, and the same errors")
  func agreement() throws {
    let x = try host.tensor([-1.5, 0, 0.25, 2, .infinity, .nan], [2, 3])
    let row = try host.tensor([0.5, -2, 3], [3])
    let misfit = try host.tensor([1, 2], [2])
    let whole = try host.zeros(.i64, [2, 3])
    var count = 0
    for definition in OpRegistry.standard.all {
      guard let direct = DirectOp(definition) else { continue }
      count += 1
      let second = [x, row, whole, misfit]
      let calls =
        direct.inputCount == 1
        ? [[x], [whole]] : [x, whole].flatMap { a in second.map { [a, $0] } }
      // A struct of four bytes has nothing to say, but the short way takes none.
      var nothing: UInt32 = 4
      for inputs in calls {
        let short = Result { try bytes(host.run(definition.name, inputs)) }
        let long = Result { try bytes(host.run(definition.name, inputs, attributes: &nothing)) }
        switch (short, long) {
        case (.success(let a), .success(let b)): #expect(a == b, "\(definition.id)")
        case (.failure(let a), .failure(let b)):
          #expect(a as? ReceivedError == b as? ReceivedError, "\(definition.id)")
        default: Issue.record("\(definition.id): \(short) and \(long)")
        }
      }
    }
    // 15 of one operand, 7 of two, 6 comparisons.
    #expect(count >= 25)
  }

  @Test("what a call asks for beyond the short way is honoured")
  func demands() throws {
    let x = try host.tensor([1], [1])
    var output: OpaquePointer?
    var inputs = [x, x]
    func run(_ change: (inout cadre_op_context, inout cadre_op_request) -> Void) throws {
      var context = cadre_op_context()
      context.size = UInt32(CADRE_END_cadre_op_context_device)
      try inputs.withUnsafeMutableBufferPointer { inputs in
        try withUnsafeMutablePointer(to: &output) { output in
          var request = cadre_op_request(
            size: UInt32(CADRE_END_cadre_op_request_outputs), input_count: 2,
            inputs: inputs.baseAddress, attributes: nil, output_count: 1, reserved: 0,
            outputs: output)
          change(&context, &request)
          try check(OpTable.pointer.pointee.run(host.pointer, &context, host.find("add"), &request))
        }
      }
    }
    try run { _, _ in }
    try run { context, _ in context.threads = 3 }
    try run { context, _ in context.size = UInt32(CADRE_END_cadre_op_context_threads) }
    for code in [CADRE_UNIMPLEMENTED, CADRE_INVALID_ARGUMENT] {
      let error = try #require(throws: ReceivedError.self) {
        try run { context, request in
          if code == CADRE_UNIMPLEMENTED {
            context.arena = OpaquePointer(bitPattern: 0x1234)
          } else {
            request.output_count = 2
          }
        }
      }
      #expect(error.code == UInt32(code))
    }
    #expect(throws: ReceivedError.self) { try run { $1.size = 8 } }
    #expect(throws: ReceivedError.self) { try run { $1.outputs = nil } }
    #expect(throws: ReceivedError.self) { try run { $1.inputs = nil } }
    #expect(throws: ReceivedError.self) { try run { $1.input_count = 3 } }
  }

  @Test("a memory limit on the short way is an error that leaves no pin behind")
  func limit() throws {
    let account = MemoryAccount()
    let small = TestHost(memory: account)
    let x = try small.tensor([Float](repeating: 1, count: 64), [64])
    account.limit = account.currentBytes
    let error = try #require(throws: ReceivedError.self) { try small.run("add", [x, x]) }
    #expect(error.code == UInt32(CADRE_RESOURCE_EXHAUSTED))
    account.limit = nil
    small.release(x)
    #expect(account.currentBytes == 0)
  }

  @Test("a pinned object outlives its handle until the call is done")
  func pins() throws {
    final class Thing: Sendable {}
    let table = HandleTable<Thing>(tag: 1)
    weak var watched: Thing?
    let handle = {
      let thing = Thing()
      watched = thing
      return table.insert(thing)
    }()
    let pins = try #require(table.pin(handle, handle))
    #expect(table.release(handle))
    #expect(table.find(handle) == nil && table.pin(handle) == nil)
    #expect(watched != nil)
    let next = table.insert(Thing())
    #expect(table.unpin(pins, inserting: nil) == nil)
    #expect(watched == nil)
    #expect(table.find(next) != nil)
    let again = table.insert(Thing())
    #expect(again != handle && table.find(handle) == nil)
    #expect(table.count == 2)
    #expect(table.pin(next, handle) == nil)
    #expect(table.removeAll() == 2)
  }

  @Test("handles are made, used and released from many threads at once")
  func threads() async throws {
    let host = TestHost(threads: 2)
    let shared = try host.tensor([1, 2, 3, 4], [4])
    let bits = UInt(bitPattern: shared)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let shared = OpaquePointer(bitPattern: bits)
          for _ in 0..<500 {
            guard let sum = try? host.run("add", [shared, shared]) else {
              Issue.record("no sum")
              return
            }
            #expect((try? host.elements(sum)) == [2, 4, 6, 8])
            host.release(sum, sum)
          }
        }
      }
    }
    host.release(shared)
    #expect(host.runtime.handleCount == 0)
    #expect(host.runtime.memory.currentBytes == 0)
  }
}
