import TensorCore

/// What a forward computation is given.
public struct OpInvocation {
  /// The operands, their count checked.
  public let inputs: [Tensor]
  /// Attributes of the operation's kind.
  public let attributes: OpAttributes
  /// Kernels, memory, generator.
  public let context: ComputeContext
  /// Where gradients flow; nil for nowhere, so that a call without a tape allocates nothing for it.
  let flow: GradientFlow?

  /// Whether values for the gradient of an input must be saved.
  ///
  /// - Parameter index: the input's position; beyond the last input: false.
  public func needs(_ index: Int) -> Bool { flow?.reaches(index) ?? false }

  /// Whether anything will be differentiated, so that values must be saved.
  public var isRecorded: Bool { flow?.reachesAny ?? false }

  /// An operand that may be left out.
  ///
  /// - Parameter index: the input's position.
  public func optional(_ index: Int) -> Tensor? { index < inputs.count ? inputs[index] : nil }
}
