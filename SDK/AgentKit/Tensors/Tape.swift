import Synchronization

/// Records operations for gradients.
///
///     let tape = try Tape(ops)
///     let w = try tape.watch(weights)
///     let loss = try x.matmul(w).crossEntropy(targets)
///     let gradients = try tape.gradients(of: loss, for: [w])
///
/// `gradients` spends the tape; tensors that carry a spent tape are used as if on none. One thread at a
/// time.
public final class Tape: Sendable {
  let handle: TapeHandle
  private let spent = Atomic<Bool>(false)

  /// A fresh tape.
  ///
  /// - Throws: `AgentFailure` with `unimplemented` when the host has no `cadre.tape/1`.
  public init(_ ops: OpTable) throws(AgentFailure) { handle = try TapeHandle(ops.core) }

  /// The same tensor, on this tape: what is computed from it is recorded.
  public func watch(_ tensor: Tensor) throws(AgentFailure) -> Tensor {
    try handle.watch(tensor.handle)
    return Tensor(tensor.handle, table: tensor.table, tape: self)
  }

  /// The gradients of a scalar with respect to watched tensors; zeros where it does not depend on one.
  ///
  /// - Parameters:
  ///   - loss: a scalar that was computed from watched tensors.
  ///   - tensors: watched tensors.
  /// - Returns: one gradient a tensor, of its shape, on no tape.
  public func gradients(
    of loss: Tensor, for tensors: [Tensor]
  ) throws(AgentFailure) -> [Tensor] {
    // The loss is of the job, on whose behalf and with whose threads it was computed.
    let handles = try handle.gradients(
      of: loss.handle, for: tensors.map(\.handle),
      in: OpCall(job: loss.table.job, threads: loss.table.threads))
    spent.store(true, ordering: .relaxed)
    return zip(handles, tensors).map { Tensor($0, table: $1.table, tape: nil) }
  }

  /// Runs a part of the forward computation of which nothing but its inputs is kept.
  ///
  /// `gradients` computes it once more: less memory, about a third more time.
  ///
  ///     let hidden = try tape.recompute { try x.linear(w, b, activation: .gelu) }
  ///
  /// Segments do not nest. A host that knows no such segments keeps everything.
  ///
  /// - Parameter body: computes with tensors of this tape.
  public func recompute<Result>(_ body: () throws -> Result) throws -> Result {
    guard try handle.beginRecompute() else { return try body() }
    let result: Result
    do {
      result = try body()
    } catch {
      // The body's failure is the one to tell; the tape is of no more use.
      try? handle.endRecompute()
      throw error
    }
    try handle.endRecompute()
    return result
  }

  /// The bytes that this tape keeps alive for gradients; memory that several operations share counts once.
  public var savedByteCount: Int {
    get throws(AgentFailure) { Int(clamping: try handle.savedBytes()) }
  }

  /// The one live tape that operands are on, or nil.
  static func common(of tensors: [Tensor], op: String) throws(AgentFailure) -> Tape? {
    var common: Tape?
    for case let tape? in tensors.map(\.tape) where !tape.spent.load(ordering: .relaxed) {
      guard common == nil || common === tape else {
        throw AgentFailure(
          .invalidArgument, "two operands are on different tapes; detach one of them", where: op)
      }
      common = tape
    }
    return common
  }
}

extension OpTable {
  /// A loss and its gradients in one go.
  ///
  ///     let (loss, gradients) = try ops.gradients(for: [w, b]) { watched in
  ///       try (x.matmul(watched[0]) + watched[1]).crossEntropy(targets)
  ///     }
  ///
  /// - Parameters:
  ///   - tensors: what to differentiate by.
  ///   - loss: computes a scalar from the same tensors, watched, in the same order.
  /// - Returns: the loss, and one gradient a tensor.
  public func gradients(
    for tensors: [Tensor], of loss: ([Tensor]) throws -> Tensor
  ) throws -> (loss: Tensor, gradients: [Tensor]) {
    let tape = try Tape(self)
    let watched = try tensors.map { try tape.watch($0) }
    let loss = try loss(watched)
    return (loss.detached, try tape.gradients(of: loss, for: watched))
  }
}
