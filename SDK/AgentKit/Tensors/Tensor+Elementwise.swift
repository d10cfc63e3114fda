// Of floating-point tensors, unless stated.
extension Tensor {
  /// The distance from 0; of whole numbers too.
  public func absolute() throws(AgentFailure) -> Tensor { try table.run(.abs, [self]) }

  /// `e` to the power of every element.
  public func exp() throws(AgentFailure) -> Tensor { try table.run(.exp, [self]) }

  /// The natural logarithm.
  public func log() throws(AgentFailure) -> Tensor { try table.run(.log, [self]) }

  /// The square root.
  public func squareRoot() throws(AgentFailure) -> Tensor { try table.run(.sqrt, [self]) }

  /// `1 / √x`.
  public func reciprocalSquareRoot() throws(AgentFailure) -> Tensor {
    try table.run(.rsqrt, [self])
  }

  /// The sine.
  public func sin() throws(AgentFailure) -> Tensor { try table.run(.sin, [self]) }

  /// The cosine.
  public func cos() throws(AgentFailure) -> Tensor { try table.run(.cos, [self]) }

  /// The hyperbolic tangent.
  public func tanh() throws(AgentFailure) -> Tensor { try table.run(.tanh, [self]) }

  /// The error function.
  public func erf() throws(AgentFailure) -> Tensor { try table.run(.erf, [self]) }

  /// `1 / (1 + exp(-x))`.
  public func sigmoid() throws(AgentFailure) -> Tensor { try table.run(.sigmoid, [self]) }

  /// `max(x, 0)`.
  public func relu() throws(AgentFailure) -> Tensor { try table.run(.relu, [self]) }

  /// `x` above 0, `slope x` below.
  public func leakyRelu(slope: Double = 0.01) throws(AgentFailure) -> Tensor {
    try table.run(.leakyRelu, [self], .slope(slope))
  }

  /// `x` above 0, `alpha (exp(x) - 1)` below.
  public func elu(alpha: Double = 1) throws(AgentFailure) -> Tensor {
    try table.run(.elu, [self], .slope(alpha))
  }

  /// `x Φ(x)`, with the normal distribution's Φ.
  ///
  /// - Parameter approximate: by tanh instead of erf.
  public func gelu(approximate: Bool = false) throws(AgentFailure) -> Tensor {
    try table.run(.gelu, [self], .gelu(approximate: approximate))
  }

  /// `x sigmoid(x)`.
  public func silu() throws(AgentFailure) -> Tensor { try table.run(.silu, [self]) }

  /// The same numbers in another element type.
  public func cast(to type: ElementType) throws(AgentFailure) -> Tensor {
    try table.run(.cast, [self], .cast(type))
  }
}
