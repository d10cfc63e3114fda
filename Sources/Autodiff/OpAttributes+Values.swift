import TensorCore

/// The values of attributes whose kind was checked: an operation sees no attributes of another kind.
extension OpAttributes {
  var matmulFlags: (transposeA: Bool, transposeB: Bool) {
    guard case .matmul(let transposeA, let transposeB) = self else { mismatch(.matmul) }
    return (transposeA, transposeB)
  }

  var layer: (activation: Activation, transposeW: Bool) {
    guard case .linear(let activation, let transposeW) = self else { mismatch(.linear) }
    return (activation, transposeW)
  }

  var factor: Double {
    guard case .scale(let factor) = self else { mismatch(.scale) }
    return factor
  }

  var alpha: Double {
    guard case .slope(let alpha) = self else { mismatch(.slope) }
    return alpha
  }

  var isApproximate: Bool {
    guard case .gelu(let approximate) = self else { mismatch(.gelu) }
    return approximate
  }

  var dtype: DType {
    guard case .cast(let dtype) = self else { mismatch(.cast) }
    return dtype
  }

  var reduction: (axes: ReductionAxes, correction: Double) {
    guard case .reduce(let axes, let correction) = self else { mismatch(.reduce) }
    return (axes, correction)
  }

  var axis: Int { axisAndKeeping.axis }

  var axisAndKeeping: (axis: Int, keeps: Bool) {
    guard case .axis(let axis, let keeps) = self else { mismatch(.axis) }
    return (axis, keeps)
  }

  var someAxes: [Int]? {
    guard case .axes(let axes) = self else { mismatch(.axes) }
    return axes
  }

  var lengths: [Int] {
    guard case .shape(let lengths) = self else { mismatch(.shape) }
    return lengths
  }

  var cuts: (lengths: [Int], axis: Int) {
    guard case .split(let lengths, let axis) = self else { mismatch(.split) }
    return (lengths, axis)
  }

  var padding: (before: [Int], after: [Int], value: Double) {
    guard case .pad(let before, let after, let value) = self else { mismatch(.pad) }
    return (before, after, value)
  }

  var ranges: [SliceRange] {
    guard case .slice(let ranges) = self else { mismatch(.slice) }
    return ranges
  }

  var epsilon: Double {
    guard case .norm(let epsilon) = self else { mismatch(.norm) }
    return epsilon
  }

  var order: OrderAttributes {
    guard case .order(let order) = self else { mismatch(.order) }
    return order
  }

  var probability: Double {
    guard case .dropout(let probability) = self else { mismatch(.dropout) }
    return probability
  }

  var maximumNorm: Double {
    guard case .clip(let maximumNorm) = self else { mismatch(.clip) }
    return maximumNorm
  }

  var sgdRule: SGDRule {
    guard case .sgdStep(let rule) = self else { mismatch(.sgdStep) }
    return rule
  }

  var adamRule: AdamRule {
    guard case .adamStep(let rule) = self else { mismatch(.adamStep) }
    return rule
  }

  private func mismatch(_ wanted: Kind) -> Never {
    preconditionFailure("attributes of kind '\(kind)' where '\(wanted)' was checked")
  }
}
