import CadreABI
import OpBridge
import PluginFixtures
import TensorCore
import Testing

@Suite("cadre.ops/1 and cadre.tape/1")
struct OpTableTests {
  private let host = TestHost()
  private var ops: cadre_ops { OpTable.pointer.pointee }
  private var tapes: cadre_tapes { TapeTable.pointer.pointee }

  @Test("an MLP in C learns XOR on the host's operations and leaves no handle behind")
  func learning() throws {
    var accuracy = 0.0
    try check(fixture_train_xor(host.pointer, 0, &accuracy))
    #expect(accuracy == 1)
    #expect(host.runtime.handleCount == 0)
  }

  @Test("matmul gives the product, row-major and 64-byte aligned")
  func matmul() throws {
    let a = try host.tensor([1, 2, 3, 4], [2, 2])
    let b = try host.tensor([5, 6, 7, 8], [2, 2])
    let y = try host.run("matmul", [a, b])
    #expect(try host.elements(y) == [19, 22, 43, 50])
    var info = cadre_tensor_info()
    info.size = UInt32(CADRE_END_cadre_tensor_info_byte_count)
    try check(ops.info(host.pointer, y, &info))
    #expect(UInt(bitPattern: info.data) % 64 == 0)
    #expect(info.shape[0] == 2 && info.rank == 2 && info.dtype == UInt32(CADRE_F32))
    host.release(a, b, y)
    #expect(host.runtime.handleCount == 0)
  }

  @Test("attributes are read as far as their size goes; the rest has its default")
  func attributes() throws {
    let a = try host.tensor([1, 2, 3, 4], [2, 2])
    let b = try host.tensor([1, 0, 0, 1], [2, 2])
    var transposed = cadre_attr_matmul(
      size: UInt32(CADRE_END_cadre_attr_matmul_transpose_a), transpose_a: 1, transpose_b: 1)
    let y = try host.run("matmul", [a, b], attributes: &transposed)
    #expect(try host.elements(y) == [1, 3, 2, 4])
    var scale = cadre_attr_scale(
      size: UInt32(CADRE_END_cadre_attr_scale_factor), reserved: 0, factor: -2)
    #expect(try host.elements(try host.run("scale", [a], attributes: &scale)) == [-2, -4, -6, -8])
    scale.size = 0
    #expect(throws: ReceivedError.self) { try host.run("scale", [a], attributes: &scale) }
  }

  @Test("an error names the op, all shapes and the rule")
  func naming() throws {
    let a = try host.tensor([1, 2, 3, 4, 5, 6], [2, 3])
    let b = try host.tensor([1, 2, 3, 4], [2, 2])
    let error = try #require(throws: ReceivedError.self) { try host.run("matmul", [a, b]) }
    #expect(error.code == UInt32(CADRE_INVALID_ARGUMENT))
    #expect(error.message.contains("matmul"))
    #expect(error.message.contains("[2, 3]"))
    #expect(error.message.contains("[2, 2]"))
  }

  @Test("released, NULL and foreign handles, and unknown ops, are errors")
  func wrongHandles() throws {
    let a = try host.tensor([1], [1])
    let foreign = try TestHost().tensor([1], [1])
    host.release(a)
    host.release(a)  // twice does no harm
    for handle in [a, nil, foreign, OpaquePointer(bitPattern: 0x1234)] {
      let error = try #require(throws: ReceivedError.self) { try host.run("relu", [handle]) }
      #expect(error.place == "relu/1, input 0")
    }
    let x = try host.tensor([1], [1])
    #expect(host.find("no_such_op") == nil)
    #expect(host.find("relu", version: 99) == nil)
    #expect(throws: ReceivedError.self) { try host.run("no_such_op", [x]) }
    #expect(throws: ReceivedError.self) { try host.run("relu", [x, x]) }
    #expect(throws: ReceivedError.self) { try host.run("relu", [x], outputs: 2) }
    #expect(throws: ReceivedError.self) { try host.run("relu", [x], tape: x) }
  }

  @Test("a NULL host is an error, not a crash")
  func nullHost() {
    var out: OpaquePointer?
    var spec = cadre_tensor_spec()
    #expect(throws: ReceivedError.self) { try check(ops.create(nil, &spec, &out)) }
    #expect(ops.find(nil, cadre_str(), 1) == nil)
    ops.release(nil, nil)
  }

