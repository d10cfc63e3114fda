import TensorKernels

extension ShapeInference {
  /// The rule of operations on two numbers: one element type, shapes that broadcast.
  ///
  /// - Parameters:
  ///   - op: the operation.
  ///   - a: the first operand.
  ///   - b: the second operand.
  public static func elementwise(
    _ op: BinaryOp, _ a: TensorSpec, _ b: TensorSpec
  ) throws(TensorError) -> TensorSpec {
    try b.requireSame(a, op: op.name)
    switch (op, a.dtype) {
    case (_, .f32), (_, .f64): break
    case (.divide, _), (.power, _): try a.requireReal(op: op.name, operand: "operands")
    case (_, .i32), (_, .i64), (_, .u8): break
    default:
      throw TensorError(
        .dtypeMismatch, op: op.name, shapes: [a.shape, b.shape],
        rule: "operands must be f32, f64, i32, i64 or u8, got \(a.dtype); cast them first")
    }
    return TensorSpec(a.dtype, try a.shape.broadcast(with: b.shape, op: op.name))
  }

  /// The rule of comparisons: one element type, shapes that broadcast → bool.
  ///
  /// - Parameters:
  ///   - op: the comparison.
  ///   - a: the first operand.
  ///   - b: the second operand.
  public static func compare(
    _ op: Comparison, _ a: TensorSpec, _ b: TensorSpec
  ) throws(TensorError) -> TensorSpec {
    try b.requireSame(a, op: op.name)
    try require(
      a.dtype != .bf16 && a.dtype != .i8, .dtypeMismatch, op: op.name, [a.shape, b.shape],
      "\(a.dtype) is a storage type only; cast it first")
    return TensorSpec(.bool, try a.shape.broadcast(with: b.shape, op: op.name))
  }
}

/// Applies an operation to pairs of elements; operands broadcast as in NumPy.
///
///     let y = try elementwise(.add, x, bias, context: context)  // [8, 4] and [4] → [8, 4]
///
/// - Parameters:
///   - op: the operation.
///   - a: f32, f64, i32, i64 or u8; whole numbers wrap around, and have no `divide` and `power`.
///   - b: the same element type.
///   - context: kernels, memory, threads.
/// - Returns: the shape to which both broadcast.
/// - Throws: `TensorError.Code.shapeMismatch` naming both shapes.
/// - Complexity: O(elements of the result).
public func elementwise(
  _ op: BinaryOp, _ a: Tensor, _ b: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  if let y = try shortPairs(op, a, b, context) { return y }
  let spec = try ShapeInference.elementwise(op, a.spec, b.spec)
  let table = try context.table(a.dtype, op: op.name, shapes: [a.shape, b.shape])
  let kernel = tk_binary_of(table, op.rawValue)
  return try pairs(
    a, b, spec, grain: op == .power ? Grain.transcendental : Grain.elements, context, kernel)
}

/// Compares pairs of elements; operands broadcast as in NumPy.
///
/// - Parameters:
///   - op: the comparison.
///   - a: any element type with arithmetic, or bool.
///   - b: the same element type.
///   - context: kernels, memory, threads.
/// - Returns: bool, of the shape to which both broadcast.
public func compare(
  _ op: Comparison, _ a: Tensor, _ b: Tensor, context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.compare(op, a.spec, b.spec)
  let table = try context.table(a.dtype, op: op.name, shapes: [a.shape, b.shape])
  let kernel = tk_compare_of(table, op.rawValue)
  return try pairs(a, b, spec, grain: Grain.elements, context, kernel)
}

/// What short operands of one dense shape need, and no more: there the bookkeeping is the cost.
///
/// - Returns: nil for all other operands.
@inline(__always)
private func shortPairs(
  _ op: BinaryOp, _ a: Tensor, _ b: Tensor, _ context: ComputeContext
) throws(TensorError) -> Tensor? {
  guard a.dtype == .f32, b.dtype == .f32, a.isContiguous, b.isContiguous, a.shape == b.shape,
    a.shape.elementCount <= Grain.transcendental
  else { return nil }
  let y = try Tensor.uninitialized(a.spec, account: context.memory)
  let kernel = tk_binary_of(context.kernels.pointee.f32, op.rawValue)
  kernel?(a.shape.elementCount, a.start, 1, b.start, 1, y.start)
  withExtendedLifetime((a, b)) {}
  return y
}

private func pairs(
  _ a: Tensor, _ b: Tensor, _ spec: TensorSpec, grain: Int, _ context: ComputeContext,
  _ kernel: tk_binary_fn?
) throws(TensorError) -> Tensor {
  guard let kernel else { preconditionFailure("no kernel for \(a.dtype), which was checked") }
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let (a, b, runs) = try BroadcastRuns.plan(a, b, spec.shape, account: context.memory)
  let (from, step, to) = (a.dtype.byteSize, spec.dtype.byteSize, y.start)
  withExtendedLifetime((a, b)) {
    let (first, second) = (a.start, b.start)
    if runs.outerCount == 1 {
      let (aStep, bStep) = (runs.aStep, runs.bStep)
      context.parallel(runs.count, grain: Grain.of(runs.count, width: step, grain)) { range in
        let at = range.lowerBound
        kernel(
          range.count, first + at * aStep * from, aStep, second + at * bStep * from, bStep,
          to + at * step)
      }
    } else {
      context.parallel(runs.outerCount, grain: max(grain / runs.count, 1)) { range in
        runs.forEach(range) { run, aOffset, bOffset in
          kernel(
            runs.count, first + aOffset * from, runs.aStep, second + bOffset * from, runs.bStep,
            to + run * runs.count * step)
        }
      }
    }
  }
  return y
}
