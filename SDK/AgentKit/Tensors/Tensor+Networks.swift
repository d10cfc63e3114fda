extension Tensor {
  /// Softmax along an axis.
  public func softmax(axis: Int = -1) throws(AgentFailure) -> Tensor {
    try table.run(.softmax, [self], .axis(axis, keepAxis: false))
  }

  /// The logarithm of softmax along an axis, computed without overflow.
  public func logSoftmax(axis: Int = -1) throws(AgentFailure) -> Tensor {
    try table.run(.logSoftmax, [self], .axis(axis, keepAxis: false))
  }

  /// The mean cross-entropy of logits `[rows, classes]` (this tensor) with class indices.
  ///
  /// - Parameters:
  ///   - targets: `[rows]`, i64, each in `0..<classes`.
  ///   - classWeights: `[classes]`; the mean is weighted by them.
  /// - Returns: a scalar.
  public func crossEntropy(
    _ targets: Tensor, classWeights: Tensor? = nil
  ) throws(AgentFailure) -> Tensor {
    try table.run(.crossEntropy, [self, targets] + (classWeights.map { [$0] } ?? []))
  }

  /// Joins the log-probabilities of several members, this tensor `[members, rows, columns]`:
  /// the log-softmax of `Σ weights[m] · self[m]`.
  ///
  /// - Parameter weights: `[members]`.
  /// - Returns: `[rows, columns]`.
  public func logPool(weights: Tensor) throws(AgentFailure) -> Tensor {
    try table.run(.logPool, [self, weights])
  }

  /// Normalises along the innermost axis to mean 0 and variance 1, then scales and shifts.
  ///
  /// - Parameters:
  ///   - scale: `[columns]`; nil: 1.
  ///   - shift: `[columns]`; nil: 0. Not without `scale`.
  ///   - epsilon: added to the variance.
  public func layerNorm(
    scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5
  ) throws(AgentFailure) -> Tensor {
    guard scale != nil || shift == nil else {
      throw AgentFailure(.invalidArgument, "a shift needs a scale before it", where: "layer_norm")
    }
    return try table.run(
      .layerNorm, [self] + [scale, shift].compactMap { $0 }, .norm(epsilon: epsilon))
  }

  /// Divides by the root of the mean square along the innermost axis, then scales.
  ///
  /// - Parameters:
  ///   - scale: `[columns]`; nil: 1.
  ///   - epsilon: added to the mean square.
  public func rmsNorm(
    scale: Tensor? = nil, epsilon: Double = 1e-5
  ) throws(AgentFailure) -> Tensor {
    try table.run(.rmsNorm, [self] + (scale.map { [$0] } ?? []), .norm(epsilon: epsilon))
  }

  /// Zeroes elements with probability `rate` and scales the rest by `1 / (1 - rate)`; in training only.
  ///
  /// - Parameters:
  ///   - rate: in `0..<1`.
  ///   - seed: the generator's key.
  ///   - counter: its counter; take another one for each call. Same numbers, same bits.
  public func dropout(
    _ rate: Double, seed: UInt64, counter: UInt64
  ) throws(AgentFailure) -> Tensor {
    try table.run(.dropout, [self], .dropout(rate), seed: seed, counter: counter)
  }
}
