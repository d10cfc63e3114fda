import TensorCore

/// One walk backwards over what a tape recorded.
///
/// Values that were saved are freed as soon as the walk has passed them, and gradients of
/// intermediate results as soon as they were used.
struct BackwardWalk {
  /// The gradient of a tensor as far as it is known.
  private struct Accumulator {
    var tensor: Tensor
    /// Whether the walk itself made the tensor by adding, so that nobody else can hold it.
    ///
    /// What a gradient computation gives may be shared: `add` gives one tensor for both inputs.
    var isOwned: Bool
  }

  /// What is left to walk over.
  var nodes: [Tape.Node]
  let context: ComputeContext
  /// For each slot whether its gradient was asked for.
  private let isWanted: [Bool]
  /// For each slot whether it depends on one of these: gradients need to flow through no other.
  private let useful: [Bool]
  private var gradients: [Accumulator?]

  init(
    _ nodes: [Tape.Node], slotCount: Int, wanted: [Int], loss: Int, lossGradient: Tensor,
    context: ComputeContext
  ) {
    var isWanted = [Bool](repeating: false, count: slotCount)
    for slot in wanted { isWanted[slot] = true }
    var useful = isWanted
    for node in nodes {
      for slot in node.inputSlots where slot != Tape.untracked && useful[slot] {
        for output in node.outputSlots { useful[output] = true }
        break
      }
    }
    self.nodes = nodes
    self.context = context
    self.isWanted = isWanted
    self.useful = useful
    gradients = [Accumulator?](repeating: nil, count: slotCount)
    gradients[loss] = Accumulator(tensor: lossGradient, isOwned: false)
  }

  /// Which inputs of a node gradients have to flow to.
  func flow(_ node: Tape.Node) -> GradientFlow {
    GradientFlow(slots: node.inputSlots, useful: useful)
  }

  /// The gradient of a slot, once the walk is done; nil where the loss does not depend on it.
  func gradient(of slot: Int) -> Tensor? { gradients[slot]?.tensor }

  /// Walks over all nodes.
  mutating func run() throws {
    while let node = nodes.last {
      let flow = flow(node)
      if isReached(node), flow.reachesAny {
        if let begin = node.replay?.begin, node.op.vjp != nil { try replay(from: begin) }
        nodes.removeLast()
        try pass(node, flow)
      } else {
        nodes.removeLast()
        for slot in node.outputSlots { _ = take(slot) }
      }
    }
  }

  private func isReached(_ node: Tape.Node) -> Bool {
    for slot in node.outputSlots where gradients[slot] != nil { return true }
    return false
  }

  private mutating func pass(_ node: Tape.Node, _ flow: GradientFlow) throws {
    var outputGradients: [Tensor?] = []
    outputGradients.reserveCapacity(node.outputSlots.count)
    for slot in node.outputSlots { outputGradients.append(take(slot)) }
    let results = try pullBack(node, outputGradients, flow)
    for (index, slot) in node.inputSlots.enumerated() where flow.reaches(index) {
      if let gradient = results[index] { try add(gradient, to: slot) }
    }
  }

  /// The gradient of an output; it stays only where it was asked for.
  private mutating func take(_ slot: Int) -> Tensor? {
    let gradient = gradients[slot]?.tensor
    if !isWanted[slot] { gradients[slot] = nil }
    return gradient
  }

  private mutating func add(_ gradient: Tensor, to slot: Int) throws {
    guard let known = gradients[slot] else {
      gradients[slot] = Accumulator(tensor: gradient, isOwned: false)
      return
    }
    if known.isOwned {
      try accumulate(known.tensor, adding: gradient, context: context)
    } else {
      let sum = try elementwise(.add, known.tensor, gradient, context: context)
      gradients[slot] = Accumulator(tensor: sum, isOwned: true)
    }
  }

  private func pullBack(
    _ node: Tape.Node, _ outputGradients: [Tensor?], _ flow: GradientFlow
  ) throws -> [Tensor?] {
    guard let vjp = node.op.vjp else {
      throw AutodiffError(
        .notDifferentiable, op: node.op.id,
        message: "has no gradient, and the loss depends on a watched tensor through it")
    }
    let results = try vjp(
      OpPullback(
        inputs: node.inputs, saved: node.unchangedSaved(), attributes: node.attributes,
        outputGradients: outputGradients, flow: flow, context: context))
    guard results.count == node.inputs.count else {
      throw AutodiffError(
        .brokenOp, op: node.op.id,
        message: "gave \(results.count) gradients for \(node.inputs.count) inputs")
    }
    for (index, gradient) in results.enumerated() where flow.reaches(index) {
      guard let gradient, gradient.spec != node.inputs[index] else { continue }
      throw AutodiffError(
        .brokenOp, op: node.op.id,
        message: "gave a gradient \(gradient) for input \(index), which is \(node.inputs[index])")
    }
    return results
  }
}
