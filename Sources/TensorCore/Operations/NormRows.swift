/// The operands of a normalisation, dense, and where their rows begin.
struct NormRows {
  let x: Tensor
  let scale: Tensor?
  let shift: Tensor?
  let count, columns: Int
  private let width: Int

  init(
    _ x: Tensor, scale: Tensor?, shift: Tensor?, _ context: ComputeContext
  ) throws(TensorError) {
    self.x = try x.contiguous(account: context.memory)
    self.scale = try scale?.contiguous(account: context.memory)
    self.shift = try shift?.contiguous(account: context.memory)
    count = x.shape.rows
    columns = x.shape.columns
    width = x.dtype.byteSize
  }

  /// A tensor of one number a row.
  func perRow(_ context: ComputeContext) throws(TensorError) -> Tensor {
    try .uninitialized(
      TensorSpec(x.dtype, Shape([count], op: "norm")), account: context.memory)
  }

  /// Zeros of one number a column, to which gradients are added.
  func parameter(_ context: ComputeContext) throws(TensorError) -> Tensor {
    try .zeros(TensorSpec(x.dtype, Shape([columns], op: "norm")), account: context.memory)
  }

  func dense(
    _ statistics: NormStatistics, op: String, _ context: ComputeContext
  ) throws(TensorError) -> (mean: Tensor?, inverse: Tensor) {
    for tensor in [statistics.mean, statistics.inverse] {
      guard let tensor else { continue }
      try ShapeInference.require(
        tensor.dtype == x.dtype && tensor.shape.elementCount == count, op: op,
        [x.shape, tensor.shape], "statistics must be [rows], here [\(count)]")
    }
    return (
      try statistics.mean?.contiguous(account: context.memory),
      try statistics.inverse.contiguous(account: context.memory)
    )
  }

  func gradient(
    _ dy: Tensor, op: String, _ context: ComputeContext
  ) throws(TensorError) -> Tensor {
    try ShapeInference.require(
      dy.spec == x.spec, op: op, [x.shape, dy.shape],
      "the gradient must have the operand's shape and element type")
    return try dy.contiguous(account: context.memory)
  }

  func row(_ tensor: Tensor, _ range: Range<Int>) -> UnsafeMutableRawPointer {
    tensor.start + range.lowerBound * columns * width
  }

  func entry(_ tensor: Tensor, _ range: Range<Int>) -> UnsafeMutableRawPointer {
    tensor.start + range.lowerBound * width
  }

  /// Splits the rows among threads.
  func parallel(
    _ context: ComputeContext, splits: Bool = true, _ body: (Range<Int>) -> Void
  ) {
    withExtendedLifetime(self) {
      guard count > 0 else { return }
      guard splits else { return body(0..<count) }
      context.parallel(count, grain: max(Grain.elements / 2 / max(columns, 1), 1), body)
    }
  }
}
