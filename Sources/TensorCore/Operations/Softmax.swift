import TensorKernels

extension ShapeInference {
  /// The rule of `softmax` and `logSoftmax`: the shape of the operand.
  ///
  /// - Parameters:
  ///   - x: at least one axis, f32 or f64.
  ///   - axis: below 0 counts from the end.
  ///   - op: the operation to name in an error.
  public static func softmax(
    _ x: TensorSpec, axis: Int, op: String
  ) throws(TensorError) -> TensorSpec {
    try rowwise(x, op: op)
    _ = try x.shape.axis(axis, op: op)
    return x
  }
}

/// Softmax along an axis; the maximum is taken off first, so that exp cannot overflow.
///
/// - Parameters:
///   - x: at least one axis, f32 or f64.
///   - axis: below 0 counts from the end.
///   - context: kernels, memory, threads.
/// - Returns: the shape of `x`. A row with NaN or +∞, or of -∞ alone, becomes NaN.
public func softmax(
  _ x: Tensor, axis: Int = -1, context: ComputeContext
) throws(TensorError) -> Tensor {
  _ = try ShapeInference.softmax(x.spec, axis: axis, op: "softmax")
  let kernel = context.real(x.dtype).pointee.softmax.softmax
  return try alongRows([x], axis: axis, op: "softmax", context) { rows, columns, x, y in
    kernel?(rows, columns, x[0], y)
  }
}

/// The logarithm of softmax along an axis.
///
/// - Parameters:
///   - x: at least one axis, f32 or f64.
///   - axis: below 0 counts from the end.
///   - context: kernels, memory, threads.
/// - Returns: the shape of `x`.
public func logSoftmax(
  _ x: Tensor, axis: Int = -1, context: ComputeContext
) throws(TensorError) -> Tensor {
  _ = try ShapeInference.softmax(x.spec, axis: axis, op: "log_softmax")
  let kernel = context.real(x.dtype).pointee.softmax.log_softmax
  return try alongRows([x], axis: axis, op: "log_softmax", context) { rows, columns, x, y in
    kernel?(rows, columns, x[0], y)
  }
}

/// The gradient of `softmax(_:axis:context:)`.
///
/// - Parameters:
///   - y: what `softmax` returned.
///   - dy: the gradient of that.
///   - axis: as given there.
///   - context: kernels, memory, threads.
/// - Returns: the gradient of the operand: `y · (dy − Σ y·dy)` a row.
public func softmaxGradient(
  output y: Tensor, _ dy: Tensor, axis: Int = -1, context: ComputeContext
) throws(TensorError) -> Tensor {
  try requirePair(y, dy, op: "softmax gradient")
  let kernel = context.real(y.dtype).pointee.softmax.softmax_backward
  return try alongRows([y, dy], axis: axis, op: "softmax gradient", context) {
    kernel?($0, $1, $2[0], $2[1], $3)
  }
}

/// The gradient of `logSoftmax(_:axis:context:)`.
///
/// - Parameters:
///   - y: what `logSoftmax` returned.
///   - dy: the gradient of that.
///   - axis: as given there.
///   - context: kernels, memory, threads.
/// - Returns: the gradient of the operand: `dy − exp(y) · Σ dy` a row.
public func logSoftmaxGradient(
  output y: Tensor, _ dy: Tensor, axis: Int = -1, context: ComputeContext
) throws(TensorError) -> Tensor {
  try requirePair(y, dy, op: "log_softmax gradient")
  let kernel = context.real(y.dtype).pointee.softmax.log_softmax_backward
  return try alongRows([y, dy], axis: axis, op: "log_softmax gradient", context) {
    kernel?($0, $1, $2[0], $2[1], $3)
  }
}

private func requirePair(_ y: Tensor, _ dy: Tensor, op: String) throws(TensorError) {
  try ShapeInference.rowwise(y.spec, op: op)
  try ShapeInference.require(
    y.spec == dy.spec, op: op, [y.shape, dy.shape], "both must have one shape and element type")
}

/// Runs a kernel over the rows of operands of one shape; another axis is brought to the end first.
private func alongRows(
  _ operands: [Tensor], axis: Int, op: String, _ context: ComputeContext,
  _ kernel: (Int, Int, [UnsafeMutableRawPointer], UnsafeMutableRawPointer) -> Void
) throws(TensorError) -> Tensor {
  let order = AxisOrder(
    last: try operands[0].shape.axis(axis, op: op), rank: operands[0].shape.rank)
  var dense: [Tensor] = []
  for x in operands {
    dense.append(try order.toLast(x).contiguous(account: context.memory))
  }
  let spec = dense[0].spec
  let y = try Tensor.uninitialized(spec, account: context.memory)
  // Rows without columns can be more than there is time for.
  if spec.shape.elementCount == 0 { return try order.back(y) }
  let (columns, width) = (spec.shape.columns, spec.dtype.byteSize)
  withExtendedLifetime(dense) {
    let starts = dense.map(\.start)
    let to = y.start
    let grain = max(Grain.transcendental / max(columns, 1), 1)
    context.parallel(spec.shape.rows, grain: grain) { range in
      let offset = range.lowerBound * columns * width
      kernel(range.count, columns, starts.map { $0 + offset }, to + offset)
    }
  }
  return try order.back(y).contiguous(account: context.memory)
}

/// Brings one axis to the end and back.
struct AxisOrder {
  private let forward: [Int]?
  private let backward: [Int]

  init(last axis: Int, rank: Int) {
    guard axis != rank - 1 else {
      (forward, backward) = (nil, [])
      return
    }
    let order = (0..<rank).filter { $0 != axis } + [axis]
    forward = order
    backward = (0..<rank).map { order.firstIndex(of: $0) ?? 0 }
  }

  func toLast(_ x: Tensor) throws(TensorError) -> Tensor {
    guard let forward else { return x }
    return try x.transposed(forward)
  }

  func back(_ x: Tensor) throws(TensorError) -> Tensor {
    forward == nil ? x : try x.transposed(backward)
  }
}
