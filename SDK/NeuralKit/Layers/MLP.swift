import AgentKit

/// What a network reads: dense or sparse rows.
public enum NetworkInput: Sendable {
  /// `[rows, inputs]`.
  case dense(Tensor)
  /// Rows of which most entries are zero.
  case sparse(SparseBatch)
}

/// Dropout in one training step: another `step` gives another mask, the same numbers the same one.
public struct DropoutKey: Sendable, Hashable {
  /// The generator's key.
  public var seed: UInt64
  /// The training step's number.
  public var step: UInt64

  /// The dropout of one training step.
  public init(seed: UInt64, step: UInt64) {
    self.seed = seed
    self.step = step
  }
}

/// A multi-layer perceptron: linear layers with ReLU between them.
///
///     let network = MLP(inputs: 20_000, hidden: [64], outputs: 8, dropout: 0.3)
///     var parameters = try network.initialised(on: ops, seed: 1)
///     let logits = try network.logits(.sparse(batch), parameters)
///
/// Without hidden layers it is multinomial logistic regression.
public struct MLP: Sendable, Hashable {
  /// The layers, the last one giving logits.
  public let layers: [Linear]
  /// The share of each hidden layer's units that training drops, in `0..<1`.
  public let dropout: Double

  /// A network; it has no parameters until it is initialised.
  ///
  /// - Parameters:
  ///   - inputs: the width of the input.
  ///   - hidden: the widths of the hidden layers, from the input on.
  ///   - outputs: the number of logits.
  ///   - dropout: the share of hidden units that training drops.
  ///   - entriesPerRow: entries of a sparse row that are not zero, as a rule; nil: dense.
  public init(
    inputs: Int, hidden: [Int], outputs: Int, dropout: Double = 0, entriesPerRow: Int? = nil
  ) {
    var layers: [Linear] = []
    var width = inputs
    for (index, units) in hidden.enumerated() {
      layers.append(
        Linear(
          "hidden\(index)", inputs: width, outputs: units, initialiser: .heUniform,
          fanIn: index == 0 ? entriesPerRow : nil))
      width = units
    }
    layers.append(
      Linear("output", inputs: width, outputs: outputs, fanIn: hidden.isEmpty ? entriesPerRow : nil)
    )
    self.layers = layers
    self.dropout = dropout
  }

  /// The names of all parameters, in order.
  public var parameterNames: [String] { layers.flatMap(\.parameterNames) }

  /// Fresh parameters.
  ///
  /// - Parameters:
  ///   - ops: where they lie.
  ///   - seed: all their randomness.
  public func initialised(on ops: OpTable, seed: UInt64) throws(AgentFailure) -> Parameters {
    var parameters = Parameters()
    for layer in layers { try layer.initialise(&parameters, on: ops, seed: seed) }
    return parameters
  }

  /// What the last hidden layer says of each row, `[rows, width]`; without one, the logits.
  ///
  /// - Parameters:
  ///   - input: the rows.
  ///   - parameters: those of this network.
  ///   - key: drops units in training; nil in inference.
  public func representation(
    _ input: NetworkInput, _ parameters: Parameters, dropout key: DropoutKey? = nil
  ) throws(AgentFailure) -> Tensor {
    guard layers.count > 1 else { return try first(input, parameters, activation: .identity) }
    var x = try first(input, parameters, activation: .relu)
    for index in layers.indices.dropLast() {
      if index > 0 { x = try layers[index](x, parameters, activation: .relu) }
      if let key, dropout > 0 {
        // A counter a layer and step: no two masks of a training share random numbers.
        let counter = (key.step &* UInt64(layers.count) &+ UInt64(index)) << 32
        x = try x.dropout(dropout, seed: key.seed, counter: counter)
      }
    }
    return x
  }

  /// The logits from a representation: `[rows, width]` to `[rows, outputs]`.
  public func logits(
    fromRepresentation z: Tensor, _ parameters: Parameters
  ) throws(AgentFailure) -> Tensor {
    guard layers.count > 1 else { return z }
    return try layers[layers.count - 1](z, parameters)
  }

  /// The logits: `[rows, outputs]`.
  public func logits(
    _ input: NetworkInput, _ parameters: Parameters, dropout key: DropoutKey? = nil
  ) throws(AgentFailure) -> Tensor {
    try logits(
      fromRepresentation: representation(input, parameters, dropout: key), parameters)
  }

  private func first(
    _ input: NetworkInput, _ parameters: Parameters, activation: Activation
  ) throws(AgentFailure) -> Tensor {
    switch input {
    case .dense(let x): try layers[0](x, parameters, activation: activation)
    case .sparse(let x): try layers[0](x, parameters, activation: activation)
    }
  }
}
