import CadreABI

/// The attributes of an operation's call.
enum OpAttributes {
  case none
  case matmul(transposeA: Bool, transposeB: Bool)
  case linear(Activation, transposeW: Bool)
  case scale(Double)
  case slope(Double)
  case gelu(approximate: Bool)
  case cast(ElementType)
  case reduce(axes: [Int]?, keepAxes: Bool, correction: Double)
  case axis(Int, keepAxis: Bool)
  case axes([Int]?)
  case shape([Int])
  case split(lengths: [Int], axis: Int)
  case pad(before: [Int], after: [Int], value: Double)
  case slice([SliceRange])
  case norm(epsilon: Double)
  case order(axis: Int, descending: Bool, k: Int, smallest: Bool)
  case clip(Double)
  case dropout(Double)
  case sgd(learningRate: Double, momentum: Double, weightDecay: Double)
  case adam(AdamSettings, step: UInt64)

  /// The attribute struct of the ABI, borrowed during the call; NULL for none.
  func withStruct<Result>(_ body: (UnsafeRawPointer?) -> Result) -> Result {
    switch self {
    case .none: return body(nil)
    case .matmul(let a, let b):
      return lend(
        cadre_attr_matmul(
          size: UInt32(CADRE_END_cadre_attr_matmul_transpose_b), transpose_a: a ? 1 : 0,
          transpose_b: b ? 1 : 0), body)
    case .linear(let activation, let transposeW):
      return lend(
        cadre_attr_linear(
          size: UInt32(CADRE_END_cadre_attr_linear_transpose_w), activation: activation.rawValue,
          transpose_w: transposeW ? 1 : 0), body)
    case .scale(let factor):
      return lend(
        cadre_attr_scale(
          size: UInt32(CADRE_END_cadre_attr_scale_factor), reserved: 0, factor: factor), body)
    case .slope(let alpha):
      return lend(
        cadre_attr_slope(
          size: UInt32(CADRE_END_cadre_attr_slope_alpha), reserved: 0, alpha: alpha), body)
    case .gelu(let approximate):
      return lend(
        cadre_attr_gelu(
          size: UInt32(CADRE_END_cadre_attr_gelu_approximate), approximate: approximate ? 1 : 0),
        body)
    case .cast(let type):
      return lend(
        cadre_attr_cast(size: UInt32(CADRE_END_cadre_attr_cast_dtype), dtype: type.rawValue), body)
    case .norm(let epsilon):
      return lend(
        cadre_attr_norm(
          size: UInt32(CADRE_END_cadre_attr_norm_epsilon), reserved: 0, epsilon: epsilon), body)
    case .order(let axis, let descending, let k, let smallest):
      return lend(
        cadre_attr_order(
          size: UInt32(CADRE_END_cadre_attr_order_smallest), descending: descending ? 1 : 0,
          axis: Int64(axis), k: UInt64(clamping: k), smallest: smallest ? 1 : 0), body)
    case .clip(let norm):
      return lend(
        cadre_attr_clip(
          size: UInt32(CADRE_END_cadre_attr_clip_maximum_norm), reserved: 0, maximum_norm: norm),
        body)
    case .dropout(let rate):
      return lend(
        cadre_attr_dropout(
          size: UInt32(CADRE_END_cadre_attr_dropout_rate), reserved: 0, rate: rate), body)
    case .sgd(let learningRate, let momentum, let weightDecay):
      return lend(
        cadre_attr_sgd(
          size: UInt32(CADRE_END_cadre_attr_sgd_weight_decay), reserved: 0,
          learning_rate: learningRate, momentum: momentum, weight_decay: weightDecay), body)
    case .adam(let settings, let step):
      return lend(
        cadre_attr_adam(
          size: UInt32(CADRE_END_cadre_attr_adam_step), reserved: 0,
          learning_rate: settings.learningRate, beta1: settings.beta1, beta2: settings.beta2,
          epsilon: settings.epsilon, weight_decay: settings.weightDecay, step: step), body)
    case .reduce, .axis, .axes, .shape, .split, .pad, .slice: return withAxes(body)
    }
  }

  /// Structs that name axes, or hold an array with a number an axis.
  private func withAxes<Result>(_ body: (UnsafeRawPointer?) -> Result) -> Result {
    switch self {
    case .reduce(let axes, let keepAxes, let correction):
      return withNumbers(axes) { axes, count in
        lend(
          cadre_attr_reduce(
            size: UInt32(CADRE_END_cadre_attr_reduce_correction), keep_axes: keepAxes ? 1 : 0,
            axes: axes, axis_count: count, correction: correction), body)
      }
    case .axis(let axis, let keepAxis):
      return lend(
        cadre_attr_axis(
          size: UInt32(CADRE_END_cadre_attr_axis_axis), keep_axis: keepAxis ? 1 : 0,
          axis: Int64(axis)), body)
    case .axes(let axes):
      return withNumbers(axes) { axes, count in
        lend(
          cadre_attr_axes(
            size: UInt32(CADRE_END_cadre_attr_axes_axis_count), reserved: 0, axes: axes,
            axis_count: count), body)
      }
    case .shape(let lengths):
      return withNumbers(lengths) { lengths, rank in
        lend(
          cadre_attr_shape(
            size: UInt32(CADRE_END_cadre_attr_shape_rank), reserved: 0, lengths: lengths,
            rank: rank), body)
      }
    case .split(let lengths, let axis):
      return withNumbers(lengths) { lengths, count in
        lend(
          cadre_attr_split(
            size: UInt32(CADRE_END_cadre_attr_split_count), reserved: 0, axis: Int64(axis),
            lengths: lengths, count: count), body)
      }
    case .pad(let before, let after, let value):
      return withNumbers(before) { before, rank in
        withNumbers(after) { after, _ in
          lend(
            cadre_attr_pad(
              size: UInt32(CADRE_END_cadre_attr_pad_value), reserved: 0, before: before,
              after: after, rank: rank, value: value), body)
        }
      }
    case .slice(let ranges):
      // Beyond the end is the end.
      return withNumbers(ranges.map(\.begin)) { begins, rank in
        withNumbers(ranges.map { $0.end ?? .max }) { ends, _ in
          withNumbers(ranges.map(\.step)) { steps, _ in
            lend(
              cadre_attr_slice(
                size: UInt32(CADRE_END_cadre_attr_slice_rank), reserved: 0, begins: begins,
                ends: ends, steps: steps, rank: rank), body)
          }
        }
      }
    default: return body(nil)
    }
  }
}

/// A struct, borrowed during the call.
private func lend<Struct: BitwiseCopyable, Result>(
  _ attributes: Struct, _ body: (UnsafeRawPointer?) -> Result
) -> Result {
  withUnsafePointer(to: attributes) { body(UnsafeRawPointer($0)) }
}

/// An array with its count, borrowed during the call; NULL for nil only: an empty list of axes is
/// another statement than no list.
private func withNumbers<Result>(
  _ numbers: [Int]?, _ body: (UnsafePointer<Int64>?, UInt64) -> Result
) -> Result {
  guard let numbers else { return body(nil, 0) }
  // One more than is counted, so that there is always an address.
  return (numbers.map(Int64.init) + [0]).withUnsafeBufferPointer {
    body($0.baseAddress, UInt64(numbers.count))
  }
}
