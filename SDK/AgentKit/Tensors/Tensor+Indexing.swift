// Indices are i64 or i32. What is found by them keeps its gradient; positions have none.
extension Tensor {
  /// Rows of this table `[features, ...]`, by index.
  ///
  /// - Parameter indices: `[...]`, each in `0..<features`.
  /// - Returns: the indices' shape, followed by that of a row.
  public func embedding(_ indices: Tensor) throws(AgentFailure) -> Tensor {
    try table.run(.embedding, [self, indices])
  }

  /// Multiplies a sparse matrix with this table: `y[r] = Σ weights[i] · self[indices[i]]` over the entries
  /// `i` of row `r`.
  ///
  /// - Parameters:
  ///   - indices: `[n]`, i32, each in `0..<features`; this tensor is `[features, width]`.
  ///   - offsets: `[rows + 1]`, i32: where each row's entries begin, and at last `n`.
  ///   - weights: `[n]`.
  /// - Returns: `[rows, width]`.
  public func embeddingBag(
    indices: Tensor, offsets: Tensor, weights: Tensor
  ) throws(AgentFailure) -> Tensor {
    try table.run(.embeddingBag, [self, indices, offsets, weights])
  }

  /// Elements along an axis by index: of each line of this tensor those that the same line of `indices` names.
  ///
  /// - Parameters:
  ///   - indices: of this tensor's shape but for the axis.
  ///   - axis: along which.
  /// - Returns: the indices' shape.
  public func gather(_ indices: Tensor, axis: Int = -1) throws(AgentFailure) -> Tensor {
    try table.run(.gather, [self, indices], .axis(axis, keepAxis: false))
  }

  /// This tensor with `updates` added where `indices` point to along an axis; the opposite of `gather`.
  ///
  /// - Parameters:
  ///   - updates: of the indices' shape.
  ///   - indices: of this tensor's shape but for the axis; one that comes twice adds twice.
  ///   - axis: along which.
  public func scatterAdding(
    _ updates: Tensor, at indices: Tensor, axis: Int = -1
  ) throws(AgentFailure) -> Tensor {
    try table.run(.scatterAdd, [self, indices, updates], .axis(axis, keepAxis: false))
  }

  /// Sorts along an axis; equals keep their order.
  ///
  /// - Returns: the values, and where each one stood, i64.
  public func sorted(
    axis: Int = -1, descending: Bool = false
  ) throws(AgentFailure) -> (values: Tensor, positions: Tensor) {
    try ordered(.sort, .order(axis: axis, descending: descending, k: 1, smallest: false))
  }

  /// The greatest `k` along an axis, from the greatest down.
  ///
  /// - Parameters:
  ///   - k: how many; at most the axis's length.
  ///   - axis: along which.
  ///   - smallest: the smallest instead, from the smallest up.
  /// - Returns: the values, and where each one stood, i64.
  public func topK(
    _ k: Int, axis: Int = -1, smallest: Bool = false
  ) throws(AgentFailure) -> (values: Tensor, positions: Tensor) {
    guard k >= 0 else { throw AgentFailure(.invalidArgument, "\(k) elements", where: "top_k") }
    return try ordered(.topK, .order(axis: axis, descending: false, k: k, smallest: smallest))
  }

  private func ordered(
    _ op: OpName, _ attributes: OpAttributes
  ) throws(AgentFailure) -> (values: Tensor, positions: Tensor) {
    let results = try table.run(op, [self], attributes, outputs: 2)
    return (results[0], results[1])
  }
}
