import CadreABI
import OpBridge
import TensorCore

/// A host with operations and nothing else, as an agent's code sees it.
///
/// `@unchecked Sendable`: all of it is constant, and the functions of the op table take calls from any thread.
final class TestHost: @unchecked Sendable {
  let runtime: OpRuntime
  let pointer: UnsafeMutablePointer<cadre_host>
  private let anchor: Unmanaged<HostAnchor>

  private final class Owner: Sendable {}

  init(memory: MemoryAccount = MemoryAccount(), threads: Int = 1) {
    runtime = OpRuntime(memory: memory, threadLimit: threads)
    anchor = .passRetained(HostAnchor(ops: runtime, owner: Owner()))
    pointer = .allocate(capacity: 1)
    var host = cadre_host()
    host.size = UInt32(CADRE_END_cadre_host_extension)
    host.data = anchor.toOpaque()
    host.extension = { _, id in
      guard let data = id.data else { return nil }
      let bytes = UnsafeRawBufferPointer(start: data, count: Int(id.size))
      switch String(decoding: bytes, as: UTF8.self) {
      case CADRE_OPS_ID: return UnsafeRawPointer(OpTable.pointer)
      case CADRE_TAPE_ID: return UnsafeRawPointer(TapeTable.pointer)
      case CADRE_POOL_ID: return UnsafeRawPointer(PoolTable.pointer)
      default: return nil
      }
    }
    pointer.initialize(to: host)
  }

  deinit {
    pointer.deallocate()
    anchor.release()
  }

  /// A tensor of floats.
  func tensor(_ elements: [Float], _ shape: [Int64]) throws -> OpaquePointer? {
    var out: OpaquePointer?
    try check(
      elements.withUnsafeBytes { bytes in
        shape.withUnsafeBufferPointer { shape in
          var spec = cadre_tensor_spec(
            size: UInt32(CADRE_END_cadre_tensor_spec_elements), dtype: UInt32(CADRE_F32),
            shape: shape.baseAddress, rank: UInt64(shape.count), elements: bytes.baseAddress)
          return OpTable.pointer.pointee.create(pointer, &spec, &out)
        }
      })
    return out
  }

  /// A tensor of zeros.
  func zeros(_ dtype: DType, _ shape: [Int64]) throws -> OpaquePointer? {
    var out: OpaquePointer?
    try check(
      shape.withUnsafeBufferPointer { shape in
        var spec = cadre_tensor_spec(
          size: UInt32(CADRE_END_cadre_tensor_spec_elements), dtype: dtype.abi,
          shape: shape.baseAddress, rank: UInt64(shape.count), elements: nil)
        return OpTable.pointer.pointee.create(pointer, &spec, &out)
      })
    return out
  }

  /// Runs an operation with one output.
  func run(
    _ name: String, _ inputs: [OpaquePointer?], attributes: UnsafeRawPointer? = nil,
    outputs count: Int = 1, tape: OpaquePointer? = nil
  ) throws -> OpaquePointer? {
    try runAll(name, inputs, attributes: attributes, outputs: count, tape: tape).first ?? nil
  }

  /// Runs an operation.
  func runAll(
    _ name: String, _ inputs: [OpaquePointer?], attributes: UnsafeRawPointer? = nil,
    outputs count: Int, tape: OpaquePointer? = nil
  ) throws -> [OpaquePointer?] {
    var outputs = [OpaquePointer?](repeating: nil, count: count)
    var context = cadre_op_context()
    context.size = UInt32(CADRE_END_cadre_op_context_device)
    context.tape = tape
    let failure = inputs.withUnsafeBufferPointer { inputs in
      outputs.withUnsafeMutableBufferPointer { outputs in
        var request = cadre_op_request(
          size: UInt32(CADRE_END_cadre_op_request_outputs), input_count: UInt32(inputs.count),
          inputs: inputs.baseAddress, attributes: attributes, output_count: UInt32(count),
          reserved: 0, outputs: outputs.baseAddress)
        return OpTable.pointer.pointee.run(pointer, &context, find(name), &request)
      }
    }
    try check(failure)
    return outputs
  }

