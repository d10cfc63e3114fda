import TensorKernels

/// Operations that make one number of many.
public enum ReductionOp: Sendable, Hashable, CaseIterable {
  /// 0 for none.
  case sum
  /// NaN for none.
  case mean
  /// NaN where there is one.
  case max
  /// NaN where there is one.
  case min
  /// `log Σ eˣ`, without overflow; -∞ for none.
  case logsumexp
  /// The sum of squared distances from the mean, in two passes, divided by the count less a
  /// correction.
  case variance
  /// Euclidean.
  case norm

  /// The name in errors: `sum`.
  public var name: String {
    switch self {
    case .sum: "sum"
    case .mean: "mean"
    case .max: "max"
    case .min: "min"
    case .logsumexp: "logsumexp"
    case .variance: "variance"
    case .norm: "norm"
    }
  }

  fileprivate var kernel: Int32 {
    switch self {
    case .sum, .mean: Int32(TK_SUM)
    case .max: Int32(TK_MAX)
    case .min: Int32(TK_MIN)
    case .logsumexp: Int32(TK_LOGSUMEXP)
    case .variance: Int32(TK_VARIANCE)
    case .norm: Int32(TK_SUM_SQUARES)
    }
  }
}

extension ShapeInference {
  /// The rule of reductions over axes.
  ///
  /// - Parameters:
  ///   - op: the operation; sum, max and min also take i32, i64 and u8.
  ///   - x: any shape; `mean`, `max`, `min` and `variance` need a position to reduce.
  ///   - axes: which axes are reduced.
  public static func reduce(
    _ op: ReductionOp, _ x: TensorSpec, over axes: ReductionAxes
  ) throws(TensorError) -> TensorSpec {
    switch (op, x.dtype) {
    case (.sum, .i32), (.sum, .i64), (.sum, .u8), (.max, .i32), (.max, .i64), (.max, .u8),
      (.min, .i32), (.min, .i64), (.min, .u8):
      break
    default: try x.requireReal(op: op.name, operand: "the operand")
    }
    let shape = try x.shape.reduced(over: axes, op: op.name)
    if op != .sum && op != .norm && op != .logsumexp {
      let flags = try x.shape.flags(axes.axes, op: op.name)
      for axis in 0..<x.shape.rank {
        try require(
          !flags[axis] || x.shape[axis] > 0, op: op.name, [x.shape],
          "axis \(axis) is empty; \(op.name) needs at least one element")
      }
    }
    return TensorSpec(x.dtype, shape)
  }
}

/// Reduces axes to one position each.
///
///     let means = try reduce(.mean, x, over: ReductionAxes([0]), context: context)  // [8, 4] → [4]
///
/// - Parameters:
///   - op: the operation.
///   - x: f32 or f64; for sum, max and min also i32, i64 and u8 (sums wrap around).
///   - axes: which axes are reduced, and whether they stay with length 1; all by default.
///   - correction: what `variance` takes off the count; NaN or ∞ where nothing is left.
///   - context: kernels, memory, threads.
/// - Returns: the axes that are left; the element type of `x`. f32 is summed in f64 over blocks.
/// - Complexity: O(elements).
public func reduce(
  _ op: ReductionOp, _ x: Tensor, over axes: ReductionAxes = ReductionAxes(),
  correction: Double = 0, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.reduce(op, x.spec, over: axes)
  let table = try context.table(x.dtype, op: op.name, shapes: [x.shape])
  let plan = try ReductionPlan(x, axes, op: op.name, account: context.memory)
  guard let kernel = tk_reduce_of(table, op.kernel) else {
    preconditionFailure("no kernel for \(op) of \(x.dtype), which was checked")
  }
  let y = try Tensor.uninitialized(spec, account: context.memory)
  if spec.shape.elementCount == 0 { return y }
  if let blocks = plan.blocks(for: op) {
    // One long sum: partial sums of blocks, whose number depends on the sizes only.
    let partial = try Tensor.uninitialized(
      TensorSpec(x.dtype, Shape([blocks.count, plan.inner], op: op.name)),
      account: context.memory)
    let width = x.dtype.byteSize
    withExtendedLifetime(plan.x) {
      let (from, to) = (plan.x.start, partial.start)
      context.parallel(blocks.count, grain: 1) { range in
        for block in range {
          let rows = blocks.rows(block)
          kernel(
            1, rows.count, plan.inner, from + rows.lowerBound * plan.inner * width,
            to + block * plan.inner * width)
        }
      }
    }
    let sum = tk_reduce_of(table, Int32(TK_SUM))
    sum?(1, blocks.count, plan.inner, partial.start, y.start)
    withExtendedLifetime(partial) {}
  } else {
    plan.run(y, context) { kernel($0, plan.count, plan.inner, $1, $2) }
  }
  return try finished(op, y, count: plan.count, correction: correction, context: context)
}

