import TensorKernels

extension ShapeInference {
  /// The rule of `layerNorm` and `rmsNorm`: the shape of the operand.
  ///
  /// - Parameters:
  ///   - x: `[..., columns]`, f32 or f64.
  ///   - scale: `[columns]`, or nil.
  ///   - shift: `[columns]`, or nil.
  ///   - epsilon: finite and not negative.
  ///   - op: the operation to name in an error.
  public static func normalization(
    _ x: TensorSpec, scale: TensorSpec?, shift: TensorSpec?, epsilon: Double, op: String
  ) throws(TensorError) -> TensorSpec {
    try rowwise(x, op: op)
    for parameter in [scale, shift] {
      guard let parameter else { continue }
      try parameter.requireSame(x, op: op)
      try require(
        parameter.shape.rank == 1 && parameter.shape[0] == x.shape.columns, op: op,
        [x.shape, parameter.shape], "scale and shift must be [columns], here [\(x.shape.columns)]")
    }
    try require(
      epsilon >= 0 && epsilon.isFinite, .invalidValue, op: op, [x.shape],
      "epsilon must be finite and not negative, got \(epsilon)")
    return x
  }
}

/// What the forward pass of a normalisation leaves for its gradient.
public struct NormStatistics: Sendable {
  /// The mean of each row, `[rows]`; nil for RMS norm.
  public let mean: Tensor?
  /// What each row was multiplied with, `[rows]`.
  public let inverse: Tensor

  /// Pairs the statistics.
  ///
  /// - Parameters:
  ///   - mean: the mean of each row; nil for RMS norm.
  ///   - inverse: what each row was multiplied with.
  public init(mean: Tensor?, inverse: Tensor) {
    self.mean = mean
    self.inverse = inverse
  }
}

/// Layer norm: each row gets mean 0 and variance 1, then is scaled and shifted.
///
/// `y = (x − mean) / √(variance + epsilon) · scale + shift`, the variance divided by the count.
///
/// - Parameters:
///   - x: `[..., columns]`, f32 or f64.
///   - scale: `[columns]`; nil for 1.
///   - shift: `[columns]`; nil for 0.
///   - epsilon: added to the variance.
///   - context: kernels, memory, threads.
/// - Returns: the shape of `x`, and what the gradient needs.
///
/// Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
public func layerNorm(
  _ x: Tensor, scale: Tensor?, shift: Tensor?, epsilon: Double = 1e-5, context: ComputeContext
) throws(TensorError) -> (output: Tensor, statistics: NormStatistics) {
  let spec = try ShapeInference.normalization(
    x.spec, scale: scale?.spec, shift: shift?.spec, epsilon: epsilon, op: "layer_norm")
  let kernel = context.real(x.dtype).pointee.norm.layer_norm
  let rows = try NormRows(x, scale: scale, shift: shift, context)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let mean = try rows.perRow(context)
  let inverse = try rows.perRow(context)
  rows.parallel(context) { at in
    kernel?(
      at.count, rows.columns, epsilon, rows.row(rows.x, at), rows.scale?.start, rows.shift?.start,
      rows.row(y, at), rows.entry(mean, at), rows.entry(inverse, at))
  }
  return (y, NormStatistics(mean: mean, inverse: inverse))
}

/// RMS norm: each row is divided by its root mean square, then scaled.
///
/// - Parameters:
///   - x: `[..., columns]`, f32 or f64.
///   - scale: `[columns]`; nil for 1.
///   - epsilon: added to the mean square.
///   - context: kernels, memory, threads.
/// - Returns: the shape of `x`, and what the gradient needs.
///
/// Source: Zhang and Sennrich, "Root mean square layer normalization", 2019.
public func rmsNorm(
  _ x: Tensor, scale: Tensor?, epsilon: Double = 1e-5, context: ComputeContext
) throws(TensorError) -> (output: Tensor, statistics: NormStatistics) {
  let spec = try ShapeInference.normalization(
    x.spec, scale: scale?.spec, shift: nil, epsilon: epsilon, op: "rms_norm")
  let kernel = context.real(x.dtype).pointee.norm.rms_norm
  let rows = try NormRows(x, scale: scale, shift: nil, context)
  let y = try Tensor.uninitialized(spec, account: context.memory)
  let inverse = try rows.perRow(context)
  rows.parallel(context) { at in
    kernel?(
      at.count, rows.columns, epsilon, rows.row(rows.x, at), rows.scale?.start, rows.row(y, at),
      rows.entry(inverse, at))
  }
  return (y, NormStatistics(mean: nil, inverse: inverse))
}

