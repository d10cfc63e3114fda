import TensorCore

extension Tape {
  /// Gradients of a loss, by one walk backwards over what was recorded.
  ///
  /// Spends the tape. Values that were saved are freed as soon as the walk has passed them, and
  /// gradients of intermediate results as soon as they were used.
  ///
  /// - Parameters:
  ///   - loss: an f32 tensor of one element, computed with this tape.
  ///   - variables: watched tensors.
  ///   - context: kernels and memory.
  /// - Returns: one gradient a variable, of its shape; zeros where the loss does not depend on it.
  /// - Throws: `AutodiffError` when the tape is spent, the loss is no recorded scalar, a variable
  ///   was not watched, an operation on the way has no gradient, or a saved value was overwritten.
  public func gradient(
    of loss: Tensor, withRespectTo variables: [Tensor], context: ComputeContext
  ) throws -> [Tensor] {
    try requireFresh("gradient")
    try requireLoss(loss)
    try requireWatched(variables)
    let wanted = Set(variables.map(\.id))
    let useful = dependents(of: wanted)
    isSpent = true
    tracked = []
    defer { nodes = [] }
    var gradients: [UInt64: Tensor] = [
      loss.id: try .full(Float(1), loss.shape.dimensions, account: context.memory)
    ]
    while let node = nodes.popLast() {
      let outputGradients = node.outputIDs.map { id in
        wanted.contains(id) ? gradients[id] : gradients.removeValue(forKey: id)
      }
      let needs = zip(node.inputIDs, node.needsGradient).map { $1 && useful.contains($0) }
      guard needs.contains(true), outputGradients.contains(where: { $0 != nil }) else { continue }
      let results = try pullBack(node, outputGradients, needs: needs, context: context)
      for (index, gradient) in results.enumerated() where needs[index] {
        guard let gradient else { continue }
        let id = node.inputIDs[index]
        gradients[id] =
          try gradients[id].map { try add($0, gradient, context: context) } ?? gradient
      }
    }
    return try variables.map { try gradients[$0.id] ?? .zeros($0.spec, account: context.memory) }
  }

  /// All tensors that depend on one of the given: gradients need to flow through no other.
  private func dependents(of variables: Set<UInt64>) -> Set<UInt64> {
    var useful = variables
    for node in nodes
    where zip(node.inputIDs, node.needsGradient).contains(where: { $1 && useful.contains($0) }) {
      useful.formUnion(node.outputIDs)
    }
    return useful
  }

  private func pullBack(
    _ node: Node, _ outputGradients: [Tensor?], needs: [Bool], context: ComputeContext
  ) throws -> [Tensor?] {
    guard let vjp = node.op.vjp else {
      throw AutodiffError(
        .notDifferentiable, op: node.op.id,
        message: "has no gradient, and the loss depends on a watched tensor through it")
    }
    for saved in node.saved {
      if let tensor = saved.tensor, tensor.storage.version != saved.version {
        throw AutodiffError(
          .modifiedInPlace, op: node.op.id,
          message: "its gradient needs \(tensor), which was overwritten after it was recorded; "
            + "take gradients before stepping")
      }
    }
    let results = try vjp(
      OpPullback(
        inputs: node.inputs, saved: node.saved.map(\.tensor), attributes: node.attributes,
        outputGradients: outputGradients, needsGradient: needs, context: context))
    guard results.count == node.inputs.count else {
      throw AutodiffError(
        .brokenOp, op: node.op.id,
        message: "gave \(results.count) gradients for \(node.inputs.count) inputs")
    }
    for (index, gradient) in results.enumerated() where needs[index] {
      guard gradient == nil || gradient?.spec == node.inputs[index] else {
        throw AutodiffError(
          .brokenOp, op: node.op.id,
          message: "gave a gradient \(gradient?.description ?? "") for input \(index), "
            + "which is \(node.inputs[index])")
      }
    }
    return results
  }

  private func requireLoss(_ loss: Tensor) throws(AutodiffError) {
    guard loss.dtype == .f32, loss.shape.elementCount == 1 else {
      throw AutodiffError(
        .notScalar, op: "gradient",
        message: "the loss must be one f32 number, got \(loss); sum or average it first")
    }
    guard tracked.contains(loss.id) else {
      throw AutodiffError(
        .notRecorded, op: "gradient",
        message: "the loss depends on no tensor that this tape watches; "
          + "watch the parameters before they are used, and name the tape in each operation")
    }
  }

  private func requireWatched(_ variables: [Tensor]) throws(AutodiffError) {
    for (index, variable) in variables.enumerated() where !watched.contains(variable.id) {
      throw AutodiffError(
        .notWatched, op: "gradient",
        message: "variable \(index), \(variable), was not watched; watch it before it is used")
    }
  }
}
