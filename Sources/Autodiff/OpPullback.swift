import TensorCore

/// What a gradient computation is given.
public struct OpPullback {
  /// Element types and shapes of the inputs.
  public let inputs: [TensorSpec]
  /// What the forward computation saved.
  public let saved: [Tensor?]
  /// Attributes as they were in the forward computation.
  public let attributes: OpAttributes
  /// Gradients of the outputs; nil where nothing depends on that output, never all nil.
  public let outputGradients: [Tensor?]
  let flow: GradientFlow
  /// Kernels, memory, generator.
  public let context: ComputeContext

  /// Whether the gradient of an input is wanted.
  ///
  /// - Parameter index: the input's position; beyond the last input: false.
  public func needs(_ index: Int) -> Bool { flow.reaches(index) }

  /// For each input whether its gradient is wanted.
  public var needsGradient: [Bool] { inputs.indices.map { needs($0) } }

  /// No gradient for any input.
  var none: [Tensor?] { [Tensor?](repeating: nil, count: inputs.count) }
}