/// The gradient of `layerNorm(_:scale:shift:epsilon:context:)`.
///
/// - Parameters:
///   - x: the operand, as given there.
///   - scale: as given there.
///   - statistics: as returned there.
///   - dy: the gradient of the result.
///   - wants: which gradients to compute.
///   - context: kernels, memory.
/// - Returns: the gradients that are wanted; `[columns]` for scale and shift.
public func layerNormGradient(
  _ x: Tensor, scale: Tensor?, statistics: NormStatistics, _ dy: Tensor,
  wants: (x: Bool, scale: Bool, shift: Bool), context: ComputeContext
) throws(TensorError) -> (x: Tensor?, scale: Tensor?, shift: Tensor?) {
  let op = "layer_norm gradient"
  let rows = try NormRows(x, scale: scale, shift: nil, context)
  let (mean, inverse) = try rows.dense(statistics, op: op, context)
  guard let mean else {
    throw TensorError(.invalidValue, op: op, shapes: [x.shape], rule: "the means are missing")
  }
  let dy = try rows.gradient(dy, op: op, context)
  let dx = wants.x ? try Tensor.uninitialized(x.spec, account: context.memory) : nil
  let dScale = wants.scale ? try rows.parameter(context) : nil
  let dShift = wants.shift ? try rows.parameter(context) : nil
  // One thread where scale or shift are wanted: their sums go over all rows.
  let kernel = context.real(x.dtype).pointee.norm.layer_norm_backward
  rows.parallel(context, splits: !wants.scale && !wants.shift) { at in
    kernel?(
      at.count, rows.columns, rows.row(rows.x, at), rows.scale?.start, rows.entry(mean, at),
      rows.entry(inverse, at), rows.row(dy, at), dx.map { rows.row($0, at) }, dScale?.start,
      dShift?.start)
  }
  withExtendedLifetime((mean, inverse, dy, dx, dScale, dShift)) {}
  return (dx, dScale, dShift)
}

/// The gradient of `rmsNorm(_:scale:epsilon:context:)`.
///
/// - Parameters:
///   - x: the operand, as given there.
///   - scale: as given there.
///   - statistics: as returned there.
///   - dy: the gradient of the result.
///   - wants: which gradients to compute.
///   - context: kernels, memory.
/// - Returns: the gradients that are wanted; `[columns]` for the scale.
public func rmsNormGradient(
  _ x: Tensor, scale: Tensor?, statistics: NormStatistics, _ dy: Tensor,
  wants: (x: Bool, scale: Bool), context: ComputeContext
) throws(TensorError) -> (x: Tensor?, scale: Tensor?) {
  let op = "rms_norm gradient"
  let rows = try NormRows(x, scale: scale, shift: nil, context)
  let (_, inverse) = try rows.dense(statistics, op: op, context)
  let dy = try rows.gradient(dy, op: op, context)
  let dx = wants.x ? try Tensor.uninitialized(x.spec, account: context.memory) : nil
  let dScale = wants.scale ? try rows.parameter(context) : nil
  let kernel = context.real(x.dtype).pointee.norm.rms_norm_backward
  rows.parallel(context, splits: !wants.scale) { at in
    kernel?(
      at.count, rows.columns, rows.row(rows.x, at), rows.scale?.start, rows.entry(inverse, at),
      rows.row(dy, at), dx.map { rows.row($0, at) }, dScale?.start)
  }
  withExtendedLifetime((inverse, dy, dx, dScale)) {}
  return (dx, dScale)
}
