extension OpTable {
  /// One step of stochastic gradient descent, in place.
  ///
  /// - Parameters:
  ///   - parameter: what is learned; changed.
  ///   - gradient: of the same shape.
  ///   - velocity: of the same shape, zeros at first; changed. Needed with `momentum`.
  ///   - learningRate: the size of the step.
  ///   - momentum: the share of the velocity that is kept.
  ///   - weightDecay: the share of the parameter that is added to the gradient.
  public func sgdStep(
    _ parameter: Tensor, gradient: Tensor, velocity: Tensor? = nil, learningRate: Double,
    momentum: Double = 0, weightDecay: Double = 0
  ) throws(AgentFailure) {
    try step(
      .sgdStep, [parameter, gradient] + (velocity.map { [$0] } ?? []),
      .sgd(learningRate: learningRate, momentum: momentum, weightDecay: weightDecay))
  }

  /// One step of Adam, in place; with `weightDecay` decoupled from the gradient (AdamW).
  ///
  /// - Parameters:
  ///   - parameter: what is learned; changed.
  ///   - gradient: of the same shape.
  ///   - first: the first moment, zeros at first; changed.
  ///   - second: the second moment, zeros at first; changed.
  ///   - number: the step's number, from 1; corrects the moments' bias.
  ///   - settings: rates of learning and forgetting.
  public func adamStep(
    _ parameter: Tensor, gradient: Tensor, first: Tensor, second: Tensor, number: Int,
    _ settings: AdamSettings
  ) throws(AgentFailure) {
    guard number >= 1 else {
      throw AgentFailure(.invalidArgument, "steps count from 1, not \(number)", where: "adam_step")
    }
    try step(
      .adamStep, [parameter, gradient, first, second], .adam(settings, step: UInt64(number)))
  }

  /// Adds a tensor to another in place: gradients of several small batches become one.
  ///
  /// - Parameters:
  ///   - target: changed.
  ///   - addend: of the same shape and element type.
  public func accumulate(_ target: Tensor, adding addend: Tensor) throws(AgentFailure) {
    try step(.accumulate, [target, addend])
  }

  /// Scales tensors in place so that the Euclidean norm of all their elements is at most `maximum`.
  ///
  /// - Parameters:
  ///   - tensors: gradients, as a rule; left as they are where the norm is within the limit.
  ///   - maximum: above 0.
  /// - Returns: the norm before, a scalar.
  @discardableResult
  public func clipNorm(_ tensors: [Tensor], to maximum: Double) throws(AgentFailure) -> Tensor {
    try step(.clipNorm, tensors, .clip(maximum), outputs: 1)[0]
  }
}

/// Rates of Adam.
///
/// The defaults are those of Kingma and Ba, "Adam: a method for stochastic optimization" (2015).
public struct AdamSettings: Sendable, Hashable {
  /// The size of the step.
  public var learningRate: Double
  /// The share of the first moment that is kept.
  public var beta1: Double
  /// The share of the second moment that is kept.
  public var beta2: Double
  /// Keeps the division finite.
  public var epsilon: Double
  /// The share of the parameter that is subtracted, times the learning rate.
  public var weightDecay: Double

  /// Rates of Adam.
  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}
