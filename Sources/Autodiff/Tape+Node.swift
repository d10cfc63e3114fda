import TensorCore

extension Tape {
  /// One recorded operation.
  ///
  /// An object: a walk passes each of them on several times, and has one reference to count then.
  final class Node {
    let op: OpDefinition
    let attributes: OpAttributes
    let inputs: [TensorSpec]
    /// `Tape.untracked`, or the slot of each input.
    let inputSlots: [Int]
    /// The outputs have consecutive slots.
    let outputSlots: Range<Int>
    /// What the gradient needs; nothing yet while there is a replay.
    private(set) var saved: [Tensor?] = []
    private var savedVersion: UInt64 = 0
    /// In a segment of recomputation, until it is computed again.
    private(set) var replay: Replay?

    init(
      _ op: OpDefinition, attributes: OpAttributes, inputs: [Tensor], inputSlots: [Int],
      outputSlots: Range<Int>, saved: [Tensor?], replay: Replay?
    ) {
      self.op = op
      self.attributes = attributes
      self.inputs = inputs.map(\.spec)
      self.inputSlots = inputSlots
      self.outputSlots = outputSlots
      self.replay = replay
      if replay == nil { save(saved) }
    }

    func save(_ values: [Tensor?]) {
      saved = values
      savedVersion = Tape.version(of: values)
      replay = nil
    }

    /// What was saved, unless it was overwritten since.
    func unchangedSaved() throws(AutodiffError) -> [Tensor?] {
      guard Tape.version(of: saved) == savedVersion else { throw Tape.overwritten(saved, op: op) }
      return saved
    }
  }

  /// Grows when any of the tensors is overwritten: their versions only ever grow.
  static func version(of tensors: [Tensor?]) -> UInt64 {
    var sum: UInt64 = 0
    for case let tensor? in tensors { sum &+= tensor.storage.version }
    return sum
  }

  static func overwritten(_ kept: [Tensor?], op: OpDefinition) -> AutodiffError {
    let names = kept.compactMap { $0?.description }.joined(separator: ", ")
    return AutodiffError(
      .modifiedInPlace, op: op.id,
      message: "its gradient needs \(names), overwritten after it was recorded; "
        + "take gradients before stepping")
  }
}
