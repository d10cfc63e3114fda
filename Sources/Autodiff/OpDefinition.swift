import TensorCore

/// One operation as the registry knows it: how to infer, run and differentiate it.
///
/// An object, so that a bridge can hand out its address as a stable handle. All closures are pure
/// but for the context (scratch, generator) and, for in-place operations, what they overwrite.
public final class OpDefinition: Sendable {
  /// Infers element types and shapes of the outputs; throws what running would throw about them.
  public typealias Infer = @Sendable ([TensorSpec], OpAttributes) throws -> [TensorSpec]
  /// Computes the outputs, and picks what the gradient needs of them.
  public typealias Forward = @Sendable (OpInvocation) throws -> OpResult
  /// The forward computation of an only output of which nothing is saved.
  ///
  /// A shortcut for operations so small that carrying `OpInvocation` and `OpResult` about would
  /// cost as much as they do.
  public typealias Direct = @Sendable ([Tensor], OpAttributes, ComputeContext) throws -> Tensor
  /// Maps gradients of the outputs to gradients of the inputs: one entry an input, nil where the
  /// input needs none.
  public typealias VectorJacobianProduct = @Sendable (OpPullback) throws -> [Tensor?]

  /// How many outputs an operation gives.
  public enum OutputCount: Sendable, Hashable {
    /// Always as many; 0 for an operation that works in place.
    case exactly(Int)
    /// One a length of its attributes, which are `OpAttributes.split(lengths:axis:)`.
    case perLength
  }

  /// Which inputs an operation overwrites.
  public enum Overwrites: Sendable, Hashable {
    /// None: it computes new tensors.
    case none
    /// Those at the given positions.
    case at([Int])
    /// All of them.
    case all
  }

  /// The name without version, in snake case.
  public let name: String
  /// Grows when the meaning changes; operations of several versions live side by side.
  public let version: Int
  /// Name and version, such as `matmul/1`.
  public let id: String
  /// How many inputs it takes.
  public let inputCount: ClosedRange<Int>
  /// How many outputs it gives.
  public let outputs: OutputCount
  /// What a call without attributes means; their kind is the kind that the operation takes.
  public let defaultAttributes: OpAttributes
  /// The inputs that it overwrites.
  public let overwrites: Overwrites
  /// One line for the op reference.
  public let summary: String

  let inferring: Infer
  let forward: Forward
  let direct: Direct?
  let vjp: VectorJacobianProduct?

  /// Describes an operation.
  ///
  /// - Parameters:
  ///   - name: snake case, without version.
  ///   - version: at least 1.
  ///   - inputCount: how many inputs it takes.
  ///   - outputs: how many outputs it gives.
  ///   - defaultAttributes: of the kind that it takes, with the values of a call without any.
  ///   - overwrites: the inputs that it overwrites.
  ///   - summary: one line for the op reference.
  ///   - infer: shape inference.
  ///   - forward: the computation.
  ///   - direct: what `forward` computes, as a shortcut where nothing is recorded; nil for none.
  ///   - vjp: the gradient; nil when there is none.
  public init(
    name: String, version: Int, inputCount: ClosedRange<Int>,
    outputs: OutputCount = .exactly(1), defaultAttributes: OpAttributes = .none,
    overwrites: Overwrites = .none, summary: String, infer: @escaping Infer,
    forward: @escaping Forward, direct: Direct? = nil, vjp: VectorJacobianProduct? = nil
  ) {
    self.name = name
    self.version = version
    self.id = "\(name)/\(version)"
    self.inputCount = inputCount
    self.outputs = outputs
    self.defaultAttributes = defaultAttributes
    self.overwrites = overwrites
    self.summary = summary
    self.inferring = infer
    self.forward = forward
    self.direct = direct
    self.vjp = vjp
  }

  /// The kind of attributes that it takes.
  public var attributes: OpAttributes.Kind { defaultAttributes.kind }

  /// Whether it has a gradient.
  public var isDifferentiable: Bool { vjp != nil }

  /// How many outputs it gives for some attributes.
  ///
  /// - Parameter attributes: of the operation's kind; `.none` for the defaults.
  public func outputCount(for attributes: OpAttributes = .none) -> Int {
    switch outputs {
    case .exactly(let count): return count
    case .perLength:
      let attributes = attributes == .none ? defaultAttributes : attributes
      guard case .split(let lengths, _) = attributes else { return 0 }
      return lengths.count
    }
  }

  /// Element types and shapes of the outputs, without computing anything.
  ///
  /// - Parameters:
  ///   - inputs: element types and shapes of the inputs.
  ///   - attributes: of the operation's kind; `.none` for the defaults.
  /// - Throws: `AutodiffError` for a wrong count or wrong attributes, `TensorError` for shapes or
  ///   dtypes that do not fit.
  public func inferOutputs(
    _ inputs: [TensorSpec], attributes: OpAttributes = .none
  ) throws -> [TensorSpec] {
    try inferring(inputs, checked(inputs.count, attributes))
  }

  /// Checks count and kind.
  ///
  /// - Returns: the attributes to run with: the defaults where none are given.
  func checked(_ count: Int, _ given: OpAttributes) throws(AutodiffError) -> OpAttributes {
    guard inputCount.contains(count) else { throw wrongCount(count) }
    if case .none = given { return defaultAttributes }
    guard given.kind == attributes else {
      throw AutodiffError(
        .wrongAttributes, op: id,
        message: "takes attributes of kind '\(attributes.rawValue)', got '\(given.kind.rawValue)'")
    }
    return given
  }

  private func wrongCount(_ count: Int) -> AutodiffError {
    let wanted =
      inputCount.count == 1
      ? "\(inputCount.lowerBound)" : "\(inputCount.lowerBound) to \(inputCount.upperBound)"
    return AutodiffError(
      .wrongInputCount, op: id, message: "takes \(wanted) inputs, got \(count)")
  }
}
