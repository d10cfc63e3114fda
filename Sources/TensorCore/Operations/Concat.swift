extension ShapeInference {
  /// The rule of `concat`: one dtype, equal lengths but for the innermost, which add up.
  ///
  /// - Parameter parts: at least one.
  public static func concat(_ parts: [TensorSpec]) throws(TensorError) -> TensorSpec {
    let shapes = parts.map(\.shape)
    guard let first = parts.first, first.shape.rank >= 1 else {
      throw TensorError(
        .shapeMismatch, op: "concat", shapes: shapes,
        rule: "takes at least one tensor, each with at least one axis")
    }
    let leading = first.shape.dimensions.dropLast()
    var columns = 0
    for part in parts {
      try require(
        part.dtype == first.dtype, .dtypeMismatch, op: "concat", shapes,
        "all must be \(first.dtype), got \(part.dtype)")
      try require(
        part.shape.rank == first.shape.rank && part.shape.dimensions.dropLast() == leading,
        op: "concat", shapes, "all lengths but the innermost must agree")
      let (sum, overflow) = columns.addingReportingOverflow(part.shape.columns)
      try require(
        !overflow, .invalidShape, op: "concat", shapes, "the innermost lengths overflow 64 bits")
      columns = sum
    }
    return TensorSpec(first.dtype, try Shape(leading + [columns], op: "concat"))
  }
}

/// Joins tensors along the innermost axis.
///
/// - Parameters:
///   - parts: at least one, of one dtype; all lengths but the innermost agree.
///   - context: memory.
/// - Returns: the innermost length is the sum of the parts'.
public func concat(_ parts: [Tensor], context: ComputeContext) throws -> Tensor {
  let spec = try ShapeInference.concat(parts.map(\.spec))
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let rowBytes = spec.shape.columns * spec.dtype.byteSize
  var offset = 0
  for part in parts {
    let part = try part.contiguous(account: context.memory)
    let width = part.shape.columns * spec.dtype.byteSize
    withExtendedLifetime(part) {
      for row in 0..<spec.shape.rows {
        (y.start + row * rowBytes + offset).copyMemory(
          from: part.start + row * width, byteCount: width)
      }
    }
    offset += width
  }
  return y
}

/// Cuts a tensor along the innermost axis: the inverse of `concat`, and its gradient.
///
/// - Parameters:
///   - x: `[..., columns]`.
///   - widths: lengths of the parts, which add up to `columns`.
///   - context: memory.
/// - Returns: one tensor a width.
public func splitColumns(
  _ x: Tensor, widths: [Int], context: ComputeContext
) throws -> [Tensor] {
  try ShapeInference.require(
    x.shape.rank >= 1 && widths.allSatisfy { $0 >= 0 } && widths.reduce(0, &+) == x.shape.columns,
    op: "split", [x.shape], "the widths \(widths) must add up to the innermost length")
  let x = try x.contiguous(account: context.memory)
  let rowBytes = x.shape.columns * x.dtype.byteSize
  var offset = 0
  var parts: [Tensor] = []
  for columns in widths {
    let shape = try Shape(x.shape.dimensions.dropLast() + [columns], op: "split")
    let part = try Tensor.uninitialized(TensorSpec(x.dtype, shape), account: context.memory)
    let width = columns * x.dtype.byteSize
    withExtendedLifetime(x) {
      for row in 0..<shape.rows {
        (part.start + row * width).copyMemory(
          from: x.start + row * rowBytes + offset, byteCount: width)
      }
    }
    offset += width
    parts.append(part)
  }
  return parts
}
