import TensorCore

extension Tape {
  /// The segment that is open.
  struct Segment {
    /// The first of its nodes.
    let begin: Int
    /// The slots of all that its recorded operations gave, whatever the element type.
    var slots: [UInt64: Int] = [:]
  }

  /// What is needed to compute an operation of a segment again.
  struct Replay {
    enum Input {
      /// From outside of the segment, or not recorded; and its version then.
      case kept(Tensor, version: UInt64)
      /// An output of an earlier operation of the segment.
      case slot(Int)
    }

    let inputs: [Input]
    /// As it stood before the operation, so that dropout drops the same places.
    let generator: PhiloxGenerator
    /// The first node of the segment.
    let begin: Int

    init(_ inputs: [Tensor], in segment: Segment, generator: PhiloxGenerator) {
      self.inputs = inputs.map { input in
        segment.slots[input.id].map { .slot($0) } ?? .kept(input, version: input.storage.version)
      }
      self.generator = generator
      begin = segment.begin
    }
  }

  /// Begins a segment whose operations save nothing for gradients: `gradient` computes them again
  /// when it gets there, and saves then.
  ///
  /// The tape keeps what a segment takes from outside; so a segment of a layer or more, whose
  /// intermediate values are many and whose input is one tensor, saves the most memory (Chen et al.,
  /// "Training deep nets with sublinear memory cost", 2016). The results have the same bits as
  /// without, for about a third more time.
  ///
  /// - Throws: `AutodiffError.Code.unbalancedRecompute` inside of another segment; `.spentTape`.
  public func beginRecompute() throws(AutodiffError) {
    try requireFresh("begin_recompute")
    guard segment == nil else {
      throw AutodiffError(
        .unbalancedRecompute, op: "begin_recompute",
        message: "a segment is open already, and segments do not nest; end it first")
    }
    segment = Segment(begin: nodes.count)
  }

  /// Ends the segment that `beginRecompute()` began.
  ///
  /// - Throws: `AutodiffError.Code.unbalancedRecompute` without an open segment; `.spentTape`.
  public func endRecompute() throws(AutodiffError) {
    try requireFresh("end_recompute")
    guard segment != nil else {
      throw AutodiffError(
        .unbalancedRecompute, op: "end_recompute",
        message: "no segment is open; begin one before the operations to compute again")
    }
    segment = nil
  }
}

extension BackwardWalk {
  /// Computes a segment again, from its first operation to the last recorded one, and saves what the
  /// gradients of these operations need.
  ///
  /// The operations behind the last one have been passed: no gradient came to them, or they were
  /// computed again already.
  func replay(from begin: Int) throws {
    let generator = context.generator
    defer { context.generator = generator }
    let lastUses = lastUses(from: begin)
    var values: [Int: Tensor] = [:]
    for index in begin..<nodes.count {
      let node = nodes[index]
      guard let replay = node.replay else { continue }
      let inputs = try replay.inputs.map { input in
        switch input {
        case .kept(let tensor, let version):
          guard tensor.storage.version == version else {
            throw Tape.overwritten([tensor], op: node.op)
          }
          return tensor
        case .slot(let slot):
          guard let value = values[slot] else {
            preconditionFailure("\(node.op.id) in a segment uses slot \(slot) before it is made")
          }
          return value
        }
      }
      context.generator = replay.generator
      let result = try node.op.compute(
        OpInvocation(
          inputs: inputs, attributes: node.attributes, context: context, flow: flow(node)))
      node.save(result.saved)
      for (position, slot) in node.outputSlots.enumerated() where lastUses[slot] != nil {
        values[slot] = result[position]
      }
      for case .slot(let slot) in replay.inputs where lastUses[slot] == index {
        values[slot] = nil
      }
    }
  }

  /// For each slot that an operation of the segment uses again, the last node that does.
  private func lastUses(from begin: Int) -> [Int: Int] {
    var uses: [Int: Int] = [:]
    for index in begin..<nodes.count {
      for case .slot(let slot) in nodes[index].replay?.inputs ?? [] { uses[slot] = index }
    }
    return uses
  }
}
