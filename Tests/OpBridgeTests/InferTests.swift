import Autodiff
import CadreABI
import OpBridge
import TensorCore
import Testing

@Suite("cadre_ops.infer")
struct InferTests {
  private let host = TestHost()

  /// Inputs that fit, of every operation; two pictures of shape and type where one says too little.
  private func samples(_ op: OpDefinition) throws -> [[TensorSpec]] {
    func spec(_ dtype: DType, _ lengths: Int...) throws -> TensorSpec {
      TensorSpec(dtype, try Shape(lengths))
    }
    let x = try spec(.f32, 2, 3)
    switch op.name {
    case "where": return [[try spec(.bool, 3), x, try spec(.f32, 2, 1)]]
    case "matmul":
      return [[x, try spec(.f32, 3, 4)], [try spec(.f64, 5, 2, 3), try spec(.f64, 3, 1)]]
    case "linear":
      return [[x, try spec(.f32, 3, 4)], [x, try spec(.f32, 3, 4), try spec(.f32, 4)]]
    case "cross_entropy": return [[x, try spec(.i64, 2)]]
    case "log_pool": return [[try spec(.f32, 4, 2, 3), try spec(.f32, 4)]]
    case "layer_norm": return [[x], [x, try spec(.f32, 3), try spec(.f32, 3)]]
    case "rms_norm": return [[x], [x, try spec(.f32, 3)]]
    case "embedding": return [[x, try spec(.i32, 5, 1)], [try spec(.i64, 4), try spec(.i64, 2)]]
    case "gather": return [[x, try spec(.i64, 2, 5)]]
    case "scatter_add": return [[x, try spec(.i64, 2, 5), try spec(.f32, 2, 5)]]
    case "embedding_bag":
      return [[x, try spec(.i32, 0), try spec(.i32, 3), try spec(.f32, 0)]]
    case "concat", "stack", "norm", "clip_norm": return [[x], [x, x, x]]
    case "sgd_step", "accumulate": return [[x, x]]
    case "adam_step": return [[x, x, x, x]]
    default:
      let pair = op.inputCount.lowerBound == 2
      return pair
        ? [[x, try spec(.f32, 3)], [try spec(.f64, 4, 1), try spec(.f64, 5)]]
        : [[x], [try spec(.f64, 4, 1, 2)]]
    }
  }

  /// Attributes without which an operation means nothing.
  private func withAttributes<Result>(
    _ name: String, _ spec: TensorSpec, _ body: (UnsafeRawPointer?) throws -> Result
  ) rethrows -> Result {
    let lengths = spec.shape.dimensions.map(Int64.init) + [0]
    let rank = UInt64(lengths.count - 1)
    return try lengths.withUnsafeBufferPointer { lengths in
      switch name {
      case "reshape", "broadcast":
        var shape = cadre_attr_shape(
          size: UInt32(CADRE_END_cadre_attr_shape_rank), reserved: 0, lengths: lengths.baseAddress,
          rank: rank)
        return try body(&shape)
      case "split":
        var split = cadre_attr_split(
          size: UInt32(CADRE_END_cadre_attr_split_count), reserved: 0, axis: 0,
          lengths: lengths.baseAddress, count: 1)
        return try body(&split)
      case "pad":
        var pad = cadre_attr_pad(
          size: UInt32(CADRE_END_cadre_attr_pad_value), reserved: 0, before: lengths.baseAddress,
          after: lengths.baseAddress, rank: rank, value: 0)
        return try body(&pad)
      default: return try body(nil)
      }
    }
  }

  @Test("inference says what running gives, for every operation")
  func agreement() throws {
    for op in OpRegistry.standard.all {
      for inputs in try samples(op) {
        let what = "\(op.id) of \(inputs)"
        let handles = try inputs.map { spec in
          try host.zeros(spec.dtype, spec.shape.dimensions.map(Int64.init))
        }
        try withAttributes(op.name, inputs[0]) { attributes in
          let inferred = try host.infer(op.name, inputs, attributes: attributes)
          let outputs = try host.runAll(
            op.name, handles, attributes: attributes, outputs: inferred.count)
          #expect(try outputs.map { try host.spec($0) } == inferred, "\(what)")
        }
        host.runtime.releaseAll()
      }
    }
  }

  @Test("inference fails as running does")
  func failing() throws {
    let (a, b) = (TensorSpec(.f32, try Shape([2, 3])), TensorSpec(.f32, try Shape([2, 2])))
    let x = try host.zeros(.f32, [2, 3])
    let y = try host.zeros(.f32, [2, 2])
    for name in ["matmul", "add", "stack", "cross_entropy"] {
      let inferred = #expect(throws: ReceivedError.self) { try host.infer(name, [a, b]) }
      let ran = #expect(throws: ReceivedError.self) { try host.run(name, [x, y]) }
      #expect(inferred == ran, "\(name)")
    }
    #expect(throws: ReceivedError.self) { try host.infer("add", [a]) }
  }

  @Test("more outputs than there is room for are counted and not written")
  func room() throws {
    let x = TensorSpec(.f32, try Shape([4, 3]))
    #expect(try host.infer("sort", [x], room: 1).count == 1)
    #expect(try host.infer("sort", [x], room: 0).isEmpty)
    var signature = cadre_op_signature()
    signature.size = UInt32(CADRE_END_cadre_op_signature_outputs)
    var shape = cadre_tensor_shape()
    shape.size = UInt32(CADRE_END_cadre_tensor_shape_lengths)
    shape.dtype = UInt32(CADRE_F32)
    shape.rank = 1
    shape.lengths.0 = 4
    let answered: UInt32 = try withUnsafePointer(to: shape) { input in
      var inputs: UnsafePointer<cadre_tensor_shape>? = input
      return try withUnsafeMutablePointer(to: &inputs) { inputs in
        signature.inputs = UnsafePointer(inputs)
        signature.input_count = 1
        try check(OpTable.pointer.pointee.infer(host.pointer, host.find("sort"), &signature))
        return signature.output_count
      }
    }
    #expect(answered == 2)
  }

  @Test("what is no signature, and what is no shape, is refused")
  func refused() throws {
    let infer = OpTable.pointer.pointee.infer
    var signature = cadre_op_signature()
    #expect(throws: ReceivedError.self) { try check(infer?(host.pointer, host.find("add"), nil)) }
    #expect(throws: ReceivedError.self) {
      try check(infer?(host.pointer, host.find("add"), &signature))
    }
    signature.size = UInt32(CADRE_END_cadre_op_signature_outputs)
    #expect(throws: ReceivedError.self) { try check(infer?(host.pointer, nil, &signature)) }
    signature.input_count = 2
    #expect(throws: ReceivedError.self) {
      try check(infer?(host.pointer, host.find("add"), &signature))
    }
    var shape = cadre_tensor_shape()
    for (size, dtype, rank) in [
      (CADRE_END_cadre_tensor_shape_rank, CADRE_F32, 1),
      (CADRE_END_cadre_tensor_shape_lengths, 99, 1),
      (CADRE_END_cadre_tensor_shape_lengths, CADRE_F32, 9),
    ] {
      shape.size = UInt32(size)
      shape.dtype = UInt32(dtype)
      shape.rank = UInt64(rank)
      withUnsafePointer(to: shape) { shape in
        [Optional(shape)].withUnsafeBufferPointer { inputs in
          signature.input_count = 1
          signature.inputs = inputs.baseAddress
          #expect(throws: ReceivedError.self) {
            try check(infer?(host.pointer, host.find("exp"), &signature))
          }
        }
      }
    }
  }
}
