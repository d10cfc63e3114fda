import Autodiff
import CadreABI
import TensorCore

/// Turns the attribute struct of a call into the operation's attributes.
///
/// NULL, and every field beyond the struct's size, stands for the default that the operation itself
/// states.
enum AttributeDecoder {
  /// The attributes of a call.
  ///
  /// - Parameters:
  ///   - attributes: NULL for all defaults.
  ///   - definition: the operation.
  static func decode(
    _ attributes: UnsafeRawPointer?, for definition: OpDefinition
  ) throws -> OpAttributes {
    guard let attributes else { return .none }
    let reader = try AttributeReader(attributes, op: definition.id)
    switch definition.defaultAttributes {
    case .none: return .none
    case .matmul(let transposeA, let transposeB):
      return .matmul(
        transposeA: reader.flag(endingAt: CADRE_END_cadre_attr_matmul_transpose_a) ?? transposeA,
        transposeB: reader.flag(endingAt: CADRE_END_cadre_attr_matmul_transpose_b) ?? transposeB)
    case .linear(let activation, let transposeW):
      return .linear(
        activation: try reader.activation() ?? activation,
        transposeW: reader.flag(endingAt: CADRE_END_cadre_attr_linear_transpose_w) ?? transposeW)
    case .scale(let factor):
      return .scale(reader.number(endingAt: CADRE_END_cadre_attr_scale_factor) ?? factor)
    case .slope(let alpha):
      return .slope(alpha: reader.number(endingAt: CADRE_END_cadre_attr_slope_alpha) ?? alpha)
    case .gelu(let approximate):
      return .gelu(
        approximate: reader.flag(endingAt: CADRE_END_cadre_attr_gelu_approximate) ?? approximate)
    case .cast(let dtype): return .cast(try reader.dtype() ?? dtype)
    case .norm(let epsilon):
      return .norm(epsilon: reader.number(endingAt: CADRE_END_cadre_attr_norm_epsilon) ?? epsilon)
    case .order(let initial): return .order(try reader.order(initial))
    case .dropout(let rate):
      return .dropout(reader.number(endingAt: CADRE_END_cadre_attr_dropout_rate) ?? rate)
    case .clip(let norm):
      return .clip(
        maximumNorm: reader.number(endingAt: CADRE_END_cadre_attr_clip_maximum_norm) ?? norm)
    case .sgdStep(let initial): return .sgdStep(reader.sgd(initial))
    case .adamStep(let initial): return .adamStep(try reader.adam(initial))
    case .opaque: return .opaque(try reader.bytes())
    case .reduce, .axis, .axes, .shape, .split, .pad, .slice:
      return try reader.axisAttributes(definition.defaultAttributes)
    }
  }
}

extension AttributeReader {
  fileprivate func activation() throws -> Activation? {
    guard let number = load(UInt32.self, endingAt: CADRE_END_cadre_attr_linear_activation) else {
      return nil
    }
    switch Int(number) {
    case CADRE_IDENTITY: return .identity
    case CADRE_RELU: return .relu
    case CADRE_TANH: return .tanh
    case CADRE_SIGMOID: return .sigmoid
    case CADRE_GELU: return .gelu
    case CADRE_GELU_TANH: return .geluTanh
    case CADRE_SILU: return .silu
    default: throw refusal("name activation \(number), which this host does not have")
    }
  }

  fileprivate func dtype() throws -> DType? {
    guard let number = load(UInt32.self, endingAt: CADRE_END_cadre_attr_cast_dtype) else {
      return nil
    }
    guard let dtype = DType(abi: number) else {
      throw refusal("name element type \(number), which is none that tensors have")
    }
    return dtype
  }

  fileprivate func order(_ initial: OrderAttributes) throws -> OrderAttributes {
    OrderAttributes(
      axis: try integer("axis", endingAt: CADRE_END_cadre_attr_order_axis) ?? initial.axis,
      descending: flag(endingAt: CADRE_END_cadre_attr_order_descending) ?? initial.descending,
      k: try count("k", endingAt: CADRE_END_cadre_attr_order_k) ?? initial.k,
      smallest: flag(endingAt: CADRE_END_cadre_attr_order_smallest) ?? initial.smallest)
  }

  fileprivate func sgd(_ initial: SGDRule) -> SGDRule {
    func read(_ end: Int, or initial: Float) -> Float {
      number(endingAt: end).map(Float.init) ?? initial
    }
    return SGDRule(
      learningRate: read(CADRE_END_cadre_attr_sgd_learning_rate, or: initial.learningRate),
      momentum: read(CADRE_END_cadre_attr_sgd_momentum, or: initial.momentum),
      weightDecay: read(CADRE_END_cadre_attr_sgd_weight_decay, or: initial.weightDecay))
  }

  fileprivate func adam(_ initial: AdamRule) throws -> AdamRule {
    func read(_ end: Int, or initial: Float) -> Float {
      number(endingAt: end).map(Float.init) ?? initial
    }
    return AdamRule(
      learningRate: read(CADRE_END_cadre_attr_adam_learning_rate, or: initial.learningRate),
      beta1: read(CADRE_END_cadre_attr_adam_beta1, or: initial.beta1),
      beta2: read(CADRE_END_cadre_attr_adam_beta2, or: initial.beta2),
      epsilon: read(CADRE_END_cadre_attr_adam_epsilon, or: initial.epsilon),
      weightDecay: read(CADRE_END_cadre_attr_adam_weight_decay, or: initial.weightDecay),
      step: try count("step", endingAt: CADRE_END_cadre_attr_adam_step) ?? initial.step)
  }
}
