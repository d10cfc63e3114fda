import Glibc

extension ShapeInference {
  /// The rule of `concat`: one dtype, equal lengths but along the axis, which add up.
  ///
  /// - Parameters:
  ///   - parts: at least one.
  ///   - axis: below 0 counts from the end.
  public static func concat(
    _ parts: [TensorSpec], axis: Int = -1
  ) throws(TensorError) -> TensorSpec {
    let shapes = parts.map(\.shape)
    guard let first = parts.first, first.shape.rank >= 1 else {
      throw TensorError(
        .shapeMismatch, op: "concat", shapes: shapes,
        rule: "takes at least one tensor, each with at least one axis")
    }
    let number = try first.shape.axis(axis, op: "concat")
    var total = 0
    for part in parts {
      try require(
        part.dtype == first.dtype, .dtypeMismatch, op: "concat", shapes,
        "all must be \(first.dtype), got \(part.dtype)")
      try require(
        part.shape.rank == first.shape.rank, op: "concat", shapes, "all must have as many axes")
      for other in 0..<first.shape.rank where other != number {
        try require(
          part.shape[other] == first.shape[other], op: "concat", shapes,
          "all lengths but that of axis \(number) must agree")
      }
      let (sum, overflow) = total.addingReportingOverflow(part.shape[number])
      try require(
        !overflow, .invalidShape, op: "concat", shapes, "the lengths overflow 64 bits")
      total = sum
    }
    return TensorSpec(first.dtype, try first.shape.replacing(number, with: total, op: "concat"))
  }

  /// The rule of `split`: lengths that add up to that of the axis.
  ///
  /// - Parameters:
  ///   - x: at least one axis; any element type.
  ///   - lengths: of the parts.
  ///   - axis: below 0 counts from the end.
  public static func split(
    _ x: TensorSpec, lengths: [Int], axis: Int
  ) throws(TensorError) -> [TensorSpec] {
    let number = try x.shape.axis(axis, op: "split")
    try require(
      lengths.allSatisfy { $0 >= 0 && $0 <= x.shape[number] }
        && lengths.reduce(0, &+) == x.shape[number],
      op: "split", [x.shape],
      "the lengths \(lengths) must add up to \(x.shape[number]), that of axis \(number)")
    var parts: [TensorSpec] = []
    for length in lengths {
      parts.append(
        TensorSpec(x.dtype, try x.shape.replacing(number, with: length, op: "split")))
    }
    return parts
  }

  /// The rule of `stack`: one spec for all, and a new axis as long as there are parts.
  ///
  /// - Parameters:
  ///   - parts: at least one.
  ///   - axis: of the result; below 0 counts from its end.
  public static func stack(
    _ parts: [TensorSpec], axis: Int
  ) throws(TensorError) -> TensorSpec {
    let shapes = parts.map(\.shape)
    guard let first = parts.first else {
      throw TensorError(.shapeMismatch, op: "stack", rule: "takes at least one tensor")
    }
    for part in parts {
      try part.requireSame(first, op: "stack")
      try require(part.shape == first.shape, op: "stack", shapes, "all must have one shape")
    }
    let number = axis < 0 ? axis &+ first.shape.rank + 1 : axis
    try require(
      number >= 0 && number <= first.shape.rank, .invalidValue, op: "stack", shapes,
      "axis \(axis) must lie in \(-first.shape.rank - 1)...\(first.shape.rank)")
    var lengths = first.shape.dimensions
    lengths.insert(parts.count, at: number)
    return TensorSpec(first.dtype, try Shape(lengths, op: "stack"))
  }
}

/// Joins tensors along an axis.
///
/// - Parameters:
///   - parts: at least one, of one dtype; all lengths but that of the axis agree.
///   - axis: below 0 counts from the end.
///   - context: memory.
/// - Returns: the length of the axis is the sum of the parts'.
public func concat(
  _ parts: [Tensor], axis: Int = -1, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.concat(parts.map(\.spec), axis: axis)
  let number = try spec.shape.axis(axis, op: "concat")
  return try joined(parts, spec, outer: spec.shape.product(0..<number), context)
}

/// Joins tensors of one shape along a new axis.
///
/// - Parameters:
///   - parts: at least one, all of one dtype and shape.
///   - axis: where the new axis stands in the result; below 0 counts from its end.
///   - context: memory.
/// - Returns: one axis more, as long as there are parts.
public func stack(
  _ parts: [Tensor], axis: Int = 0, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.stack(parts.map(\.spec), axis: axis)
  let number = axis < 0 ? axis + spec.shape.rank : axis
  return try joined(parts, spec, outer: spec.shape.product(0..<number), context)
}

/// Copies the parts side by side, `outer` times a run of each.
private func joined(
  _ parts: [Tensor], _ spec: TensorSpec, outer: Int, _ context: ComputeContext
) throws(TensorError) -> Tensor {
  let y = try Tensor.uninitialized(spec, account: context.memory)
  guard y.byteCount > 0 else { return y }
  let stride = y.byteCount / outer
  var offset = 0
  for part in parts {
    let part = try part.contiguous(account: context.memory)
    let run = part.byteCount / outer
    withExtendedLifetime(part) {
      for index in 0..<outer where run > 0 {
        memcpy(y.start + index * stride + offset, part.start + index * run, run)
      }
    }
    offset += run
  }
  return y
}

/// Cuts a tensor along an axis: the inverse of `concat`, and its gradient.
///
/// - Parameters:
///   - x: at least one axis; any element type.
///   - lengths: of the parts, which add up to that of the axis.
///   - axis: below 0 counts from the end.
///   - context: memory.
/// - Returns: one tensor a length.
public func split(
  _ x: Tensor, lengths: [Int], axis: Int = -1, context: ComputeContext
) throws(TensorError) -> [Tensor] {
  let specs = try ShapeInference.split(x.spec, lengths: lengths, axis: axis)
  let number = try x.shape.axis(axis, op: "split")
  let outer = x.shape.product(0..<number)
  let x = try x.contiguous(account: context.memory)
  var parts: [Tensor] = []
  var offset = 0
  for spec in specs {
    let part = try Tensor.uninitialized(spec, account: context.memory)
    parts.append(part)
    guard part.byteCount > 0 else { continue }
    let (run, stride) = (part.byteCount / outer, x.byteCount / outer)
    withExtendedLifetime(x) {
      for index in 0..<outer {
        memcpy(part.start + index * run, x.start + index * stride + offset, run)
      }
    }
    offset += run
  }
  return parts
}