  @Test("absurd tensors are refused")
  func absurd() throws {
    var out: OpaquePointer?
    let lengths: [Int64] = [.max, .max]
    lengths.withUnsafeBufferPointer { lengths in
      for (dtype, rank) in [(CADRE_F32, 2), (CADRE_F64, 1), (CADRE_F32, 99), (CADRE_UTF8, 1)] {
        var spec = cadre_tensor_spec(
          size: UInt32(CADRE_END_cadre_tensor_spec_elements), dtype: UInt32(dtype),
          shape: lengths.baseAddress, rank: UInt64(rank), elements: nil)
        #expect(throws: ReceivedError.self) { try check(ops.create(host.pointer, &spec, &out)) }
      }
    }
  }

  @Test("an agent's memory limit is an error with the code for it")
  func memoryLimit() throws {
    let small = TestHost(memory: MemoryAccount(limit: 1024))
    let error = try #require(throws: ReceivedError.self) {
      try small.tensor([Float](repeating: 0, count: 1024), [1024])
    }
    #expect(error.code == UInt32(CADRE_RESOURCE_EXHAUSTED))
  }

  @Test("the gradient of mean(x · x) is 2x/n; a spent tape refuses further use")
  func gradient() throws {
    let x = try host.tensor([1, -2, 3, 0.5], [4])
    var tape: OpaquePointer?
    try check(tapes.begin(host.pointer, &tape))
    try check(tapes.watch(host.pointer, tape, x))
    let square = try host.run("mul", [x, x], tape: tape)
    let loss = try host.run("mean", [square], tape: tape)
    var gradient: OpaquePointer?
    var wanted = x
    try check(tapes.gradient(host.pointer, nil, tape, loss, &wanted, 1, &gradient))
    #expect(try host.elements(gradient) == [0.5, -1, 1.5, 0.25])
    let error = try #require(throws: ReceivedError.self) {
      try host.run("mul", [x, x], tape: tape)
    }
    #expect(error.code == UInt32(CADRE_FAILED_PRECONDITION))
    tapes.release(host.pointer, tape)
    #expect(throws: ReceivedError.self) {
      try check(tapes.gradient(host.pointer, nil, tape, loss, &wanted, 1, &gradient))
    }
    host.release(x, square, loss, gradient)
    #expect(host.runtime.handleCount == 0)
  }

  @Test("a gradient is computed where its context says; the context's tape is not looked at")
  func gradientContext() throws {
    let x = try host.tensor([3], [1])
    var tape: OpaquePointer?
    try check(tapes.begin(host.pointer, &tape))
    try check(tapes.watch(host.pointer, tape, x))
    let square = try host.run("mul", [x, x], tape: tape)
    let loss = try host.run("sum", [square], tape: tape)
    var gradient: OpaquePointer?
    var wanted = x
    var context = cadre_op_context()
    context.size = UInt32(CADRE_END_cadre_op_context_device)
    context.threads = 2
    context.tape = OpaquePointer(bitPattern: 0x1234)
    let error = try #require(throws: ReceivedError.self) {
      try "gpu".utf8CString.withUnsafeBufferPointer { device in
        context.device = cadre_str(data: device.baseAddress, size: 3)
        try check(tapes.gradient(host.pointer, &context, tape, loss, &wanted, 1, &gradient))
      }
    }
    #expect(error.code == UInt32(CADRE_UNIMPLEMENTED))
    #expect(error.place == "cadre_tapes.gradient")
    context.device = cadre_str()
    // The refusal came before the tape was spent.
    try check(tapes.gradient(host.pointer, &context, tape, loss, &wanted, 1, &gradient))
    #expect(try host.elements(gradient) == [6])
    tapes.release(host.pointer, tape)
    host.release(x, square, loss, gradient)
    #expect(host.runtime.handleCount == 0)
  }

  @Test("the same seed and counter drop the same elements, others drop others")
  func randomness() throws {
    let x = try host.tensor([Float](repeating: 1, count: 256), [256])
    func dropped(seed: UInt64, counter: UInt64) throws -> [Float] {
      var rate = cadre_attr_dropout(
        size: UInt32(CADRE_END_cadre_attr_dropout_rate), reserved: 0, rate: 0.5)
      var context = cadre_op_context()
      context.size = UInt32(CADRE_END_cadre_op_context_device)
      context.seed = seed
      context.counter = counter
      var input = x
      var output: OpaquePointer?
      let failure = withUnsafePointer(to: &input) { input in
        withUnsafeMutablePointer(to: &output) { output in
          withUnsafePointer(to: &rate) { rate in
            var request = cadre_op_request(
              size: UInt32(CADRE_END_cadre_op_request_outputs), input_count: 1, inputs: input,
              attributes: rate, output_count: 1, reserved: 0, outputs: output)
            return ops.run(host.pointer, &context, host.find("dropout"), &request)
          }
        }
      }
      try check(failure)
      return try host.elements(output)
    }
    #expect(try dropped(seed: 1, counter: 0) == dropped(seed: 1, counter: 0))
    #expect(try dropped(seed: 1, counter: 0) != dropped(seed: 2, counter: 0))
    #expect(try dropped(seed: 1, counter: 0) != dropped(seed: 1, counter: 1000))
  }

  @Test("an imported tensor shares its memory, an exported one outlives its handle")
  func exchange() throws {
    let counter = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    counter.initialize(to: 0)
    defer { counter.deallocate() }
    var handle: OpaquePointer?
    try check(ops.import_dlpack(host.pointer, fixture_tensor([2], 1, 3, counter), &handle))
    var managed: UnsafeMutablePointer<DLManagedTensorVersioned>?
    try check(ops.export_dlpack(host.pointer, handle, &managed))
    host.release(handle)
    let given = try #require(managed)
    #expect(given.pointee.dl_tensor.data.load(as: Float.self) == 3)
    #expect(counter.pointee == 0)
    given.pointee.deleter(given)
    #expect(counter.pointee == 1)
    #expect(throws: ReceivedError.self) { try check(ops.import_dlpack(host.pointer, nil, &handle)) }
  }

  @Test("a tape recomputes what it was told to, keeps less meanwhile, and gives the same gradient")
  func recomputing() throws {
    func gradient(recomputed: Bool) throws -> (bytes: UInt64, elements: [Float]) {
      let x = try host.tensor([Float](repeating: 0.5, count: 64), [64])
      var tape: OpaquePointer?
      try check(tapes.begin(host.pointer, &tape))
      try check(tapes.watch(host.pointer, tape, x))
      if recomputed { try check(tapes.begin_recompute(host.pointer, tape)) }
      var y = try host.run("exp", [x], tape: tape)
      for _ in 0..<6 { y = try host.run("tanh", [y], tape: tape) }
      if recomputed { try check(tapes.end_recompute(host.pointer, tape)) }
      let loss = try host.run("sum", [y], tape: tape)
      var bytes: UInt64 = 0
      try check(tapes.saved_bytes(host.pointer, tape, &bytes))
      var wanted = x
      var gradient: OpaquePointer?
      try check(tapes.gradient(host.pointer, nil, tape, loss, &wanted, 1, &gradient))
      tapes.release(host.pointer, tape)
      return (bytes, try host.elements(gradient))
    }
    let (plain, again) = (try gradient(recomputed: false), try gradient(recomputed: true))
    #expect(plain.elements == again.elements)
    #expect(again.bytes * 2 < plain.bytes)
    host.runtime.releaseAll()
  }

  @Test("segments that do not match, and NULL, are errors")
  func brokenSegments() throws {
    var tape: OpaquePointer?
    var bytes: UInt64 = 0
    try check(tapes.begin(host.pointer, &tape))
    #expect(throws: ReceivedError.self) { try check(tapes.end_recompute(host.pointer, tape)) }
    try check(tapes.begin_recompute(host.pointer, tape))
    let error = try #require(throws: ReceivedError.self) {
      try check(tapes.begin_recompute(host.pointer, tape))
    }
    #expect(error.code == UInt32(CADRE_FAILED_PRECONDITION))
    try check(tapes.end_recompute(host.pointer, tape))
    #expect(throws: ReceivedError.self) { try check(tapes.saved_bytes(host.pointer, tape, nil)) }
    tapes.release(host.pointer, tape)
    for call in [tapes.begin_recompute, tapes.end_recompute] {
      #expect(throws: ReceivedError.self) { try check(call?(host.pointer, tape)) }
    }
    #expect(throws: ReceivedError.self) { try check(tapes.saved_bytes(nil, tape, &bytes)) }
  }
}
