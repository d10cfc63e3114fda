import TensorCore

/// The typed parameters of an operation, beside its tensors.
///
/// Operations that take the same parameters share a case. A bridge decodes its own attribute structs
/// into these; what a caller leaves out is taken from the operation's own defaults.
public enum OpAttributes: Sendable, Hashable {
  /// The operation takes no attributes; or, in a call, all of them have their defaults.
  case none
  /// For `matmul/1`.
  case matmul(transposeA: Bool, transposeB: Bool)
  /// For `linear/1`.
  case linear(activation: Activation, transposeW: Bool)
  /// For `scale/1`: what every element is multiplied with.
  case scale(Double)
  /// For `leaky_relu/1` and `elu/1`.
  case slope(alpha: Double)
  /// For `gelu/1`: whether tanh stands for erf.
  case gelu(approximate: Bool)
  /// For `cast/1`.
  case cast(DType)
  /// For reductions over axes; the correction is that of `variance/1`.
  case reduce(ReductionAxes, correction: Double)
  /// For operations along one axis; below 0 counts from the end.
  case axis(Int, keeps: Bool)
  /// For `flip/1` and `transpose/1`; nil stands for all axes.
  case axes([Int]?)
  /// For `reshape/1` and `broadcast/1`.
  case shape([Int])
  /// For `split/1`: one output a length.
  case split(lengths: [Int], axis: Int)
  /// For `pad/1`: one number an axis each.
  case pad(before: [Int], after: [Int], value: Double)
  /// For `slice/1`: one range an axis.
  case slice([SliceRange])
  /// For `layer_norm/1` and `rms_norm/1`.
  case norm(epsilon: Double)
  /// For `sort/1` and `top_k/1`.
  case order(OrderAttributes)
  /// For `dropout/1`: the probability that an element becomes zero.
  case dropout(Double)
  /// For `clip_norm/1`: the largest norm that stays as it is.
  case clip(maximumNorm: Double)
  /// For `sgd_step/1`.
  case sgdStep(SGDRule)
  /// For `adam_step/1`.
  case adamStep(AdamRule)
  /// For an operation registered from outside: bytes that only it understands.
  case opaque([UInt8])

  /// Which case it is, without the values.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    // One case for each of `OpAttributes`, by the same name.
    case none, matmul, linear, scale, slope, gelu, cast, reduce, axis, axes, shape, split, pad
    case slice, norm, order, dropout, clip, sgdStep, adamStep, opaque
  }

  /// Which case it is, without the values.
  public var kind: Kind {
    switch self {
    case .none: .none
    case .matmul: .matmul
    case .linear: .linear
    case .scale: .scale
    case .slope: .slope
    case .gelu: .gelu
    case .cast: .cast
    case .reduce: .reduce
    case .axis: .axis
    case .axes: .axes
    case .shape: .shape
    case .split: .split
    case .pad: .pad
    case .slice: .slice
    case .norm: .norm
    case .order: .order
    case .dropout: .dropout
    case .clip: .clip
    case .sgdStep: .sgdStep
    case .adamStep: .adamStep
    case .opaque: .opaque
    }
  }
}

/// Attributes of `sort/1` and `top_k/1`.
public struct OrderAttributes: Sendable, Hashable {
  /// Along which axis; below 0 counts from the end.
  public var axis: Int
  /// For `sort/1`: from the largest down.
  public var descending: Bool
  /// For `top_k/1`: how many.
  public var k: Int
  /// For `top_k/1`: the smallest, from the smallest up.
  public var smallest: Bool

  /// States the order.
  ///
  /// - Parameters:
  ///   - axis: along which axis.
  ///   - descending: for `sort/1`.
  ///   - k: for `top_k/1`.
  ///   - smallest: for `top_k/1`.
  public init(axis: Int = -1, descending: Bool = false, k: Int = 1, smallest: Bool = false) {
    self.axis = axis
    self.descending = descending
    self.k = k
    self.smallest = smallest
  }
}
