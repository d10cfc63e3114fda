import AgentKit

/// Named tensors that a network learns, in the order in which its layers made them.
///
/// Layers hold names, not tensors, so one network serves training, where its parameters are watched by a
/// tape, and inference, where they come from a model:
///
///     let parameters = try network.initialised(on: ops, seed: job.seed)
///     let (loss, gradients) = try parameters.gradients(on: ops) { watched in
///       try network.logits(batch, watched).crossEntropy(targets)
///     }
///     try optimiser.step(parameters, gradients, on: ops)
public struct Parameters: Sendable {
  /// The names, in order.
  public private(set) var names: [String] = []
  /// The tensors, in the order of the names.
  public private(set) var tensors: [Tensor] = []

  /// No parameters.
  public init() {}

  private init(names: [String], tensors: [Tensor]) {
    self.names = names
    self.tensors = tensors
  }

  /// Reads the parameters of a model.
  ///
  /// - Parameters:
  ///   - names: the tensors' names in the model.
  ///   - model: where they are.
  ///   - ops: where they go; copied.
  /// - Throws: `AgentFailure` with `notFound` for a name that the model does not have.
  public init(_ names: [String], from model: Model, on ops: OpTable) throws {
    self.names = names
    tensors = try names.map { try model.tensor($0, on: ops) }
  }

  /// Adds a parameter.
  ///
  /// - Throws: `AgentFailure` with `alreadyExists` for a name that is taken.
  public mutating func add(_ name: String, _ tensor: Tensor) throws(AgentFailure) {
    guard !names.contains(name) else {
      throw AgentFailure(.alreadyExists, "two layers have a parameter of this name", where: name)
    }
    names.append(name)
    tensors.append(tensor)
  }

  /// The parameter of that name.
  ///
  /// - Throws: `AgentFailure` with `notFound`.
  /// - Complexity: O(parameters), of which a network has a handful.
  public func tensor(_ name: String) throws(AgentFailure) -> Tensor {
    guard let index = names.firstIndex(of: name) else {
      throw AgentFailure(
        .notFound, "there is no such parameter; there are \(names.joined(separator: ", "))",
        where: name)
    }
    return tensors[index]
  }

  /// A loss and its gradients.
  ///
  /// - Parameters:
  ///   - ops: where it is computed.
  ///   - loss: a scalar from these parameters, watched by a tape.
  /// - Returns: the loss, and a gradient a parameter under the same names.
  public func gradients(
    on ops: OpTable, of loss: (Parameters) throws -> Tensor
  ) throws -> (loss: Tensor, gradients: Parameters) {
    let (value, gradients) = try ops.gradients(for: tensors) { watched in
      try loss(Parameters(names: names, tensors: watched))
    }
    return (value, Parameters(names: names, tensors: gradients))
  }

  /// The gradients scaled down so that their Euclidean norm is at most `limit`.
  ///
  /// - Returns: the same tensors when the norm is within the limit.
  public func clipped(toNorm limit: Double) throws -> Parameters {
    guard !tensors.isEmpty else { return self }
    let norm = Double(try Tensor.norm(tensors).item())
    guard norm > limit else { return self }
    return Parameters(
      names: names, tensors: try tensors.map { try $0.scaled(by: limit / norm) })
  }

  /// A copy of the values: what early stopping keeps of its best epoch.
  public func snapshot() throws(AgentFailure) -> [TensorValue] {
    var values: [TensorValue] = []
    for tensor in tensors { values.append(try tensor.value()) }
    return values
  }

  /// The parameters of a snapshot, as fresh tensors.
  public func restored(from snapshot: [TensorValue], on ops: OpTable) throws -> Parameters {
    Parameters(names: names, tensors: try snapshot.map { try ops.tensor($0) })
  }

  /// Adds all values to a model in the making.
  public func write(to draft: inout ModelDraft) throws(AgentFailure) {
    for (name, tensor) in zip(names, tensors) { try draft.add(name, tensor) }
  }
}
