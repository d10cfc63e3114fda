// Axes below 0 count from the end; nil stands for all of them. Reduced axes go, or stay with length 1.
extension Tensor {
  /// The sum over axes.
  public func sum(axes: [Int]? = nil, keepAxes: Bool = false) throws(AgentFailure) -> Tensor {
    try reduced(.sum, axes, keepAxes)
  }

  /// The mean over axes.
  public func mean(axes: [Int]? = nil, keepAxes: Bool = false) throws(AgentFailure) -> Tensor {
    try reduced(.mean, axes, keepAxes)
  }

  /// The greatest element over axes.
  public func max(axes: [Int]? = nil, keepAxes: Bool = false) throws(AgentFailure) -> Tensor {
    try reduced(.max, axes, keepAxes)
  }

  /// The smallest element over axes.
  public func min(axes: [Int]? = nil, keepAxes: Bool = false) throws(AgentFailure) -> Tensor {
    try reduced(.min, axes, keepAxes)
  }

  /// `log Σ exp(x)` over axes, computed without overflow.
  public func logSumExp(
    axes: [Int]? = nil, keepAxes: Bool = false
  ) throws(AgentFailure) -> Tensor {
    try reduced(.logsumexp, axes, keepAxes)
  }

  /// The variance over axes.
  ///
  /// - Parameters:
  ///   - axes: which; nil: all.
  ///   - keepAxes: reduced axes stay, with length 1.
  ///   - correction: the sum of squares is divided by the count less this; 1 for a sample.
  public func variance(
    axes: [Int]? = nil, keepAxes: Bool = false, correction: Double = 0
  ) throws(AgentFailure) -> Tensor {
    try reduced(.variance, axes, keepAxes, correction: correction)
  }

  /// The Euclidean norm over axes.
  public func norm(axes: [Int]? = nil, keepAxes: Bool = false) throws(AgentFailure) -> Tensor {
    try reduced(.norm, axes, keepAxes)
  }

  /// The Euclidean norm of all elements of all tensors together, a scalar.
  ///
  /// - Throws: `AgentFailure` with `invalidArgument` for no tensors.
  public static func norm(_ tensors: [Tensor]) throws(AgentFailure) -> Tensor {
    try table(of: tensors, .norm).run(.norm, tensors)
  }

  /// The position of the greatest element along an axis, i64; of the first of equals.
  public func argmax(axis: Int = -1, keepAxis: Bool = false) throws(AgentFailure) -> Tensor {
    try table.run(.argmax, [self], .axis(axis, keepAxis: keepAxis))
  }

  /// The position of the smallest element along an axis, i64; of the first of equals.
  public func argmin(axis: Int = -1, keepAxis: Bool = false) throws(AgentFailure) -> Tensor {
    try table.run(.argmin, [self], .axis(axis, keepAxis: keepAxis))
  }

  private func reduced(
    _ op: OpName, _ axes: [Int]?, _ keepAxes: Bool, correction: Double = 0
  ) throws(AgentFailure) -> Tensor {
    try table.run(
      op, [self], .reduce(axes: axes, keepAxes: keepAxes, correction: correction))
  }
}
