import CadreABI
import OpBridge
import TensorCore

/// A host with operations and nothing else, as an agent's code sees it.
final class TestHost {
  let runtime: OpRuntime
  let pointer: UnsafeMutablePointer<cadre_host>
  private let anchor: Unmanaged<HostAnchor>

  private final class Owner: Sendable {}

  init(memory: MemoryAccount = MemoryAccount()) {
    runtime = OpRuntime(memory: memory)
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

  /// Runs an operation with one output.
  func run(
    _ name: String, _ inputs: [OpaquePointer?], attributes: UnsafeRawPointer? = nil,
    outputs count: Int = 1, tape: OpaquePointer? = nil
  ) throws -> OpaquePointer? {
    var outputs = [OpaquePointer?](repeating: nil, count: max(count, 1))
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
    return outputs[0]
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
