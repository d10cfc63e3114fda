import Autodiff
import CadreABI
import Synchronization
import TensorCore

/// The C functions of an operation that an agent defined, called with handles of that agent.
///
/// `@unchecked Sendable`: all fields are constant. The ABI tags `infer` as `[any]`, the others as
/// `[job]`, and the functions and `data` live until the agent is closed, which `isClosed` guards.
final class PluginFunctions: @unchecked Sendable {
  typealias Failure = UnsafeMutablePointer<cadre_error>
  typealias Infer =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<cadre_host>?,
      UnsafeMutablePointer<cadre_op_signature>?
    ) -> Failure?
  typealias Compute =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<cadre_host>?, UnsafePointer<cadre_op_context>?,
      UnsafeMutablePointer<cadre_op_request>?
    ) -> Failure?

  private let id: String
  private let outputCount: Int
  private let host: UnsafePointer<cadre_host>?
  private let data: UnsafeMutableRawPointer?
  private let inferring: Infer
  private let forward: Compute
  private let tensors: HandleTable<Tensor>
  private let isClosed = Atomic<Bool>(false)

  init(
    id: String, outputCount: Int, host: UnsafePointer<cadre_host>?, data: UnsafeMutableRawPointer?,
    infer: @escaping Infer, forward: @escaping Compute,
    tensors: HandleTable<Tensor>
  ) {
    self.id = id
    self.outputCount = outputCount
    self.host = host
    self.data = data
    inferring = infer
    self.forward = forward
    self.tensors = tensors
  }

  func close() { isClosed.store(true, ordering: .sequentiallyConsistent) }

  /// Asks for element types and shapes.
  func infer(_ inputs: [TensorSpec], _ attributes: OpAttributes) throws -> [TensorSpec] {
    try requireOpen()
    var inputs = inputs.map(\.boundary)
    var empty = cadre_tensor_shape()
    empty.size = UInt32(CADRE_END_cadre_tensor_shape_lengths)
    var outputs = [cadre_tensor_shape](repeating: empty, count: outputCount)
    var stated = UInt32(outputCount)
    let failure = withAddresses(of: &inputs) { inputs in
      withAddresses(of: &outputs) { outputs in
        attributes.withBytes { attributes in
          let inputs = inputs.map { UnsafePointer($0) }
          return inputs.withUnsafeBufferPointer { inputs in
            outputs.withUnsafeBufferPointer { outputs in
              var signature = cadre_op_signature(
                size: UInt32(CADRE_END_cadre_op_signature_outputs),
                input_count: UInt32(inputs.count), inputs: inputs.baseAddress,
                attributes: attributes, output_count: stated, reserved: 0,
                outputs: outputs.baseAddress)
              let failure = inferring(data, host, &signature)
              stated = signature.output_count
              return failure
            }
          }
        }
      }
    }
    try check(failure)
    guard Int(stated) == outputCount else {
      throw broken("states \(outputCount) outputs and infers \(stated)")
    }
    return try outputs.indices.map { index in
      do {
        return try withUnsafePointer(to: outputs[index]) { try TensorSpec($0, place: id) }
      } catch {
        throw broken("infers an output \(index) that cannot be: \(error)")
      }
    }
  }

  /// Computes the outputs, which must be those that were inferred.
  func run(_ call: OpInvocation) throws -> OpResult {
    let expected = try infer(call.inputs.map(\.spec), call.attributes)
    let outputs = try self.call(
      forward, call.inputs, outputs: outputCount, call.attributes, in: call.context)
    let results = try zip(outputs, expected).enumerated().map { index, pair in
      guard let output = pair.0 else { throw broken("gave no output \(index)") }
      guard output.spec == pair.1 else {
        throw broken("gave \(output.spec) as output \(index) and had inferred \(pair.1)")
      }
      return output
    }
    return OpResult(results, saved: call.isRecorded ? call.inputs + results : [])
  }

  /// Computes the inputs' gradients from what `run` saved.
  func pullBack(_ pullback: OpPullback, by backward: Compute) throws -> [Tensor?] {
    let gradients = try call(
      backward, pullback.saved + pullback.outputGradients, outputs: pullback.inputs.count,
      pullback.attributes, in: pullback.context)
    return zip(gradients, pullback.needsGradient).map { $1 ? $0 : nil }
  }

  /// Calls a function with handles of its own, and takes over those that it gives.
  private func call(
    _ function: Compute, _ inputs: [Tensor?], outputs count: Int, _ attributes: OpAttributes,
    in context: ComputeContext
  ) throws -> [Tensor?] {
    try requireOpen()
    let handles = try inputs.map { input in
      try input.flatMap { tensors.insert(try $0.contiguous()) }
    }
    defer { for handle in handles { tensors.release(handle) } }
    var given = [OpaquePointer?](repeating: nil, count: count)
    var place = cadre_op_context()
    place.size = UInt32(CADRE_END_cadre_op_context_device)
    place.threads = UInt32(clamping: context.threadLimit)
    place.seed = context.generator.seed
    place.counter = context.generator.counter
    let failure = handles.withUnsafeBufferPointer { handles in
      given.withUnsafeMutableBufferPointer { given in
        attributes.withBytes { attributes in
          var request = cadre_op_request(
            size: UInt32(CADRE_END_cadre_op_request_outputs), input_count: UInt32(handles.count),
            inputs: handles.baseAddress, attributes: attributes, output_count: UInt32(count),
            reserved: 0, outputs: given.baseAddress)
          return function(data, host, &place, &request)
        }
      }
    }
    try check(failure)
    // All are looked up before the first is released: one handle may have been given twice.
    let found = given.map { tensors.find($0) }
    for handle in given { tensors.release(handle) }
    for index in given.indices where given[index] != nil && found[index] == nil {
      throw broken("gave as output \(index) a handle that is none of this agent's")
    }
    return found
  }

  private func requireOpen() throws {
    guard !isClosed.load(ordering: .sequentiallyConsistent) else { throw PluginOp.closed(id) }
  }

  /// Throws what the agent's function returned, released.
  private func check(_ failure: Failure?) throws {
    guard let failure else { return }
    throw BridgeError(taking: failure, place: id)
  }

  private func broken(_ what: String) -> BridgeError { BridgeError(CADRE_INTERNAL, id, what) }
}

extension OpAttributes {
  /// The bytes of an opaque struct as an aligned struct again, borrowed during the call; NULL for none.
  fileprivate func withBytes<Result>(_ body: (UnsafeRawPointer?) -> Result) -> Result {
    guard case .opaque(let bytes) = self, !bytes.isEmpty else { return body(nil) }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    return body(UnsafeRawPointer(copy.baseAddress))
  }
}

/// The addresses of all elements, borrowed during the call.
private func withAddresses<Element, Result>(
  of elements: inout [Element], _ body: ([UnsafeMutablePointer<Element>?]) -> Result
) -> Result {
  elements.withUnsafeMutableBufferPointer { buffer in
    body(buffer.indices.map { index in buffer.baseAddress.map { $0 + index } })
  }
}
