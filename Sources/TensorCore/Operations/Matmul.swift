extension ShapeInference {
  /// The rule of `matmul`: `[..., M, K] · [..., K, N] → [..., M, N]`, each operand possibly stored
  /// transposed; leading axes broadcast.
  ///
  /// - Parameters:
  ///   - a: `[..., M, K]`, or `[..., K, M]` where transposed.
  ///   - b: `[..., K, N]`, or `[..., N, K]` where transposed.
  ///   - transposeA: whether `a` is stored transposed.
  ///   - transposeB: whether `b` is stored transposed.
  public static func matmul(
    _ a: TensorSpec, _ b: TensorSpec, transposeA: Bool, transposeB: Bool
  ) throws(TensorError) -> TensorSpec {
    let shapes = [a.shape, b.shape]
    try a.requireReal(op: "matmul", operand: "the first operand")
    try b.requireSame(a, op: "matmul")
    try require(
      a.shape.rank >= 2 && b.shape.rank >= 2, op: "matmul", shapes,
      "takes two matrices, or batches of them")
    let (outerA, outerB) = (a.shape.rank - 2, b.shape.rank - 2)
    let inner = a.shape[outerA + (transposeA ? 0 : 1)]
    let innerB = b.shape[outerB + (transposeB ? 1 : 0)]
    try require(
      inner == innerB, op: "matmul", shapes,
      "the inner lengths must agree (\(inner) and \(innerB); "
        + "transposeA: \(transposeA), transposeB: \(transposeB))")
    let batch = try Shape(Array(a.shape.dimensions.dropLast(2)), op: "matmul")
      .broadcast(with: Shape(Array(b.shape.dimensions.dropLast(2)), op: "matmul"), op: "matmul")
    let matrix = [
      a.shape[outerA + (transposeA ? 1 : 0)], b.shape[outerB + (transposeB ? 0 : 1)],
    ]
    return TensorSpec(a.dtype, try Shape(batch.dimensions + matrix, op: "matmul"))
  }
}

/// Multiplies matrices, or batches of them.
///
///     let y = try matmul(x, w, context: context)  // [8, 4] · [4, 2] → [8, 2]
///
/// - Parameters:
///   - a: `[..., M, K]`, f32 or f64; `[..., K, M]` where `transposeA`. Strided matrices need no copy.
///   - b: `[..., K, N]`; `[..., N, K]` where `transposeB`. Leading axes broadcast with those of `a`.
///   - transposeA: whether `a` is stored transposed.
///   - transposeB: whether `b` is stored transposed.
///   - context: kernels, memory, threads.
/// - Returns: `[..., M, N]`, accumulated in the element type; zeros where K is 0.
/// - Throws: `TensorError.Code.shapeMismatch` naming both shapes.
/// - Complexity: O(batch·M·N·K).
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
  context: ComputeContext
) throws(TensorError) -> Tensor {
  let spec = try ShapeInference.matmul(
    a.spec, b.spec, transposeA: transposeA, transposeB: transposeB)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  if spec.shape.elementCount == 0 { return y }
  var (left, right) = (
    MatrixOperand(a, transposed: transposeA), MatrixOperand(b, transposed: transposeB)
  )
  let batchRank = spec.shape.rank - 2
  let batch = spec.shape.product(0..<batchRank)
  // Many matrices times one are one tall matrix times it: packed once, and split better.
  if batch > 1, b.shape.rank == 2, !transposeA, a.isContiguous {
    left.rows *= batch
    try GemmRun(a: left, b: right, output: y).run(context)
    return y
  }
  if batch > 1 {
    left = try left.batched(a, batchRank: batchRank, shape: spec.shape, context: context)
    right = try right.batched(b, batchRank: batchRank, shape: spec.shape, context: context)
  }
  try GemmRun(a: left, b: right, output: y, batch: batch).run(context)
  return y
}