  /// What is known of a tensor.
  func spec(_ tensor: OpaquePointer?) throws -> TensorSpec {
    var info = cadre_tensor_info()
    info.size = UInt32(CADRE_END_cadre_tensor_info_byte_count)
    try check(OpTable.pointer.pointee.info(pointer, tensor, &info))
    return try TensorSpec(abi: info.dtype, shape: info.shape, rank: info.rank, place: "test")
  }

  /// Asks which outputs an operation would give.
  func infer(
    _ name: String, _ inputs: [TensorSpec], attributes: UnsafeRawPointer? = nil, room: Int = 8
  ) throws -> [TensorSpec] {
    func lengths(_ shape: inout cadre_tensor_shape, _ spec: TensorSpec) {
      shape.dtype = spec.dtype.abi
      shape.rank = UInt64(spec.shape.rank)
      withUnsafeMutableBytes(of: &shape.lengths) { bytes in
        for axis in 0..<spec.shape.rank {
          bytes.storeBytes(of: Int64(spec.shape[axis]), toByteOffset: 8 * axis, as: Int64.self)
        }
      }
    }
    let count = inputs.count + room
    let shapes = UnsafeMutablePointer<cadre_tensor_shape>.allocate(capacity: max(count, 1))
    defer { shapes.deallocate() }
    for index in 0..<count {
      var shape = cadre_tensor_shape()
      shape.size = UInt32(CADRE_END_cadre_tensor_shape_lengths)
      if index < inputs.count { lengths(&shape, inputs[index]) }
      (shapes + index).initialize(to: shape)
    }
    let given = (0..<inputs.count).map { Optional(UnsafePointer(shapes + $0)) }
    let found = (inputs.count..<count).map { Optional(shapes + $0) }
    var answered: UInt32 = 0
    let failure = given.withUnsafeBufferPointer { given in
      found.withUnsafeBufferPointer { found in
        var signature = cadre_op_signature(
          size: UInt32(CADRE_END_cadre_op_signature_outputs), input_count: UInt32(inputs.count),
          inputs: given.baseAddress, attributes: attributes, output_count: UInt32(room),
          reserved: 0, outputs: found.baseAddress)
        let failure = OpTable.pointer.pointee.infer(pointer, find(name), &signature)
        answered = signature.output_count
        return failure
      }
    }
    try check(failure)
    return try (0..<min(Int(answered), room)).map { index in
      let shape = shapes + inputs.count + index
      return try withUnsafeBytes(of: shape.pointee.lengths) { bytes in
        try TensorSpec(
          abi: shape.pointee.dtype, shape: bytes.bindMemory(to: Int64.self).baseAddress,
          rank: shape.pointee.rank, place: "test")
      }
    }
  }

  func find(_ name: String, version: UInt32 = 1) -> OpaquePointer? {
    name.utf8CString.withUnsafeBufferPointer {
      OpTable.pointer.pointee.find(
        pointer, cadre_str(data: $0.baseAddress, size: UInt64($0.count - 1)), version)
    }
  }

  func elements(_ tensor: OpaquePointer?) throws -> [Float] {
    var info = cadre_tensor_info()
    info.size = UInt32(CADRE_END_cadre_tensor_info_byte_count)
    try check(OpTable.pointer.pointee.info(pointer, tensor, &info))
    let count = Int(info.byte_count) / MemoryLayout<Float>.size
    guard let data = info.data else { return [] }
    return Array(
      UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count))
  }

  func release(_ tensors: OpaquePointer?...) {
    for tensor in tensors { OpTable.pointer.pointee.release(pointer, tensor) }
  }
}

/// An error object, read as a receiver reads it.
struct ReceivedError: Error, Equatable {
  let code: UInt32
  let message: String
  let place: String
}

func text(_ string: cadre_str) -> String {
  guard let data = string.data else { return "" }
  return String(
    decoding: UnsafeRawBufferPointer(start: data, count: Int(string.size)), as: UTF8.self)
}

/// Throws the error, released, where there is one.
func check(_ error: UnsafeMutablePointer<cadre_error>?) throws {
  guard let error else { return }
  let received = ReceivedError(
    code: error.pointee.code(error), message: text(error.pointee.message(error)),
    place: text(error.pointee.where(error)))
  error.pointee.release(error)
  throw received
}
