import TensorKernels

extension ShapeInference {
  /// The rule of `cast`: any shape; element types that have arithmetic, and bool.
  ///
  /// - Parameters:
  ///   - x: the operand.
  ///   - dtype: the element type of the result.
  public static func cast(_ x: TensorSpec, to dtype: DType) throws(TensorError) -> TensorSpec {
    for type in [x.dtype, dtype] {
      try require(
        type != .bf16 && type != .i8, .dtypeMismatch, op: "cast", [x.shape],
        "\(type) is a storage type only and has no conversion yet")
    }
    return TensorSpec(dtype, x.shape)
  }
}

/// Converts elements to another type.
///
/// Floating point to whole numbers cuts towards zero; NaN becomes 0, and what lies beyond the range
/// its nearest end. Whole numbers to narrower ones keep the low bits. To bool: whatever is not 0.
///
/// - Parameters:
///   - x: any shape.
///   - dtype: the element type of the result.
///   - context: memory, threads.
/// - Returns: the shape of `x`; `x` itself where it has the type already.
public func cast(
  _ x: Tensor, to dtype: DType, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.cast(x.spec, to: dtype)
  if x.dtype == dtype { return x }
  let x = try x.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let (from, to) = (x.dtype, dtype)
  withExtendedLifetime(x) {
    let (source, target) = (x.start, y.start)
    context.parallel(spec.shape.elementCount, grain: Grain.elements) { range in
      _ = tk_cast(
        range.count, Int32(from.rawValue), Int32(to.rawValue),
        source + range.lowerBound * from.byteSize, target + range.lowerBound * to.byteSize)
    }
  }
  return y
}
