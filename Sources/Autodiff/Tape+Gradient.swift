import TensorCore

extension Tape {
  /// Gradients of a loss, by one walk backwards over what was recorded.
  ///
  /// Spends the tape. Values that were saved are freed as soon as the walk has passed them, and
  /// gradients of intermediate results as soon as they were used.
  ///
  /// - Parameters:
  ///   - loss: an f32 or f64 tensor of one element, computed with this tape.
  ///   - variables: watched tensors.
  ///   - context: kernels and memory.
  /// - Returns: one gradient a variable, dense, of its shape and in memory of its own; zeros where
  ///   the loss does not depend on it.
  /// - Throws: `AutodiffError` when the tape is spent, a segment of recomputation is open, the loss
  ///   is no recorded scalar, a variable was not watched, an operation on the way has no gradient,
  ///   or a saved value was overwritten.
  public func gradient(
    of loss: Tensor, withRespectTo variables: [Tensor], context: ComputeContext
  ) throws -> [Tensor] {
    try requireFresh("gradient")
    guard segment == nil else {
      throw AutodiffError(
        .unbalancedRecompute, op: "gradient",
        message: "a segment of recomputation is open; end it before asking for gradients")
    }
    let lossSlot = try slot(ofLoss: loss)
    let wanted = try slots(ofVariables: variables)
    let lossGradient =
      try loss.dtype == .f64
      ? Tensor.full(1.0, loss.shape.dimensions, account: context.memory)
      : Tensor.full(Float(1), loss.shape.dimensions, account: context.memory)
    isSpent = true
    // The walk holds the only reference to the nodes, so that it can free them as it goes.
    var recorded: [Node] = []
    swap(&recorded, &nodes)
    slots = [:]
    var walk = BackwardWalk(
      consume recorded, slotCount: isWatched.count, wanted: wanted, loss: lossSlot,
      lossGradient: lossGradient, context: context)
    try walk.run()
    var given: Set<ObjectIdentifier> = []
    return try zip(variables, wanted).map { variable, slot in
      guard let gradient = walk.gradient(of: slot) else {
        return try .zeros(variable.spec, account: context.memory)
      }
      // Two variables may have got one tensor (`a + b`), which must not be clipped twice in place.
      let isOwn = given.insert(ObjectIdentifier(gradient.storage)).inserted
      if isOwn { return try gradient.contiguous(account: context.memory) }
      return try elementwise(.scale, gradient, alpha: 1, context: context)
    }
  }

  private func slot(ofLoss loss: Tensor) throws(AutodiffError) -> Int {
    guard loss.dtype == .f32 || loss.dtype == .f64, loss.shape.elementCount == 1 else {
      throw AutodiffError(
        .notScalar, op: "gradient",
        message: "the loss must be one f32 or f64 number, got \(loss); sum or average it first")
    }
    guard let slot = slots[loss.id] else {
      throw AutodiffError(
        .notRecorded, op: "gradient",
        message: "the loss depends on no tensor that this tape watches; "
          + "watch the parameters before they are used, and name the tape in each operation")
    }
    return slot
  }

  private func slots(ofVariables variables: [Tensor]) throws(AutodiffError) -> [Int] {
    var found: [Int] = []
    for (index, variable) in variables.enumerated() {
      guard let slot = slots[variable.id], isWatched[slot] else {
        throw AutodiffError(
          .notWatched, op: "gradient",
          message: "variable \(index), \(variable), was not watched; watch it before it is used")
      }
      found.append(slot)
    }
    return found
  }
}
