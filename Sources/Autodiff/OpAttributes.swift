import TensorCore

/// The typed parameters of an operation, beside its tensors: one case an operation that has any.
///
/// A bridge decodes its own attribute structs into these.
public enum OpAttributes: Sendable, Hashable {
  /// The operation takes no attributes.
  case none
  /// For `matmul/1`.
  case matmul(MatmulAttributes)
  /// For `scale/1`.
  case scale(ScaleAttributes)
  /// For `dropout/1`.
  case dropout(DropoutAttributes)
  /// For `sgd_step/1`.
  case sgdStep(SGDRule)
  /// For `adam_step/1`.
  case adamStep(AdamRule)
  /// For an operation registered from outside: bytes that only it understands.
  case opaque([UInt8])

  /// Which case it is, without the values.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// See `OpAttributes.none`.
    case none
    /// See `OpAttributes.matmul(_:)`.
    case matmul
    /// See `OpAttributes.scale(_:)`.
    case scale
    /// See `OpAttributes.dropout(_:)`.
    case dropout
    /// See `OpAttributes.sgdStep(_:)`.
    case sgdStep
    /// See `OpAttributes.adamStep(_:)`.
    case adamStep
    /// See `OpAttributes.opaque(_:)`.
    case opaque
  }

  /// Which case it is, without the values.
  public var kind: Kind {
    switch self {
    case .none: .none
    case .matmul: .matmul
    case .scale: .scale
    case .dropout: .dropout
    case .sgdStep: .sgdStep
    case .adamStep: .adamStep
    case .opaque: .opaque
    }
  }
}

/// Attributes of `matmul/1`.
public struct MatmulAttributes: Sendable, Hashable {
  /// Whether the first operand is stored transposed.
  public var transposeA: Bool
  /// Whether the second operand is stored transposed.
  public var transposeB: Bool

  /// Says which operands are stored transposed.
  ///
  /// - Parameters:
  ///   - transposeA: the first operand is `[K, M]`.
  ///   - transposeB: the second operand is `[N, K]`.
  public init(transposeA: Bool = false, transposeB: Bool = false) {
    self.transposeA = transposeA
    self.transposeB = transposeB
  }
}

/// Attributes of `scale/1`.
public struct ScaleAttributes: Sendable, Hashable {
  /// What every element is multiplied with.
  public var factor: Float

  /// States the factor.
  ///
  /// - Parameter factor: what every element is multiplied with.
  public init(factor: Float) { self.factor = factor }
}

/// Attributes of `dropout/1`.
public struct DropoutAttributes: Sendable, Hashable {
  /// The probability that an element becomes zero, in 0..<1; the rest is scaled by 1/(1−p).
  public var probability: Float

  /// States the probability.
  ///
  /// - Parameter probability: of an element becoming zero, in 0..<1.
  public init(probability: Float) { self.probability = probability }
}
