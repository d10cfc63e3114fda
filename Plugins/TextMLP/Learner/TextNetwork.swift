import AgentKit
import NeuralKit

/// A trained network with the features that it reads: what a model holds.
public struct TextNetwork: Sendable {
  /// The format of the model's tensors.
  public static let format = "org.cadre.text-mlp/1"

  /// The classes in the order of the logits.
  public let labels: [String]
  let features: TextFeatures
  let network: MLP
  let parameters: Parameters
  /// The log-probabilities of a text without any known term.
  let logPrior: [Float]

  init(
    labels: [String], features: TextFeatures, network: MLP, parameters: Parameters,
    logPrior: [Float]
  ) {
    self.labels = labels
    self.features = features
    self.network = network
    self.parameters = parameters
    self.logPrior = logPrior
  }

  /// What the network says of texts.
  public struct Answer: Sendable {
    /// `[rows, classes]`: log-probabilities.
    public let logp: TensorValue
    /// `[rows, hidden]`: the hidden units.
    public let z: TensorValue
  }

  /// Classifies texts, some hundred at a time.
  ///
  /// A text without any known term gets the classes' shares in training.
  ///
  /// - Parameters:
  ///   - texts: any number.
  ///   - ops: the job's operations.
  ///   - checkStop: called between the batches; throws when the work is to end.
  /// - Complexity: O(terms · hidden + rows · hidden · classes).
  public func answer(
    _ texts: [String], on ops: OpTable, checkStop: () throws -> Void = {}
  ) throws -> Answer {
    var (logp, z): ([Float], [Float]) = ([], [])
    for batch in batches(of: texts.count, size: 256) {
      try checkStop()
      let rows = try features.rows(for: batch.map { texts[$0] })
      let hidden = try network.representation(.sparse(rows.batch(on: ops)), parameters)
      z += try hidden.floats()
      let start = logp.count
      logp += try network.logits(fromRepresentation: hidden, parameters).logSoftmax().floats()
      for row in 0..<rows.rowCount where rows.offsets[row] == rows.offsets[row + 1] {
        let first = start + row * labels.count
        logp.replaceSubrange(first..<(first + labels.count), with: logPrior)
      }
    }
    return Answer(
      logp: try TensorValue(shape: [texts.count, labels.count], logp),
      z: try TensorValue(shape: [texts.count, network.layers[0].outputs], z))
  }
}

extension TextNetwork {
  /// Reads a network from a model.
  ///
  /// - Parameters:
  ///   - model: of this format.
  ///   - ops: where its parameters go.
  /// - Throws: `AgentFailure` when the format is another one or the model is not whole.
  public init(from model: Model, on ops: OpTable) throws {
    guard model.format == Self.format else {
      throw AgentFailure(
        .invalidArgument, "the model's format is \(model.format), not \(Self.format)",
        where: "model")
    }
    let labels = try model.labels()
    let features = try TextFeatures(from: model)
    guard let hidden = model.metadata["settings"]?["hidden"]?.intValue, hidden > 0 else {
      throw AgentFailure(.dataLoss, "the model's metadata has no 'settings.hidden'", where: "model")
    }
    let network = MLP(inputs: features.count, hidden: [hidden], outputs: labels.count)
    let parameters = try Parameters(network.parameterNames, from: model, on: ops)
    for layer in network.layers {
      let wanted = [[layer.inputs, layer.outputs], [layer.outputs]]
      for (name, shape) in zip(layer.parameterNames, wanted) {
        let found = try parameters.tensor(name).shape
        guard found == shape else {
          throw AgentFailure(
            .dataLoss, "has the shape \(found), not \(shape)", where: "model, \(name)")
        }
      }
    }
    let logPrior = try model.tensor("prior").floats()
    guard logPrior.count == labels.count else {
      throw AgentFailure(
        .dataLoss, "has \(logPrior.count) numbers for \(labels.count) classes",
        where: "model, prior")
    }
    self.init(
      labels: labels, features: features, network: network, parameters: parameters,
      logPrior: logPrior)
  }

  /// The model of this network.
  ///
  /// - Parameters:
  ///   - settings: how it was trained.
  ///   - record: what else is worth knowing of its training, an object.
  public func draft(settings: MLPSettings, record: JSONValue) throws -> ModelDraft {
    var draft = ModelDraft(task: "text.classify/1", format: Self.format, metadata: record)
    draft.metadata["labels"] = .array(labels.map(JSONValue.string))
    draft.metadata["settings"] = settings.json
    try features.write(to: &draft)
    try parameters.write(to: &draft)
    try draft.add("prior", shape: [logPrior.count], logPrior)
    return draft
  }
}
