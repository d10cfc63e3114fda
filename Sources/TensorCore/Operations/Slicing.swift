extension ShapeInference {
  /// The rule of `slice`: the lengths of the ranges.
  ///
  /// - Parameters:
  ///   - x: any element type.
  ///   - ranges: one an axis, outermost first; axes beyond them are taken whole.
  public static func slice(
    _ x: TensorSpec, _ ranges: [SliceRange]
  ) throws(TensorError) -> TensorSpec {
    try require(
      ranges.count <= x.shape.rank, op: "slice", [x.shape],
      "\(ranges.count) ranges for \(x.shape.rank) axes")
    var lengths = x.shape.dimensions
    for (axis, range) in ranges.enumerated() {
      lengths[axis] = try range.resolved(length: lengths[axis], axis: axis, in: x.shape).count
    }
    return TensorSpec(x.dtype, try Shape(lengths, op: "slice"))
  }
}

/// Some positions of an axis, as in Python: `begin ..< end` by `step`.
public struct SliceRange: Sendable, Hashable {
  /// The first position; below 0 counts from the end.
  public var begin: Int
  /// The position after the last; below 0 counts from the end, nil or beyond it is the end.
  public var end: Int?
  /// From one position to the next; above 0.
  public var step: Int

  /// States the positions.
  ///
  /// - Parameters:
  ///   - begin: the first position.
  ///   - end: the position after the last; nil for the end.
  ///   - step: from one position to the next.
  public init(begin: Int = 0, end: Int? = nil, step: Int = 1) {
    self.begin = begin
    self.end = end
    self.step = step
  }

  /// The positions of a range.
  public init(_ range: Range<Int>) {
    self.init(begin: range.lowerBound, end: range.upperBound)
  }

  /// The positions on an axis of some length: where they begin, and how many there are.
  func resolved(
    length: Int, axis: Int, in shape: Shape
  ) throws(TensorError) -> (begin: Int, count: Int, step: Int) {
    guard step > 0 else {
      throw TensorError(
        .invalidValue, op: "slice", shapes: [shape],
        rule: "the step of axis \(axis) must be above 0, got \(step); use flip to turn it round")
    }
    let first = SliceRange.clamp(begin, length)
    let last = SliceRange.clamp(end ?? length, length)
    let span = max(last - first, 0)
    return (first, span == 0 ? 0 : (span - 1) / step + 1, step)
  }

  private static func clamp(_ position: Int, _ length: Int) -> Int {
    min(max(position < 0 ? position &+ length : position, 0), length)
  }
}

/// Some positions of each axis, as a dense copy; `Tensor.sliced(_:)` is the view.
///
/// - Parameters:
///   - x: any element type.
///   - ranges: one an axis, outermost first; axes beyond them are taken whole.
///   - context: memory.
public func slice(
  _ x: Tensor, _ ranges: [SliceRange], context: ComputeContext
) throws(TensorError) -> Tensor {
  try x.sliced(ranges).copied(account: context.memory)
}

/// The gradient of `slice(_:_:context:)`: zeros, with the gradient where elements were taken.
///
/// - Parameters:
///   - input: element type and shape of the operand.
///   - ranges: as given there.
///   - dy: the gradient of the result.
///   - context: memory.
public func sliceGradient(
  input: TensorSpec, _ ranges: [SliceRange], _ dy: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let dx = try Tensor.zeros(input, account: context.memory)
  let part = try dx.sliced(ranges)
  try ShapeInference.require(
    part.spec == dy.spec, op: "slice gradient", [input.shape, dy.shape], "must be \(part.spec)")
  part.overwrite(with: try dy.contiguous(account: context.memory))
  return dx
}

extension ShapeInference {
  /// The rule of `pad`: each axis grows by what is added before and after it.
  ///
  /// - Parameters:
  ///   - x: any element type.
  ///   - before: one number an axis, not negative.
  ///   - after: one number an axis, not negative.
  public static func pad(
    _ x: TensorSpec, before: [Int], after: [Int]
  ) throws(TensorError) -> TensorSpec {
    try require(
      x.dtype != .bf16 && x.dtype != .i8, .dtypeMismatch, op: "pad", [x.shape],
      "\(x.dtype) is a storage type only; cast it first")
    try require(
      before.count == x.shape.rank && after.count == x.shape.rank, op: "pad", [x.shape],
      "takes one number an axis before and after, got \(before.count) and \(after.count)")
    var lengths = x.shape.dimensions
    for axis in 0..<x.shape.rank {
      let (some, overflow) = lengths[axis].addingReportingOverflow(before[axis])
      let (all, overflowToo) = some.addingReportingOverflow(after[axis])
      try require(
        before[axis] >= 0 && after[axis] >= 0 && !overflow && !overflowToo, .invalidValue,
        op: "pad", [x.shape],
        "padding must not be negative or overflow, got \(before[axis]) and \(after[axis]) "
          + "for axis \(axis)")
      lengths[axis] = all
    }
    return TensorSpec(x.dtype, try Shape(lengths, op: "pad"))
  }
}

/// Adds positions with one value before and after each axis.
///
/// - Parameters:
///   - x: any element type but bf16 and i8.
///   - before: one number an axis.
///   - after: one number an axis.
///   - value: converted to the element type.
///   - context: memory.
public func pad(
  _ x: Tensor, before: [Int], after: [Int], value: Double = 0, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.pad(x.spec, before: before, after: after)
  let number = try cast(.scalar(value, account: context.memory), to: x.dtype, context: context)
  let y = try Tensor.filled(spec, with: number, account: context.memory)
  let ranges = zip(before, x.shape.dimensions).map { SliceRange($0..<$0 + $1) }
  try y.sliced(ranges).overwrite(with: x.contiguous(account: context.memory))
  return y
}

/// Takes padding off again: the gradient of `pad`.
///
/// - Parameters:
///   - x: any element type.
///   - before: one number an axis.
///   - after: one number an axis.
///   - context: memory.
public func unpad(
  _ x: Tensor, before: [Int], after: [Int], context: ComputeContext
) throws(TensorError) -> Tensor {
  let lengths = x.shape.dimensions
  try ShapeInference.require(
    before.count == lengths.count && after.count == lengths.count
      && lengths.indices.allSatisfy {
        before[$0] >= 0 && after[$0] >= 0 && after[$0] <= lengths[$0] - before[$0]
      }, op: "unpad", [x.shape], "the padding must fit into the tensor")
  let ranges = lengths.indices.map { SliceRange(before[$0]..<lengths[$0] - after[$0]) }
  return try slice(x, ranges, context: context)
}
