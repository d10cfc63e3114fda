extension Tensor {
  /// Multiplies matrices.
  ///
  ///     let y = try x.matmul(w)  // [8, 4] · [4, 2] → [8, 2]
  ///
  /// - Parameters:
  ///   - other: `[K, N]`, or `[N, K]` when it is transposed; this tensor is `[M, K]`.
  ///   - transposingSelf: this tensor is `[K, M]`.
  ///   - transposingOther: the other one is `[N, K]`.
  /// - Returns: `[M, N]`.
  public func matmul(
    _ other: Tensor, transposingSelf: Bool = false, transposingOther: Bool = false
  ) throws(AgentFailure) -> Tensor {
    try table.run(
      .matmul, [self, other],
      .matmul(transposeA: transposingSelf, transposeB: transposingOther))
  }

  /// Adds by element; the second operand has the shape of the first, or is a row `[columns]`.
  public static func + (left: Tensor, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.table.run(.add, [left, right])
  }

  /// Multiplies by element; the second operand has the shape of the first, or is a row `[columns]`.
  public static func * (left: Tensor, right: Tensor) throws(AgentFailure) -> Tensor {
    try left.table.run(.mul, [left, right])
  }

  /// Multiplies every element with a factor.
  public func scaled(by factor: Double) throws(AgentFailure) -> Tensor {
    try table.run(.scale, [self], .scale(factor))
  }

  /// `max(x, 0)` of every element.
  public func relu() throws(AgentFailure) -> Tensor { try table.run(.relu, [self]) }

  /// The hyperbolic tangent of every element.
  public func tanh() throws(AgentFailure) -> Tensor { try table.run(.tanh, [self]) }

  /// Softmax along the innermost axis.
  public func softmax() throws(AgentFailure) -> Tensor { try table.run(.softmax, [self]) }

  /// The logarithm of softmax along the innermost axis, computed without overflow.
  public func logSoftmax() throws(AgentFailure) -> Tensor { try table.run(.logSoftmax, [self]) }

  /// The mean cross-entropy of logits `[rows, classes]` (this tensor) with class indices.
  ///
  /// - Parameters:
  ///   - targets: `[rows]`, i64, each in `0..<classes`.
  ///   - classWeights: `[classes]`, f32; the mean is weighted by them.
  /// - Returns: a scalar.
  public func crossEntropy(
    _ targets: Tensor, classWeights: Tensor? = nil
  ) throws(AgentFailure) -> Tensor {
    try table.run(.crossEntropy, [self, targets] + (classWeights.map { [$0] } ?? []))
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

  /// Multiplies a sparse matrix with this table: `y[r] = Σ weights[i] · self[indices[i]]` over the entries
  /// `i` of row `r`.
  ///
  /// - Parameters:
  ///   - indices: `[n]`, i32, each in `0..<features`; this tensor is `[features, width]`.
  ///   - offsets: `[rows + 1]`, i32: where each row's entries begin, and at last `n`.
  ///   - weights: `[n]`, f32.
  /// - Returns: `[rows, width]`.
  public func embeddingBag(
    indices: Tensor, offsets: Tensor, weights: Tensor
  ) throws(AgentFailure) -> Tensor {
    try table.run(.embeddingBag, [self, indices, offsets, weights])
  }

  /// The sum of all elements, a scalar.
  public func sum() throws(AgentFailure) -> Tensor { try table.run(.sum, [self]) }

  /// The mean of all elements, a scalar.
  public func mean() throws(AgentFailure) -> Tensor { try table.run(.mean, [self]) }

  /// The index of the greatest element along the innermost axis, i64.
  public func argmax() throws(AgentFailure) -> Tensor { try table.run(.argmax, [self]) }

  /// Joins tensors along the innermost axis.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for no tensors.
  public static func concat(_ tensors: [Tensor]) throws(AgentFailure) -> Tensor {
    try first(of: tensors, "concat").run(.concat, tensors)
  }

  /// The Euclidean norm of all elements of all tensors together, a scalar.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for no tensors.
  public static func norm(_ tensors: [Tensor]) throws(AgentFailure) -> Tensor {
    try first(of: tensors, "norm").run(.norm, tensors)
  }

  private static func first(of tensors: [Tensor], _ op: String) throws(AgentFailure) -> OpTable {
    guard let table = tensors.first?.table else {
      throw AgentFailure(.invalidArgument, "needs at least one tensor", where: op)
    }
    return table
  }
}
