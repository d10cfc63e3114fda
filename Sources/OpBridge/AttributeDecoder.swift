import Autodiff
import CadreABI
import TensorCore

/// Reads the attribute struct of an operation by its size prefix.
///
/// What lies beyond the size that the caller states has its default, so an agent built against an
/// older header keeps working.
struct AttributeDecoder {
  private let start: UnsafeRawPointer?
  private let size: Int

  /// - Parameter attributes: nil stands for all defaults.
  init(_ attributes: UnsafeRawPointer?, op: String) throws {
    start = attributes
    size = attributes.map { Int($0.load(as: UInt32.self)) } ?? 0
    guard attributes == nil || size >= MemoryLayout<UInt32>.size else {
      throw BridgeError(
        CADRE_INVALID_ARGUMENT, op,
        "the attributes state a size of \(size); set it to CADRE_END_<type>_<last field>")
    }
  }

  /// The attributes of an operation.
  static func decode(
    _ attributes: UnsafeRawPointer?, for definition: OpDefinition
  ) throws -> OpAttributes {
    let reader = try AttributeDecoder(attributes, op: definition.id)
    switch definition.attributes {
    case .none: return .none
    case .matmul:
      return .matmul(
        MatmulAttributes(
          transposeA: reader.flag(endingAt: CADRE_END_cadre_attr_matmul_transpose_a),
          transposeB: reader.flag(endingAt: CADRE_END_cadre_attr_matmul_transpose_b)))
    case .scale:
      return .scale(
        ScaleAttributes(factor: reader.number(endingAt: CADRE_END_cadre_attr_scale_factor, else: 1))
      )
    case .dropout:
      return .dropout(
        DropoutAttributes(
          probability: reader.number(endingAt: CADRE_END_cadre_attr_dropout_rate, else: 0)))
    case .sgdStep:
      return .sgdStep(
        SGDRule(
          learningRate: reader.number(endingAt: CADRE_END_cadre_attr_sgd_learning_rate, else: 0.01),
          momentum: reader.number(endingAt: CADRE_END_cadre_attr_sgd_momentum, else: 0),
          weightDecay: reader.number(endingAt: CADRE_END_cadre_attr_sgd_weight_decay, else: 0)))
    case .adamStep: return .adamStep(reader.adam(op: definition.id))
    case .opaque:
      guard let attributes else { return .opaque([]) }
      return .opaque(Array(UnsafeRawBufferPointer(start: attributes, count: reader.size)))
    }
  }

  private func adam(op: String) -> AdamRule {
    AdamRule(
      learningRate: number(endingAt: CADRE_END_cadre_attr_adam_learning_rate, else: 0.001),
      beta1: number(endingAt: CADRE_END_cadre_attr_adam_beta1, else: 0.9),
      beta2: number(endingAt: CADRE_END_cadre_attr_adam_beta2, else: 0.999),
      epsilon: number(endingAt: CADRE_END_cadre_attr_adam_epsilon, else: 1e-8),
      weightDecay: number(endingAt: CADRE_END_cadre_attr_adam_weight_decay, else: 0),
      step: Int(clamping: load(UInt64.self, endingAt: CADRE_END_cadre_attr_adam_step) ?? 1))
  }

  private func load<T: BitwiseCopyable>(_ type: T.Type, endingAt end: Int) -> T? {
    guard let start, size >= end else { return nil }
    return start.loadUnaligned(fromByteOffset: end - MemoryLayout<T>.size, as: type)
  }

  private func flag(endingAt end: Int) -> Bool { (load(UInt32.self, endingAt: end) ?? 0) != 0 }

  private func number(endingAt end: Int, else initial: Float) -> Float {
    load(Double.self, endingAt: end).map { Float($0) } ?? initial
  }
}
