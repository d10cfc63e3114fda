import TensorCore

/// What a forward computation gives.
///
/// One output, by far the most frequent case, is held without an array: a small operation costs
/// about as much as an allocation or two.
public struct OpResult {
  private let single: Tensor?
  private let several: [Tensor]
  /// What the gradient needs, in an order that only the operation knows.
  ///
  /// Save as little as will do: these tensors live until the tape has passed the operation.
  public let saved: [Tensor?]

  /// Pairs an only output with what the gradient needs.
  ///
  /// - Parameters:
  ///   - output: the output.
  ///   - saved: tensors that the gradient needs; empty for none.
  public init(_ output: Tensor, saved: [Tensor?] = []) {
    single = output
    several = []
    self.saved = saved
  }

  /// Pairs outputs with what the gradient needs.
  ///
  /// - Parameters:
  ///   - outputs: the outputs.
  ///   - saved: tensors that the gradient needs; empty for none.
  public init(_ outputs: [Tensor], saved: [Tensor?] = []) {
    single = outputs.count == 1 ? outputs.first : nil
    several = outputs.count == 1 ? [] : outputs
    self.saved = saved
  }

  /// The outputs, as many as the operation states.
  public var outputs: [Tensor] { single.map { [$0] } ?? several }

  /// How many outputs there are.
  public var count: Int { single == nil ? several.count : 1 }

  /// One output.
  ///
  /// - Parameter index: below `count`.
  public subscript(index: Int) -> Tensor { single ?? several[index] }

  /// Whether a gradient can flow through any output.
  var hasFloatingPoint: Bool {
    for index in 0..<count where self[index].dtype.isFloatingPoint { return true }
    return false
  }

  /// Gives an output that is the very tensor of an input an identity of its own: a tape could not
  /// tell the two apart.
  func renaming(_ inputs: [Tensor]) throws -> OpResult {
    func isInput(_ output: Tensor) -> Bool {
      for input in inputs where input === output { return true }
      return false
    }
    for index in 0..<count where isInput(self[index]) {
      let outputs = try self.outputs.map { output in
        guard isInput(output) else { return output }
        return try Tensor(
          storage: output.storage, dtype: output.dtype, shape: output.shape,
          strides: output.strides, byteOffset: output.byteOffset)
      }
      return OpResult(outputs, saved: saved)
    }
    return self
  }
}