/// Turns a sum into a mean, a variance or a norm.
private func finished(
  _ op: ReductionOp, _ y: Tensor, count: Int, correction: Double, context: ComputeContext
) throws(TensorError) -> Tensor {
  switch op {
  case .sum, .max, .min, .logsumexp: return y
  case .mean: return try elementwise(.scale, y, alpha: 1 / Double(count), context: context)
  case .variance:
    let divisor = max(Double(count) - correction, 0)
    return try elementwise(.scale, y, alpha: 1 / divisor, context: context)
  case .norm: return try elementwise(.sqrt, y, context: context)
  }
}

/// Which extreme's position is asked for.
public enum ExtremePosition: Int32, Sendable, Hashable {
  /// Of the largest.
  case argmax = 0
  /// Of the smallest.
  case argmin

  /// The name in errors: `argmax`.
  public var name: String { self == .argmax ? "argmax" : "argmin" }
}

extension ShapeInference {
  /// The rule of `position`: one axis goes (or stays with length 1), the result is i64.
  ///
  /// - Parameters:
  ///   - op: the operation.
  ///   - x: at least one axis, with at least one position.
  ///   - axis: below 0 counts from the end.
  ///   - keepAxis: whether the axis stays, with length 1.
  public static func position(
    _ op: ExtremePosition, _ x: TensorSpec, axis: Int, keepAxis: Bool
  ) throws(TensorError) -> TensorSpec {
    try require(
      x.dtype != .bf16 && x.dtype != .i8 && x.dtype != .bool, .dtypeMismatch, op: op.name,
      [x.shape], "takes f32, f64, i32, i64 or u8, got \(x.dtype)")
    let number = try x.shape.axis(axis, op: op.name)
    try require(
      x.shape[number] > 0, op: op.name, [x.shape],
      "takes an axis with at least one position; axis \(axis) is empty")
    let axes = ReductionAxes([number], keepAxes: keepAxis)
    return TensorSpec(.i64, try x.shape.reduced(over: axes, op: op.name))
  }
}

/// The position of the largest or smallest element along an axis.
///
/// - Parameters:
///   - op: which extreme.
///   - x: f32, f64, i32, i64 or u8.
///   - axis: below 0 counts from the end.
///   - keepAxis: whether the axis stays, with length 1.
///   - context: kernels, memory, threads.
/// - Returns: i64: the first of equals; the first NaN where there is one.
public func position(
  _ op: ExtremePosition, _ x: Tensor, axis: Int = -1, keepAxis: Bool = false,
  context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.position(op, x.spec, axis: axis, keepAxis: keepAxis)
  let table = try context.table(x.dtype, op: op.name, shapes: [x.shape])
  let plan = try ReductionPlan(
    x, ReductionAxes([axis]), op: op.name, account: context.memory)
  guard let kernel = tk_position_of(table, op.rawValue) else {
    preconditionFailure("no kernel for \(op) of \(x.dtype), which was checked")
  }
  let y = try Tensor.uninitialized(spec, account: context.memory)
  if spec.shape.elementCount == 0 { return y }
  plan.run(y, context) {
    kernel($0, plan.count, plan.inner, $1, $2.assumingMemoryBound(to: Int64.self))
  }
  return y
}
