extension Tensor {
  /// Multiplies matrices.
  ///
  ///     let y = try x.matmul(w)  // [8, 4] · [4, 2] → [8, 2]
  ///
  /// - Parameters:
  ///   - other: `[..., K, N]`, or `[..., N, K]` when it is transposed; this tensor is `[..., M, K]`.
  ///     Leading axes are joined as in NumPy.
  ///   - transposingSelf: this tensor is `[..., K, M]`.
  ///   - transposingOther: the other one is `[..., N, K]`.
  /// - Returns: `[..., M, N]`.
  public func matmul(
    _ other: Tensor, transposingSelf: Bool = false, transposingOther: Bool = false
  ) throws(AgentFailure) -> Tensor {
    try table.run(
      .matmul, [self, other],
      .matmul(transposeA: transposingSelf, transposeB: transposingOther))
  }

  /// A layer in one go: `activation(x · weights + bias)`.
  ///
  /// - Parameters:
  ///   - weights: `[K, N]`, or `[N, K]` when they are transposed; this tensor is `[..., K]`.
  ///   - bias: `[N]`; nil: none.
  ///   - activation: what it ends with.
  ///   - transposingWeights: the weights are stored as `[N, K]`.
  /// - Returns: `[..., N]`.
  public func linear(
    _ weights: Tensor, _ bias: Tensor? = nil, activation: Activation = .identity,
    transposingWeights: Bool = false
  ) throws(AgentFailure) -> Tensor {
    try table.run(
      .linear, [self, weights] + (bias.map { [$0] } ?? []),
      .linear(activation, transposeW: transposingWeights))
  }
}
