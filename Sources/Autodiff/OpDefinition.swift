import TensorCore

/// One operation as the registry knows it: how to infer, run and differentiate it.
///
/// An object, so that a bridge can hand out its address as a stable handle. All closures are pure
/// but for the context (scratch, generator) and, for in-place operations, their named operands.
public final class OpDefinition: Sendable {
  /// Infers element types and shapes of the outputs; throws what running would throw about them.
  public typealias Infer = @Sendable ([TensorSpec], OpAttributes) throws -> [TensorSpec]
  /// Computes the outputs, and picks what the gradient needs of them.
  public typealias Forward = @Sendable (OpInvocation) throws -> OpResult
  /// Maps gradients of the outputs to gradients of the inputs: one entry an input, nil where the
  /// input needs none.
  public typealias VectorJacobianProduct = @Sendable (OpPullback) throws -> [Tensor?]

  /// The name without version, in snake case.
  public let name: String
  /// Grows when the meaning changes; operations of several versions live side by side.
  public let version: Int
  /// How many inputs it takes.
  public let inputCount: ClosedRange<Int>
  /// How many outputs it gives; 0 for in-place operations.
  public let outputCount: Int
  /// The kind of attributes that it takes.
  public let attributes: OpAttributes.Kind
  /// Positions of the inputs that it overwrites.
  public let inPlaceInputs: [Int]
  /// One line for the op reference.
  public let summary: String

  let inferring: Infer
  let forward: Forward
  let vjp: VectorJacobianProduct?

  /// Describes an operation.
  ///
  /// - Parameters:
  ///   - name: snake case, without version.
  ///   - version: at least 1.
  ///   - inputCount: how many inputs it takes.
  ///   - outputCount: how many outputs it gives.
  ///   - attributes: the kind of attributes that it takes.
  ///   - inPlaceInputs: positions of the inputs that it overwrites.
  ///   - summary: one line for the op reference.
  ///   - infer: shape inference.
  ///   - forward: the computation.
  ///   - vjp: the gradient; nil when there is none.
  public init(
    name: String, version: Int, inputCount: ClosedRange<Int>, outputCount: Int = 1,
    attributes: OpAttributes.Kind = .none, inPlaceInputs: [Int] = [], summary: String,
    infer: @escaping Infer, forward: @escaping Forward, vjp: VectorJacobianProduct? = nil
  ) {
    self.name = name
    self.version = version
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.attributes = attributes
    self.inPlaceInputs = inPlaceInputs
    self.summary = summary
    self.inferring = infer
    self.forward = forward
    self.vjp = vjp
  }

  /// Name and version, such as `matmul/1`.
  public var id: String { "\(name)/\(version)" }

  /// Whether it has a gradient.
  public var isDifferentiable: Bool { vjp != nil }

  /// Element types and shapes of the outputs, without computing anything.
  ///
  /// - Parameters:
  ///   - inputs: element types and shapes of the inputs.
  ///   - attributes: of the operation's kind.
  /// - Throws: `AutodiffError` for a wrong count or wrong attributes, `TensorError` for shapes or
  ///   dtypes that do not fit.
  public func inferOutputs(
    _ inputs: [TensorSpec], attributes: OpAttributes = .none
  ) throws -> [TensorSpec] {
    try check(inputs.count, attributes)
    return try inferring(inputs, attributes)
  }

  func check(_ count: Int, _ given: OpAttributes) throws(AutodiffError) {
    guard inputCount.contains(count) else {
      let wanted =
        inputCount.count == 1
        ? "\(inputCount.lowerBound)" : "\(inputCount.lowerBound) to \(inputCount.upperBound)"
      throw AutodiffError(
        .wrongInputCount, op: id, message: "takes \(wanted) inputs, got \(count)")
    }
    guard given.kind == attributes else {
      throw AutodiffError(
        .wrongAttributes, op: id,
        message: "takes attributes of kind '\(attributes.rawValue)', got '\(given.kind.rawValue)'")
    }
  }
}

/// What a forward computation is given.
public struct OpInvocation {
  /// The operands, their count checked.
  public let inputs: [Tensor]
  /// Attributes of the operation's kind.
  public let attributes: OpAttributes
  /// Kernels, memory, generator.
  public let context: ComputeContext
  /// For each input whether a gradient will be asked for; all false without a tape.
  public let needsGradient: [Bool]

  /// Whether anything will be differentiated, so that values must be saved.
  public var isRecorded: Bool { needsGradient.contains(true) }
}

/// What a forward computation gives.
public struct OpResult {
  /// The outputs, as many as the operation states.
  public let outputs: [Tensor]
  /// What the gradient needs, in an order that only the operation knows.
  ///
  /// Save as little as will do: these tensors live until the tape has passed the operation.
  public let saved: [Tensor?]

  /// Pairs outputs with what the gradient needs.
  ///
  /// - Parameters:
  ///   - outputs: the outputs.
  ///   - saved: tensors that the gradient needs; empty for none.
  public init(_ outputs: [Tensor], saved: [Tensor?] = []) {
    self.outputs = outputs
    self.saved = saved
  }
}

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
  /// For each input whether its gradient is wanted.
  public let needsGradient: [Bool]
  /// Kernels, memory, generator.
  public let context: ComputeContext
}
