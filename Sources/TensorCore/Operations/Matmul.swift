import TensorKernels

extension ShapeInference {
  /// The rule of `matmul`: `[M, K] · [K, N] → [M, N]`, each operand possibly stored transposed.
  ///
  /// - Parameters:
  ///   - a: `[M, K]`, or `[K, M]` where transposed.
  ///   - b: `[K, N]`, or `[N, K]` where transposed.
  ///   - transposeA: whether `a` is stored transposed.
  ///   - transposeB: whether `b` is stored transposed.
  public static func matmul(
    _ a: TensorSpec, _ b: TensorSpec, transposeA: Bool, transposeB: Bool
  ) throws(TensorError) -> TensorSpec {
    let shapes = [a.shape, b.shape]
    try a.require(.f32, op: "matmul", operand: "the first operand")
    try b.require(.f32, op: "matmul", operand: "the second operand")
    try require(
      a.shape.rank == 2 && b.shape.rank == 2, op: "matmul", shapes, "takes two matrices")
    let inner = a.shape[transposeA ? 0 : 1]
    let innerB = b.shape[transposeB ? 1 : 0]
    try require(
      inner == innerB, op: "matmul", shapes,
      "the inner lengths must agree (\(inner) and \(innerB); "
        + "transposeA: \(transposeA), transposeB: \(transposeB))")
    let shape = try Shape([a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1]], op: "matmul")
    return TensorSpec(.f32, shape)
  }
}

/// Multiplies two matrices.
///
///     let y = try matmul(x, w, context: context)  // [8, 4] · [4, 2] → [8, 2]
///
/// - Parameters:
///   - a: `[M, K]`, f32; `[K, M]` where `transposeA`. Strided views need no copy.
///   - b: `[K, N]`, f32; `[N, K]` where `transposeB`. Strided views need no copy.
///   - transposeA: whether `a` is stored transposed.
///   - transposeB: whether `b` is stored transposed.
///   - context: kernels and memory.
/// - Returns: `[M, N]`, accumulated in f32; zeros where K is 0.
/// - Throws: `TensorError.Code.shapeMismatch` naming both shapes.
/// - Complexity: O(M·N·K).
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
  context: ComputeContext
) throws -> Tensor {
  let spec = try ShapeInference.matmul(
    a.spec, b.spec, transposeA: transposeA, transposeB: transposeB)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let (m, n, k) = (spec.shape[0], spec.shape[1], a.shape[transposeA ? 0 : 1])
  // The kernel takes a step for each axis, so transposing is swapping two numbers.
  let (aRow, aColumn) = steps(of: a, transposed: transposeA)
  let (bRow, bColumn) = steps(of: b, transposed: transposeB)
  let gemm = context.kernels.pointee.gemm
  try context.withScratch(floatCount: gemm.workspace_f32(m, n, k)) { workspace in
    gemm.multiply_f32(
      m, n, k, a.floats, aRow, aColumn, b.floats, bRow, bColumn, y.floats, n, 0, workspace)
  }
  return y
}

private func steps(of x: Tensor, transposed: Bool) -> (row: Int, column: Int) {
  transposed ? (x.strides[1], x.strides[0]) : (x.strides[0], x.strides[1])
}
