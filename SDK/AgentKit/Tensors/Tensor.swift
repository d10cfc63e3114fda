/// A dense array in the host's memory, on which the host's operations work.
///
///     let centred = try x - x.mean(axes: [0])
///     let scores = try centred[0..<10, .all].matmul(w.T).softmax()
///
/// It refers to its memory: copies share it, and only the optimisers' steps change it in place. A tensor
/// that was watched by a tape, or computed from one that was, carries that tape, and what is computed from
/// it is recorded.
public struct Tensor: Sendable {
  let handle: TensorHandle
  let table: OpTable
  let tape: Tape?

  init(_ handle: TensorHandle, table: OpTable, tape: Tape?) {
    self.handle = handle
    self.table = table
    self.tape = tape
  }

  /// The lengths of the axes, outermost first; empty for a scalar.
  public var shape: [Int] { get throws(AgentFailure) { try handle.info().shape } }

  /// The type of the elements.
  public var type: ElementType { get throws(AgentFailure) { try handle.info().type } }

  /// Shape and elements, copied.
  public func value() throws(AgentFailure) -> TensorValue { try handle.value() }

  /// The elements of a single-precision tensor, copied, row-major.
  public func floats() throws(AgentFailure) -> [Float] { try value().floats() }

  /// The elements of a tensor of whole numbers, copied, row-major.
  public func integers() throws(AgentFailure) -> [Int] { try value().integers() }

  /// The elements of a tensor of truth values, copied, row-major.
  public func booleans() throws(AgentFailure) -> [Bool] { try integers().map { $0 != 0 } }

  /// The number in a tensor with one element.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for more or fewer elements.
  public func item() throws(AgentFailure) -> Float {
    let value = try value()
    let numbers = try value.floats()
    guard let first = numbers.first, numbers.count == 1 else {
      throw AgentFailure(.invalidArgument, "a tensor \(value.shape) is not one number")
    }
    return first
  }

  /// The same memory, on no tape.
  public var detached: Tensor { Tensor(handle, table: table, tape: nil) }

  /// The same memory, used on behalf of another job.
  public func on(_ table: OpTable) -> Tensor { Tensor(handle, table: table, tape: tape) }
}
