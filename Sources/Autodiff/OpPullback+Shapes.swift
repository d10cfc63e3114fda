import TensorCore

/// What the gradients of several families share.
extension OpPullback {
  /// The gradient of an operand that was broadcast: the same numbers, summed to its shape.
  func unbroadcast(_ gradient: Tensor, to index: Int) throws -> Tensor {
    try sum(gradient, toShape: inputs[index].shape, context: context)
  }

  /// A number as a tensor that broadcasts to any other of the element type.
  func scalar(_ value: Double, _ dtype: DType) throws -> Tensor {
    dtype == .f64
      ? try .scalar(value, account: context.memory)
      : try .scalar(Float(value), account: context.memory)
  }

  /// A result of a reduction, or its gradient, with the reduced axes put back at length 1, so that
  /// it broadcasts to the operand.
  func keptAxes(_ reduced: Tensor, over axes: ReductionAxes, op: String) throws -> Tensor {
    let kept = ReductionAxes(axes.axes, keepAxes: true)
    let shape = try inputs[0].shape.reduced(over: kept, op: op)
    return try reduced.reshaped(shape.dimensions)
  }
}
