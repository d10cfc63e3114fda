import AgentKit

/// Changes parameters by their gradients, in place.
public protocol Optimiser {
  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: what is learned; changed in place.
  ///   - gradients: under the same names.
  ///   - ops: where it is computed.
  mutating func step(_ parameters: Parameters, _ gradients: Parameters, on ops: OpTable) throws
}

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
///
/// Biases do not decay, as is the custom: they are few and pulling them to zero only hurts.
public struct AdamOptimizer: Optimiser {
  /// Rates; may be changed between steps (a schedule).
  public var settings: AdamSettings
  /// The steps that were taken.
  public private(set) var stepCount = 0
  private var first: [Tensor] = []
  private var second: [Tensor] = []

  /// An optimiser before its first step.
  public init(_ settings: AdamSettings = AdamSettings()) { self.settings = settings }

  /// Takes one step; see `Optimiser`.
  public mutating func step(
    _ parameters: Parameters, _ gradients: Parameters, on ops: OpTable
  ) throws {
    if first.isEmpty {
      first = try parameters.tensors.map { try ops.zeros($0.shape) }
      second = try parameters.tensors.map { try ops.zeros($0.shape) }
    }
    stepCount += 1
    for (index, name) in parameters.names.enumerated() {
      var settings = settings
      if name.hasSuffix(".bias") { settings.weightDecay = 0 }
      try ops.adamStep(
        parameters.tensors[index], gradient: gradients.tensor(name), first: first[index],
        second: second[index], number: stepCount, settings)
    }
  }
}

/// Stochastic gradient descent with momentum.
public struct SGDOptimizer: Optimiser {
  /// The size of a step; may be changed between steps (a schedule).
  public var learningRate: Double
  /// The share of the velocity that is kept.
  public var momentum: Double
  /// The share of a parameter that is added to its gradient; biases do not decay.
  public var weightDecay: Double
  private var velocities: [Tensor] = []

  /// An optimiser before its first step.
  public init(learningRate: Double = 0.1, momentum: Double = 0.9, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// Takes one step; see `Optimiser`.
  public mutating func step(
    _ parameters: Parameters, _ gradients: Parameters, on ops: OpTable
  ) throws {
    if velocities.isEmpty {
      velocities = try parameters.tensors.map { try ops.zeros($0.shape) }
    }
    for (index, name) in parameters.names.enumerated() {
      try ops.sgdStep(
        parameters.tensors[index], gradient: gradients.tensor(name), velocity: velocities[index],
        learningRate: learningRate, momentum: momentum,
        weightDecay: name.hasSuffix(".bias") ? 0 : weightDecay)
    }
  }
}
