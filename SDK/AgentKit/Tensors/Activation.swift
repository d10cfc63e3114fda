/// What a fused linear layer ends with.
///
/// The raw values are the ABI's.
public enum Activation: UInt32, Sendable, Hashable, CaseIterable {
  /// Nothing.
  case identity = 0
  /// `max(x, 0)`.
  case relu = 1
  /// The hyperbolic tangent.
  case tanh = 2
  /// `1 / (1 + exp(-x))`.
  case sigmoid = 3
  /// `x Φ(x)` by erf.
  case gelu = 4
  /// GELU's approximation by tanh.
  case geluTanh = 5
  /// `x sigmoid(x)`.
  case silu = 6
}

extension Tensor {
  /// The activation of every element.
  public func activated(by activation: Activation) throws(AgentFailure) -> Tensor {
    switch activation {
    case .identity: self
    case .relu: try relu()
    case .tanh: try tanh()
    case .sigmoid: try sigmoid()
    case .gelu: try gelu()
    case .geluTanh: try gelu(approximate: true)
    case .silu: try silu()
    }
  }
}
