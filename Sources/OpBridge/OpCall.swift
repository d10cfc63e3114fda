import Autodiff
import CadreABI
import TensorCore

/// Everything of a call that is not an operand, read from the C struct.
struct OpCallContext {
  private(set) var threads = 0
  private(set) var tape: TapeBox?
  private(set) var generator = PhiloxGenerator(seed: 0)

  /// Reads a context; NULL leaves everything to the host.
  ///
  /// - Parameters:
  ///   - op: the operation, for errors.
  ///   - recorded: whether the operation goes on the context's tape; where not, the tape is not looked at.
  init(
    _ context: UnsafePointer<cadre_op_context>?, runtime: OpRuntime, op: String,
    recorded: Bool = true
  ) throws {
    guard let context else { return }
    let size = Int(context.pointee.size)
    if size >= CADRE_END_cadre_op_context_threads {
      threads = Int(context.pointee.threads)
    }
    if recorded, size >= CADRE_END_cadre_op_context_tape, let handle = context.pointee.tape {
      tape = try runtime.tape(handle, op)
    }
    if size >= CADRE_END_cadre_op_context_counter {
      generator = PhiloxGenerator(seed: context.pointee.seed, counter: context.pointee.counter)
    }
    if size >= CADRE_END_cadre_op_context_arena, context.pointee.arena != nil {
      throw BridgeError(
        CADRE_UNIMPLEMENTED, op, "this host has one allocator; leave the context's arena NULL")
    }
    if size >= CADRE_END_cadre_op_context_device {
      let device = context.pointee.device.clampedBytes(16)
      guard device.isEmpty || device.elementsEqual("cpu".utf8) else {
        throw BridgeError(
          CADRE_UNIMPLEMENTED, op, "the only device is \"cpu\"; leave the context's device empty")
      }
    }
  }
}

/// One call of `cadre_ops.run`.
struct OpCall {
  let runtime: OpRuntime
  let definition: OpDefinition
  let request: UnsafeMutablePointer<cadre_op_request>

  func run(in call: OpCallContext) throws {
    let inputs = try self.inputs()
    let attributes = try AttributeDecoder.decode(request.pointee.attributes, for: definition)
    let outputs = request.pointee.outputs
    guard Int(request.pointee.output_count) == definition.outputCount else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, definition.id,
        "gives \(definition.outputCount) outputs, the request has room for "
          + "\(request.pointee.output_count)")
    }
    guard outputs != nil || definition.outputCount == 0 else {
      throw BridgeError(CADRE_INVALID_ARGUMENT, definition.id, "the request's outputs are NULL")
    }
    let results = try runtime.withContext(for: call) { context in
      guard let box = call.tape else {
        return try definition.run(inputs, attributes: attributes, context: context)
      }
      return try box.withTape {
        try definition.run(inputs, attributes: attributes, context: context, tape: $0)
      }
    }
    for (index, handle) in try runtime.handles(for: results).enumerated() {
      outputs?[index] = handle
    }
  }

  private func inputs() throws -> [Tensor] {
    let count = Int(request.pointee.input_count)
    guard count <= definition.inputCount.upperBound else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, definition.id,
        "takes at most \(definition.inputCount.upperBound) inputs, got \(count)")
    }
    guard count > 0 else { return [] }
    guard let handles = request.pointee.inputs else {
      throw BridgeError(CADRE_INVALID_ARGUMENT, definition.id, "the request's inputs are NULL")
    }
    return try (0..<count).map { index in
      try runtime.tensor(handles[index], "\(definition.id), input \(index)").tensor
    }
  }
}

extension TensorSpec {
  /// Element type and shape as the ABI states them.
  ///
  /// - Throws: `BridgeError` for an unknown type, a NULL shape or an absurd rank, `TensorError` for
  ///   a shape that cannot exist.
  public init(
    abi dtype: UInt32, shape: UnsafePointer<Int64>?, rank: UInt64, place: String
  ) throws {
    guard let known = DType(abi: dtype) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place, "the element type \(dtype) is none that tensors have")
    }
    guard rank <= UInt64(Shape.maximumRank) else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place, "\(rank) axes; at most \(Shape.maximumRank) are taken")
    }
    guard rank == 0 || shape != nil else {
      throw BridgeError(CADRE_INVALID_ARGUMENT, place, "the shape is NULL")
    }
    let lengths = (0..<Int(rank)).map { axis in shape.map { Int($0[axis]) } ?? 0 }
    let shape = try Shape(lengths, op: place)
    guard !shape.elementCount.multipliedReportingOverflow(by: known.byteSize).overflow else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, place, "the byte count of \(known)\(shape) overflows 64 bits")
    }
    self.init(known, shape)
  }
}
