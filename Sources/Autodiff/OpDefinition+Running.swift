import TensorCore

extension OpDefinition {
  /// Checks, computes and, with a tape, records the operation.
  ///
  /// - Parameters:
  ///   - inputs: the operands.
  ///   - attributes: of the operation's kind; `.none` for the defaults.
  ///   - context: kernels, memory, generator.
  ///   - tape: where to record; nil for no gradient.
  /// - Returns: the outputs, new tensors; empty for most operations that work in place.
  /// - Throws: `AutodiffError` for count, attributes or tape; `TensorError` for shapes, dtypes,
  ///   values and memory.
  public func run(
    _ inputs: [Tensor], attributes: OpAttributes = .none, context: ComputeContext,
    tape: Tape? = nil
  ) throws -> [Tensor] {
    try perform(inputs, attributes: attributes, context: context, tape: tape).outputs
  }

  /// Same as `run(_:attributes:context:tape:)`, for an operation of one output: no array is made.
  ///
  /// - Parameters:
  ///   - inputs: the operands.
  ///   - attributes: of the operation's kind; `.none` for the defaults.
  ///   - context: kernels, memory, generator.
  ///   - tape: where to record; nil for no gradient.
  /// - Precondition: `outputs` is `.exactly(1)`.
  public func runSingle(
    _ inputs: [Tensor], attributes: OpAttributes = .none, context: ComputeContext,
    tape: Tape? = nil
  ) throws -> Tensor {
    if tape == nil, let direct, case .none = attributes, inputCount.contains(inputs.count) {
      return try direct(inputs, defaultAttributes, context)
    }
    precondition(outputs == .exactly(1), "\(id) gives \(outputs), not one output")
    return try perform(inputs, attributes: attributes, context: context, tape: tape)[0]
  }

  private func perform(
    _ inputs: [Tensor], attributes: OpAttributes, context: ComputeContext, tape: Tape?
  ) throws -> OpResult {
    let attributes = try checked(inputs.count, attributes)
    if let tape {
      let slots = try tape.slots(of: inputs, op: self)
      if !slots.isEmpty {
        return try tape.run(self, inputs, slots: slots, attributes: attributes, context: context)
      }
    }
    return try compute(
      OpInvocation(inputs: inputs, attributes: attributes, context: context, flow: nil))
  }

  /// The forward computation, with its number of outputs checked.
  func compute(_ call: OpInvocation) throws -> OpResult {
    let result = try forward(call)
    let wanted = outputCount(for: call.attributes)
    guard result.count == wanted else {
      throw AutodiffError(
        .brokenOp, op: id, message: "states \(wanted) outputs and gave \(result.count)")
    }
    return result
  }
}
