import Autodiff
import CadreABI
import TensorCore

/// One call of `cadre_ops.run`.
struct OpCall {
  let runtime: OpRuntime
  let definition: OpDefinition
  let request: UnsafeMutablePointer<cadre_op_request>

  /// Checks the call, runs the operation and gives the results out.
  static func run(
    _ runtime: OpRuntime, _ context: UnsafePointer<cadre_op_context>?, _ op: OpaquePointer?,
    _ request: UnsafeMutablePointer<cadre_op_request>?
  ) throws {
    guard let definition = runtime.operations.find(op) else { throw noOperation(op, "run") }
    guard let request, request.pointee.size >= UInt32(CADRE_END_cadre_op_request_outputs) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, definition.id,
        "the request is NULL, or its size is below CADRE_END_cadre_op_request_outputs")
    }
    let call = OpCall(runtime: runtime, definition: definition, request: request)
    try call.run(in: OpCallContext(context, runtime: runtime, op: definition))
  }

  static func noOperation(_ handle: OpaquePointer?, _ function: String) -> BridgeError {
    BridgeError(
      CADRE_INVALID_ARGUMENT, "cadre_ops.\(function)",
      handle == nil ? "the op is NULL; `find` did not know it" : "the op is none that `find` gave")
  }

  private func run(in call: OpCallContext) throws {
    let inputs = try self.inputs()
    let attributes = try AttributeDecoder.decode(request.pointee.attributes, for: definition)
    let count = definition.outputCount(for: attributes)
    guard Int(request.pointee.output_count) == count else { throw wrongRoom(count) }
    guard let outputs = request.pointee.outputs else {
      guard count == 0 else {
        throw BridgeError(CADRE_INVALID_ARGUMENT, definition.id, "the request's outputs are NULL")
      }
      _ = try results(inputs, attributes, call)
      return
    }
    if definition.outputs == .exactly(1) {
      outputs.pointee = try runtime.handle(result(inputs, attributes, call))
    } else {
      let handles = try runtime.handles(for: results(inputs, attributes, call))
      for (index, handle) in handles.enumerated() { outputs[index] = handle }
    }
  }

  private func result(
    _ inputs: [Tensor], _ attributes: OpAttributes, _ call: OpCallContext
  ) throws -> Tensor {
    try runtime.contexts.withContext(threads: call.threads(atMost: runtime.threadLimit)) {
      context in
      context.generator = call.generator
      guard let box = call.tape else {
        return try definition.runSingle(inputs, attributes: attributes, context: context)
      }
      return try box.withTape(definition.id) {
        try definition.runSingle(inputs, attributes: attributes, context: context, tape: $0)
      }
    }
  }

  private func results(
    _ inputs: [Tensor], _ attributes: OpAttributes, _ call: OpCallContext
  ) throws -> [Tensor] {
    try runtime.contexts.withContext(threads: call.threads(atMost: runtime.threadLimit)) {
      context in
      context.generator = call.generator
      guard let box = call.tape else {
        return try definition.run(inputs, attributes: attributes, context: context)
      }
      return try box.withTape(definition.id) {
        try definition.run(inputs, attributes: attributes, context: context, tape: $0)
      }
    }
  }

  private func inputs() throws -> [Tensor] {
    let count = Int(request.pointee.input_count)
    guard let handles = request.pointee.inputs, count > 0 else {
      if count > 0 { throw missingInputs() }
      return []
    }
    guard count <= definition.inputCount.upperBound else { throw tooManyInputs(count) }
    var tensors: [Tensor] = []
    tensors.reserveCapacity(count)
    for index in 0..<count {
      guard let tensor = runtime.tensors.find(handles[index]) else { throw noInput(index) }
      tensors.append(tensor)
    }
    return tensors
  }

  @inline(never)
  private func noInput(_ index: Int) -> BridgeError {
    OpRuntime.noTensor(request.pointee.inputs[index], "\(definition.id), input \(index)")
  }

  @inline(never)
  private func missingInputs() -> BridgeError {
    BridgeError(CADRE_INVALID_ARGUMENT, definition.id, "the request's inputs are NULL")
  }

  @inline(never)
  private func tooManyInputs(_ count: Int) -> BridgeError {
    BridgeError(
      CADRE_INVALID_ARGUMENT, definition.id,
      "takes at most \(definition.inputCount.upperBound) inputs, got \(count)")
  }

  @inline(never)
  private func wrongRoom(_ count: Int) -> BridgeError {
    BridgeError(
      CADRE_INVALID_ARGUMENT, definition.id,
      "gives \(count) outputs, the request has room for \(request.pointee.output_count)")
  }
}
