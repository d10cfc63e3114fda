import TensorCore

/// Records operations, so that gradients can be taken once.
///
///     let tape = Tape()
///     try tape.watch(w)
///     let y = try registry.run("matmul/1", [x, w], ..., context: context, tape: tape)[0]
///     ...
///     let gradients = try tape.gradient(of: loss, withRespectTo: [w], context: context)
///
/// Only what depends on a watched tensor is recorded, and of that only what a gradient needs. A
/// tensor is known by its identity (`Tensor.id`): views of it (`reshaped`, `rows`) are others.
///
/// One tape belongs to one job: it is not thread-safe.
public final class Tape {
  /// The slot of a tensor through which no gradient flows.
  static let untracked = -1

  var nodes: [Node] = []
  /// The slot of each watched tensor and of all that was computed from them.
  ///
  /// Slots count from 0, so that the walk backwards finds gradients in an array.
  var slots: [UInt64: Int] = [:]
  /// For each slot whether its gradient may be asked for.
  var isWatched: [Bool] = []
  var segment: Segment?

  /// Whether the tape gave its gradients already and refuses further use.
  public internal(set) var isSpent = false

  /// Makes an empty tape.
  public init() {}

  /// Marks a tensor as one whose gradient will be asked for.
  ///
  /// Watch it before it is used.
  ///
  /// - Parameter tensor: f32 or f64; watching it twice changes nothing.
  /// - Throws: `AutodiffError.Code.spentTape`; `TensorError.Code.dtypeMismatch` for other dtypes.
  public func watch(_ tensor: Tensor) throws {
    try requireFresh("watch")
    guard tensor.dtype == .f32 || tensor.dtype == .f64 else {
      throw TensorError(
        .dtypeMismatch, op: "watch", shapes: [tensor.shape],
        rule: "gradients exist for f32 and f64 only, got \(tensor.dtype)")
    }
    if let slot = slots[tensor.id] {
      isWatched[slot] = true
    } else {
      // A small network fits, and grows nothing while it is recorded.
      if slots.isEmpty { reserve(64) }
      slots[tensor.id] = isWatched.count
      isWatched.append(true)
    }
  }

  /// How many operations are recorded.
  public var recordedCount: Int { nodes.count }

  /// Bytes of the values that the tape keeps alive for gradients, parameters and inputs included;
  /// memory that several operations saved counts once.
  /// - Complexity: O(recorded operations).
  public var savedByteCount: Int {
    var seen: Set<ObjectIdentifier> = []
    var total = 0
    func count(_ tensor: Tensor?) {
      guard let tensor, seen.insert(ObjectIdentifier(tensor.storage)).inserted else { return }
      total += tensor.storage.byteCount
    }
    for node in nodes {
      for tensor in node.saved { count(tensor) }
      for case .kept(let tensor, _) in node.replay?.inputs ?? [] { count(tensor) }
    }
    return total
  }

  /// The slot of each input, or an empty array where nothing is to be recorded.
  func slots(of inputs: [Tensor], op: OpDefinition) throws(AutodiffError) -> [Int] {
    try requireFresh(op.id)
    for (index, input) in inputs.enumerated() {
      guard let slot = slots[input.id] else { continue }
      var found = [Int](repeating: Tape.untracked, count: inputs.count)
      found[index] = slot
      for later in index + 1..<max(inputs.count, index + 1) {
        found[later] = slots[inputs[later].id] ?? Tape.untracked
      }
      return found
    }
    return []
  }

  /// Computes and records an operation on whose inputs a watched tensor has influence.
  func run(
    _ op: OpDefinition, _ inputs: [Tensor], slots inputSlots: [Int], attributes: OpAttributes,
    context: ComputeContext
  ) throws -> OpResult {
    guard op.overwrites == .none else {
      throw AutodiffError(
        .notDifferentiable, op: op.id,
        message: "works in place, on tensors that depend on what this tape watches; "
          + "run it without the tape")
    }
    // What is computed again saves nothing now, so that nothing more is computed than asked for.
    let replay = segment.map { Replay(inputs, in: $0, generator: context.generator) }
    let flow = replay == nil ? GradientFlow(slots: inputSlots, useful: nil) : nil
    let computed = try op.compute(
      OpInvocation(inputs: inputs, attributes: attributes, context: context, flow: flow))
    // Whole numbers and truth values end the track quietly (argmax). Floating point is recorded
    // also without a gradient, so that asking through it is an error and not a silent zero.
    guard computed.hasFloatingPoint else { return computed }
    let result = try computed.renaming(inputs)
    let first = isWatched.count
    for index in 0..<result.count {
      let output = result[index]
      if output.dtype.isFloatingPoint { slots[output.id] = first + index }
      segment?.slots[output.id] = first + index
      isWatched.append(false)
    }
    nodes.append(
      Node(
        op, attributes: attributes, inputs: inputs, inputSlots: inputSlots,
        outputSlots: first..<isWatched.count, saved: result.saved, replay: replay))
    return result
  }

  private func reserve(_ count: Int) {
    slots.reserveCapacity(count)
    isWatched.reserveCapacity(count)
    nodes.reserveCapacity(count)
  }

  func requireFresh(_ op: String) throws(AutodiffError) {
    guard !isSpent else {
      throw AutodiffError(
        .spentTape, op: op,
        message: "the tape gave its gradients already; begin a new tape for each step")
    }
  }
}
