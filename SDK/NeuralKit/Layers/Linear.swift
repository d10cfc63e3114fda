import AgentKit

/// `y = x · W + b`, on dense or sparse rows.
///
/// The weights are `[inputs, outputs]`, so the same layer multiplies a dense batch by `linear` and a sparse
/// one by `embedding_bag`, whose table they are.
public struct Linear: Sendable, Hashable {
  /// The prefix of the parameters' names: `hidden0` gives `hidden0.weight` and `hidden0.bias`.
  public let name: String
  /// The width of the input.
  public let inputs: Int
  /// The width of the output.
  public let outputs: Int
  /// How the weights begin.
  public let initialiser: Initialiser
  /// Inputs of a row that are not zero, which is what the initialiser counts; nil: all.
  public let fanIn: Int?

  /// A layer; it has no parameters until it is initialised.
  ///
  /// - Parameters:
  ///   - name: unique within its network.
  ///   - inputs: the width of the input.
  ///   - outputs: the width of the output.
  ///   - initialiser: He's before ReLU, Glorot's before softmax.
  ///   - fanIn: inputs of a row that are not zero, for sparse rows.
  public init(
    _ name: String, inputs: Int, outputs: Int, initialiser: Initialiser = .glorotUniform,
    fanIn: Int? = nil
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.initialiser = initialiser
    self.fanIn = fanIn
  }

  /// The names of its parameters.
  public var parameterNames: [String] { ["\(name).weight", "\(name).bias"] }

  /// Makes the layer's parameters: random weights and a bias of zeros.
  public func initialise(
    _ parameters: inout Parameters, on ops: OpTable, seed: UInt64
  ) throws(AgentFailure) {
    var random = CounterRandom(seed: seed, stream: "\(name).weight")
    let weights = initialiser.values(
      inputs * outputs, fanIn: fanIn ?? inputs, fanOut: outputs, random: &random)
    try parameters.add("\(name).weight", ops.tensor([inputs, outputs], weights))
    try parameters.add("\(name).bias", ops.zeros([outputs]))
  }

  /// The layer on dense rows, one operation of the host.
  ///
  /// - Parameters:
  ///   - x: `[rows, inputs]`.
  ///   - parameters: those of the network.
  ///   - activation: what it ends with.
  /// - Returns: `[rows, outputs]`.
  public func callAsFunction(
    _ x: Tensor, _ parameters: Parameters, activation: Activation = .identity
  ) throws(AgentFailure) -> Tensor {
    try x.linear(
      parameters.tensor("\(name).weight"), parameters.tensor("\(name).bias"),
      activation: activation)
  }

  /// The layer on sparse rows.
  ///
  /// - Parameters:
  ///   - x: rows of width `inputs`.
  ///   - parameters: those of the network.
  ///   - activation: what it ends with.
  /// - Returns: `[rows, outputs]`.
  /// - Complexity: O(entries · outputs), whatever the width of the input.
  public func callAsFunction(
    _ x: SparseBatch, _ parameters: Parameters, activation: Activation = .identity
  ) throws(AgentFailure) -> Tensor {
    let product = try parameters.tensor("\(name).weight")
      .embeddingBag(indices: x.indices, offsets: x.offsets, weights: x.values)
    return try (product + parameters.tensor("\(name).bias")).activated(by: activation)
  }
}
