import Glibc
import TensorKernels

/// How stochastic gradient descent steps.
public struct SGDRule: Sendable, Hashable {
  /// The length of a step, finite and not negative.
  public var learningRate: Float
  /// What is kept of the last step's direction, in 0..<1.
  public var momentum: Float
  /// The strength of the pull towards zero (L2), finite and not negative.
  public var weightDecay: Float

  /// States the rule.
  ///
  /// - Parameters:
  ///   - learningRate: the length of a step.
  ///   - momentum: what is kept of the last step's direction; needs a velocity if not 0.
  ///   - weightDecay: the strength of the pull towards zero, added to the gradient.
  public init(learningRate: Float, momentum: Float = 0, weightDecay: Float = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }
}

/// How Adam steps (Kingma and Ba 2015).
///
/// With a weight decay it is AdamW (Loshchilov and Hutter 2019).
public struct AdamRule: Sendable, Hashable {
  /// The length of a step, finite and not negative.
  public var learningRate: Float
  /// Decay of the mean of gradients, in 0..<1.
  public var beta1: Float
  /// Decay of the mean of squared gradients, in 0..<1.
  public var beta2: Float
  /// Added to the root of the second moment; above 0.
  public var epsilon: Float
  /// Decoupled: the parameter shrinks by `learningRate · weightDecay` a step.
  public var weightDecay: Float
  /// The number of this step, counted from 1.
  public var step: Int

  /// States the rule.
  ///
  /// - Parameters:
  ///   - learningRate: the length of a step.
  ///   - beta1: decay of the mean of gradients.
  ///   - beta2: decay of the mean of squared gradients.
  ///   - epsilon: added to the root of the second moment.
  ///   - weightDecay: decoupled weight decay.
  ///   - step: the number of this step, counted from 1.
  public init(
    learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, step: Int
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.step = step
  }
}

extension ShapeInference {
  /// The rule of `sgdStep`: all operands f32 of one shape.
  ///
  /// - Parameters:
  ///   - operands: parameter, gradient and, with momentum, velocity.
  ///   - rule: how to step.
  public static func sgdStep(_ operands: [TensorSpec], rule: SGDRule) throws(TensorError) {
    let shapes = try sameShape(operands, op: "sgd_step")
    try finite(rule.learningRate, "the learning rate", op: "sgd_step", shapes)
    try finite(rule.weightDecay, "the weight decay", op: "sgd_step", shapes)
    try fraction(rule.momentum, "the momentum", op: "sgd_step", shapes)
    try require(
      rule.momentum == 0 || operands.count == 3, .invalidValue, op: "sgd_step", shapes,
      "a momentum of \(rule.momentum) needs a velocity as third operand")
  }

  /// The rule of `adamStep`: all operands f32 of one shape.
  ///
  /// - Parameters:
  ///   - operands: parameter, gradient, first and second moment.
  ///   - rule: how to step.
  public static func adamStep(_ operands: [TensorSpec], rule: AdamRule) throws(TensorError) {
    let shapes = try sameShape(operands, op: "adam_step")
    try finite(rule.learningRate, "the learning rate", op: "adam_step", shapes)
    try finite(rule.weightDecay, "the weight decay", op: "adam_step", shapes)
    try fraction(rule.beta1, "beta1", op: "adam_step", shapes)
    try fraction(rule.beta2, "beta2", op: "adam_step", shapes)
    try require(
      rule.epsilon > 0 && rule.epsilon.isFinite, .invalidValue, op: "adam_step", shapes,
      "epsilon must be finite and above 0, got \(rule.epsilon)")
    try require(
      rule.step >= 1, .invalidValue, op: "adam_step", shapes,
      "steps count from 1, got \(rule.step)")
  }

  private static func sameShape(
    _ operands: [TensorSpec], op: String
  ) throws(TensorError) -> [Shape] {
    let shapes = operands.map(\.shape)
    for operand in operands {
      try operand.require(.f32, op: op, operand: "each operand")
      try require(operand.shape == shapes[0], op: op, shapes, "all must have one shape")
    }
    return shapes
  }

  private static func finite(
    _ value: Float, _ what: String, op: String, _ shapes: [Shape]
  ) throws(TensorError) {
    try require(
      value >= 0 && value.isFinite, .invalidValue, op: op, shapes,
      "\(what) must be finite and not negative, got \(value)")
  }

  private static func fraction(
    _ value: Float, _ what: String, op: String, _ shapes: [Shape]
  ) throws(TensorError) {
    try require(
      value >= 0 && value < 1, .invalidValue, op: op, shapes,
      "\(what) must lie in 0..<1, got \(value)")
  }
}

/// Takes one step of gradient descent, in place.
///
/// `g' = g + decay·p; v = momentum·v + g'; p = p − rate·v`, PyTorch's form.
///
/// - Parameters:
///   - parameter: f32, overwritten.
///   - gradient: the parameter's shape.
///   - velocity: the parameter's shape, overwritten; zeros before the first step. Nil without
///     momentum.
///   - rule: how to step.
///   - context: kernels.
/// - Throws: `TensorError` before anything is written.
public func sgdStep(
  _ parameter: Tensor, gradient: Tensor, velocity: Tensor? = nil, rule: SGDRule,
  context: ComputeContext
) throws(TensorError) {
  let operands = [parameter, gradient] + (velocity.map { [$0] } ?? [])
  try ShapeInference.sgdStep(operands.map(\.spec), rule: rule)
  let written = [parameter] + (velocity.map { [$0] } ?? [])
  try requireInPlace(operands, written: written, op: "sgd_step")
  let gradient = try gradient.contiguous(account: context.memory)
  var values = tk_sgd(
    learning_rate: rule.learningRate, momentum: rule.momentum, weight_decay: rule.weightDecay)
  withExtendedLifetime(gradient) {
    context.kernels.pointee.optimizer.sgd_f32(
      parameter.shape.elementCount, &values, parameter.floats, gradient.floats, velocity?.floats)
  }
}

/// Takes one step of Adam, or AdamW where the rule has a weight decay, in place.
///
/// - Parameters:
///   - parameter: f32, overwritten.
///   - gradient: the parameter's shape.
///   - firstMoment: the parameter's shape, overwritten; zeros before the first step.
///   - secondMoment: the parameter's shape, overwritten; zeros before the first step.
///   - rule: how to step.
///   - context: kernels.
/// - Throws: `TensorError` before anything is written.
public func adamStep(
  _ parameter: Tensor, gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor,
  rule: AdamRule, context: ComputeContext
) throws(TensorError) {
  let operands = [parameter, gradient, firstMoment, secondMoment]
  try ShapeInference.adamStep(operands.map(\.spec), rule: rule)
  try requireInPlace(operands, written: [parameter, firstMoment, secondMoment], op: "adam_step")
  let gradient = try gradient.contiguous(account: context.memory)
  var values = tk_adam(
    learning_rate: rule.learningRate, beta1: rule.beta1, beta2: rule.beta2, epsilon: rule.epsilon,
    weight_decay: rule.weightDecay,
    correction1: Float(1 - pow(Double(rule.beta1), Double(rule.step))),
    correction2: Float(1 - pow(Double(rule.beta2), Double(rule.step))))
  withExtendedLifetime(gradient) {
    context.kernels.pointee.optimizer.adam_f32(
      parameter.shape.elementCount, &values, parameter.floats, gradient.floats,
      firstMoment.floats, secondMoment.floats)
  }
}
