import CadreABI
import TensorCore

/// One call of `cadre_ops.run` that takes the short way.
enum DirectCall {
  /// Runs the operation where it has a short way and the call asks for nothing special.
  ///
  /// Nothing on this way counts references but the result's own: each would cost as much as a tenth of
  /// the whole call.
  ///
  /// - Returns: false where it does not: nothing has been done then, errors of the caller included.
  @inline(__always)
  static func run(
    _ runtime: OpRuntime, _ context: UnsafePointer<cadre_op_context>?, _ op: OpaquePointer?,
    _ request: UnsafeMutablePointer<cadre_op_request>?
  ) throws -> Bool {
    guard let direct = runtime.direct(op), let request,
      request.pointee.size >= UInt32(CADRE_END_cadre_op_request_outputs),
      Int(request.pointee.input_count) == direct.inputCount, request.pointee.output_count == 1,
      request.pointee.attributes == nil, let inputs = request.pointee.inputs,
      let outputs = request.pointee.outputs, isPlain(context)
    else { return false }
    let stated = context.map { Int($0.pointee.threads) } ?? 0
    let threads = stated == 0 ? runtime.threadLimit : min(stated, runtime.threadLimit)
    return try runtime.quick.tensors._withUnsafeGuaranteedRef { tensors in
      let pinned =
        direct.inputCount == 2 ? tensors.pin(inputs[0], inputs[1]) : tensors.pin(inputs[0])
      guard let pins = pinned else { return false }
      let result: Unmanaged<Tensor>
      do {
        result = try runtime.quick.contexts._withUnsafeGuaranteedRef {
          try $0.withContext(threads: threads) { .passRetained(try compute(direct, pins, $0)) }
        }
      } catch {
        _ = tensors.unpin(pins, inserting: nil)
        throw error
      }
      outputs.pointee = tensors.unpin(pins, inserting: result)
      return true
    }
  }

  @inline(__always)
  private static func compute(
    _ direct: DirectOp, _ pins: HandleTable<Tensor>.Pins, _ context: ComputeContext
  ) throws -> Tensor {
    try pins.first.element._withUnsafeGuaranteedRef { a in
      guard let second = pins.second else { return try direct.run(a, nil, context) }
      return try second.element._withUnsafeGuaranteedRef { try direct.run(a, $0, context) }
    }
  }

  /// Whether a context names neither tape nor arena nor device; a short one takes the long way.
  @inline(__always)
  private static func isPlain(_ context: UnsafePointer<cadre_op_context>?) -> Bool {
    guard let context else { return true }
    return context.pointee.size >= UInt32(CADRE_END_cadre_op_context_device)
      && context.pointee.tape == nil && context.pointee.arena == nil
      && context.pointee.device.size == 0
  }
}
