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
  struct Saved {
    let tensor: Tensor?
    let version: UInt64
  }

  struct Node {
    let op: OpDefinition
    let attributes: OpAttributes
    let inputs: [TensorSpec]
    let inputIDs: [UInt64]
    let needsGradient: [Bool]
    let outputs: [TensorSpec]
    let outputIDs: [UInt64]
    let saved: [Saved]
  }

  var nodes: [Node] = []
  /// Watched tensors and all that was computed from them.
  var tracked: Set<UInt64> = []
  var watched: Set<UInt64> = []

  /// Whether the tape gave its gradients already and refuses further use.
  public internal(set) var isSpent = false

  /// Makes an empty tape.
  public init() {}

  /// Marks a tensor as one whose gradient will be asked for.
  ///
  /// Watch it before it is used.
  ///
  /// - Parameter tensor: f32; watching it twice changes nothing.
  /// - Throws: `AutodiffError.Code.spentTape`; `TensorError.Code.dtypeMismatch` for other dtypes.
  public func watch(_ tensor: Tensor) throws {
    try requireFresh("watch")
    guard tensor.dtype == .f32 else {
      throw TensorError(
        .dtypeMismatch, op: "watch", shapes: [tensor.shape],
        rule: "gradients exist for f32 only, got \(tensor.dtype)")
    }
    watched.insert(tensor.id)
    tracked.insert(tensor.id)
  }

  /// How many operations are recorded.
  public var recordedCount: Int { nodes.count }

  /// Bytes of the values that the tape keeps alive for gradients, parameters and inputs included;
  /// memory that several operations saved counts once.
  /// - Complexity: O(recorded operations).
  public var savedByteCount: Int {
    var seen: Set<ObjectIdentifier> = []
    var total = 0
    for case let tensor? in nodes.flatMap({ $0.saved.map(\.tensor) })
    where seen.insert(ObjectIdentifier(tensor.storage)).inserted {
      total += tensor.storage.byteCount
    }
    return total
  }

  /// For each input whether a gradient has to flow to it.
  func needsGradient(_ inputs: [Tensor], op: OpDefinition) throws(AutodiffError) -> [Bool] {
    try requireFresh(op.id)
    return inputs.map { tracked.contains($0.id) }
  }

  func record(
    _ op: OpDefinition, inputs: [Tensor], needs: [Bool], attributes: OpAttributes,
    result: OpResult
  ) {
    // Without a gradient, integers end the track quietly (argmax); floating point is recorded, so
    // that asking for a gradient through it is an error and not a silent zero.
    if op.vjp == nil && !result.outputs.contains(where: { $0.dtype.isFloatingPoint }) { return }
    tracked.formUnion(result.outputs.lazy.filter { $0.dtype.isFloatingPoint }.map(\.id))
    nodes.append(
      Node(
        op: op, attributes: attributes, inputs: inputs.map(\.spec), inputIDs: inputs.map(\.id),
        needsGradient: needs, outputs: result.outputs.map(\.spec),
        outputIDs: result.outputs.map(\.id),
        saved: result.saved.map { Saved(tensor: $0, version: $0?.storage.version ?? 0) }))
  }

  func requireFresh(_ op: String) throws(AutodiffError) {
    guard !isSpent else {
      throw AutodiffError(
        .spentTape, op: op,
        message: "the tape gave its gradients already; begin a new tape for each step")
    }
  }
}
