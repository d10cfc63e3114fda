import TensorKernels

/// Checks that what is overwritten is dense, writable and apart from all other operands, then marks
/// it as changed.
func requireInPlace(
  _ operands: [Tensor], written: [Tensor], op: String
) throws(TensorError) {
  let shapes = operands.map(\.shape)
  for tensor in written {
    try tensor.requireWritable(op: op)
    try ShapeInference.require(
      tensor.isContiguous, .invalidMemory, op: op, shapes, "what is overwritten must be dense")
    let sharers = operands.filter { $0.overlaps(tensor) }
    try ShapeInference.require(
      sharers.count <= 1, .invalidMemory, op: op, shapes, "operands must not overlap in memory")
  }
  for tensor in written { tensor.storage.noteWrite() }
}

extension ShapeInference {
  /// The rule of `accumulate`: one shape and one floating-point type.
  ///
  /// - Parameters:
  ///   - target: what is added to.
  ///   - x: what is added.
  public static func accumulate(_ target: TensorSpec, _ x: TensorSpec) throws(TensorError) {
    try target.requireReal(op: "accumulate", operand: "the target")
    try x.requireSame(target, op: "accumulate")
    try require(
      target.shape == x.shape, op: "accumulate", [target.shape, x.shape],
      "both must have one shape")
  }

  /// The rule of `clipNorm`: tensors of one floating-point type → one number.
  ///
  /// - Parameters:
  ///   - tensors: at least one.
  ///   - maximum: above 0; ∞ clips nothing.
  public static func clipNorm(
    _ tensors: [TensorSpec], maximum: Double
  ) throws(TensorError) -> TensorSpec {
    try require(
      maximum > 0, .invalidValue, op: "clip_norm", tensors.map(\.shape),
      "the largest norm must be above 0, got \(maximum)")
    return try norm(tensors)
  }
}

/// Adds to a tensor in place: how gradients of several batches become one.
///
/// - Parameters:
///   - target: f32 or f64, overwritten.
///   - x: the same shape and element type.
///   - context: kernels, memory, threads.
/// - Throws: `TensorError` before anything is written.
public func accumulate(
  _ target: Tensor, adding x: Tensor, context: ComputeContext
) throws(TensorError) {
  try ShapeInference.accumulate(target.spec, x.spec)
  try requireInPlace([target, x], written: [target], op: "accumulate")
  let x = try x.contiguous(account: context.memory)
  let kernel = tk_binary_of(context.real(x.dtype), BinaryOp.add.rawValue)
  let width = x.dtype.byteSize
  withExtendedLifetime((target, x)) {
    let (to, from) = (target.start, x.start)
    context.parallel(x.shape.elementCount, grain: Grain.elements) { range in
      let offset = range.lowerBound * width
      kernel?(range.count, to + offset, 1, from + offset, 1, to + offset)
    }
  }
}

/// Scales tensors in place so that their common Euclidean norm is at most a given one.
///
/// - Parameters:
///   - tensors: gradients as a rule; f32 or f64, overwritten where the norm is larger.
///   - maximum: above 0.
///   - context: kernels, memory, threads.
/// - Returns: the norm before, a scalar. Where it is NaN or infinite nothing is changed.
/// - Throws: `TensorError` before anything is written.
///
/// Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
/// 2013.
public func clipNorm(
  _ tensors: [Tensor], maximum: Double, context: ComputeContext
) throws(TensorError) -> Tensor {
  _ = try ShapeInference.clipNorm(tensors.map(\.spec), maximum: maximum)
  let before = try norm(tensors, context: context)
  let size = try before.realItem()
  guard size > maximum, size.isFinite else { return before }
  try requireInPlace(tensors, written: tensors, op: "clip_norm")
  for tensor in tensors {
    let kernel = tk_unary_of(context.real(tensor.dtype), UnaryOp.scale.rawValue)
    let width = tensor.dtype.byteSize
    withExtendedLifetime(tensor) {
      let at = tensor.start
      context.parallel(tensor.shape.elementCount, grain: Grain.elements) { range in
        let offset = range.lowerBound * width
        kernel?(range.count, maximum / size, at + offset, at + offset)
      }
    }
  }
  return before
}
