import TensorKernels

/// A product ready to run.
struct GemmRun {
  let a, b: MatrixOperand
  let output: Tensor
  var batch = 1
  var bias: Tensor?
  var activation = Activation.identity
  /// Where the values before the activation go.
  var before: Tensor?

  func run(_ context: ComputeContext) throws(TensorError) {
    let kernels = context.real(output.dtype).pointee.gemm
    let (m, n, k) = (a.rows, b.columns, a.columns)
    let packed = b.batchStep == 0 ? packedB(n, k, kernels, context) : nil
    var call = tk_gemm_call(
      batch: batch, m: m, n: n, k: k, a: a.tensor.start, a_row: a.rowStep,
      a_column: a.columnStep, a_batch: a.batchStep, b: b.tensor.start, b_row: b.rowStep,
      b_column: b.columnStep, b_batch: b.batchStep, packed_b: packed?.address, c: output.start,
      c_row: n, c_batch: m * n, accumulate: 0, activation: activation.rawValue,
      bias: bias?.start, before: before?.start)
    let threads = UInt32(context.threads)
    let byteCount = kernels.workspace?(&call, threads) ?? 0
    try context.withScratch(byteCount: byteCount) { scratch in
      kernels.multiply?(&call, scratch, context.pool.pointer, threads)
    }
    withExtendedLifetime((self, packed)) {}
  }

  private func packedB(
    _ n: Int, _ k: Int, _ kernels: tk_gemm_kernels, _ context: ComputeContext
  ) -> Storage? {
    let key = PackedMatrix.Key(
      byteOffset: b.tensor.byteOffset, dtype: output.dtype, n: n, k: k, rowStep: b.rowStep,
      columnStep: b.columnStep, instructionSet: context.instructionSet)
    return PackedMatrix.find(key, in: b.tensor, kernels: kernels, context: context)
  }
}
