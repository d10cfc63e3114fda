/// What `linear` ends with.
///
/// The raw values are those of `tk_gemm.h`.
public enum Activation: Int32, Sendable, Hashable, CaseIterable {
  /// Nothing.
  case identity = -1
  /// See `UnaryOp.tanh`.
  case tanh = 9
  /// See `UnaryOp.sigmoid`.
  case sigmoid = 11
  /// See `UnaryOp.relu`.
  case relu = 12
  /// See `UnaryOp.gelu`.
  case gelu = 15
  /// See `UnaryOp.geluTanh`.
  case geluTanh = 16
  /// See `UnaryOp.silu`.
  case silu = 17

  /// The same as an operation of its own; nil for identity.
  public var unary: UnaryOp? { UnaryOp(rawValue: rawValue) }
}

extension ShapeInference {
  /// The rule of `linear`: `[..., K] · [K, N] + [N] → [..., N]`.
  ///
  /// - Parameters:
  ///   - x: `[..., K]`, f32 or f64.
  ///   - w: `[K, N]`, or `[N, K]` where transposed.
  ///   - bias: `[N]`, or nil.
  ///   - transposeW: whether the weights are stored as `[N, K]`.
  public static func linear(
    _ x: TensorSpec, _ w: TensorSpec, bias: TensorSpec?, transposeW: Bool
  ) throws(TensorError) -> TensorSpec {
    let shapes = [x.shape, w.shape] + (bias.map { [$0.shape] } ?? [])
    try x.requireReal(op: "linear", operand: "the input")
    try w.requireSame(x, op: "linear")
    try require(x.shape.rank >= 1, op: "linear", shapes, "the input must be [..., K]")
    try require(
      w.shape.rank == 2, op: "linear", shapes,
      "the weights must be \(transposeW ? "[N, K]" : "[K, N]")")
    let (inner, outputs) = (w.shape[transposeW ? 1 : 0], w.shape[transposeW ? 0 : 1])
    try require(
      x.shape.columns == inner, op: "linear", shapes,
      "the inner lengths must agree (\(x.shape.columns) and \(inner); transposeW: \(transposeW))")
    if let bias {
      try bias.requireSame(x, op: "linear")
      try require(
        bias.shape.rank == 1 && bias.shape[0] == outputs, op: "linear", shapes,
        "the bias must be [N], here [\(outputs)]")
    }
    return TensorSpec(
      x.dtype, try x.shape.replacing(x.shape.rank - 1, with: outputs, op: "linear"))
  }
}

/// A layer in one pass: product, bias and activation.
///
///     let (y, _) = try linear(x, w, bias: b, activation: .relu, context: context)
///
/// The second call with the same unchanged weights packs them and keeps the packed copy beside them.
///
/// - Parameters:
///   - x: `[..., K]`, f32 or f64.
///   - w: `[K, N]`, or `[N, K]` where `transposeW`.
///   - bias: `[N]`, or nil.
///   - transposeW: whether the weights are stored as `[N, K]`.
///   - activation: what follows the bias.
///   - keepsBefore: whether the values before the activation are wanted, as gradients of some are.
///   - context: kernels, memory, threads.
/// - Returns: `[..., N]`, and the values before the activation where they are wanted.
/// - Throws: `TensorError.Code.shapeMismatch` naming all shapes.
/// - Complexity: O(rows·N·K).
public func linear(
  _ x: Tensor, _ w: Tensor, bias: Tensor?, transposeW: Bool = false,
  activation: Activation = .identity, keepsBefore: Bool = false, context: ComputeContext
) throws(TensorError) -> (output: Tensor, before: Tensor?) {
  let spec = try ShapeInference.linear(
    x.spec, w.spec, bias: bias?.spec, transposeW: transposeW)
  let x = try x.contiguous(account: context.memory)
  let bias = try bias?.contiguous(account: context.memory)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let before = keepsBefore ? try Tensor.uninitialized(spec, account: context.memory) : nil
  if spec.shape.elementCount == 0 { return (y, before) }
  try GemmRun(
    a: MatrixOperand(rowsOf: x), b: MatrixOperand(w, transposed: transposeW), output: y,
    bias: bias, activation: activation, before: before
  ).run(context)
  return (y, before)
}
