import TensorKernels

extension ShapeInference {
  /// The rule of `select`: a bool mask and two operands of one element type, which all broadcast.
  ///
  /// - Parameters:
  ///   - mask: bool.
  ///   - a: any element type.
  ///   - b: the same element type.
  public static func select(
    _ mask: TensorSpec, _ a: TensorSpec, _ b: TensorSpec
  ) throws(TensorError) -> TensorSpec {
    try mask.require(.bool, op: "where", operand: "the mask")
    try b.requireSame(a, op: "where")
    let values = try a.shape.broadcast(with: b.shape, op: "where")
    return TensorSpec(a.dtype, try mask.shape.broadcast(with: values, op: "where"))
  }
}

/// Takes each element from one of two tensors.
///
/// - Parameters:
///   - mask: bool; any byte but 0 is true.
///   - a: what is taken where the mask is true; any element type.
///   - b: what is taken elsewhere; the same element type.
///   - context: memory, threads.
/// - Returns: the shape to which all three broadcast.
public func select(
  _ mask: Tensor, _ a: Tensor, _ b: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.select(mask.spec, a.spec, b.spec)
  let mask = try mask.broadcast(to: spec.shape).contiguous(account: context.memory)
  // A single number needs no copy: the kernel takes it with a step of 0.
  let (x, xStep) = try selectable(a, spec.shape, context)
  let (z, zStep) = try selectable(b, spec.shape, context)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let width = spec.dtype.byteSize
  withExtendedLifetime((mask, x, z)) {
    let (flags, first, second, to) = (mask.bytes, x.start, z.start, y.start)
    context.parallel(spec.shape.elementCount, grain: Grain.elements) { range in
      let at = range.lowerBound
      tk_select(
        range.count, width, flags + at, first + at * xStep * width, xStep,
        second + at * zStep * width, zStep, to + at * width)
    }
  }
  return y
}

private func selectable(
  _ x: Tensor, _ shape: Shape, _ context: ComputeContext
) throws(TensorError) -> (Tensor, step: Int) {
  if x.shape.elementCount == 1 { return (try x.contiguous(account: context.memory), 0) }
  return (try x.broadcast(to: shape).contiguous(account: context.memory), 1)
}
