import Autodiff
import CadreABI
import TensorCore

extension AttributeReader {
  /// Attributes that name axes or hold arrays with a number an axis.
  ///
  /// - Parameter initial: the operation's defaults, which say the kind.
  func axisAttributes(_ initial: OpAttributes) throws -> OpAttributes {
    switch initial {
    case .reduce(let axes, let correction): try reduction(axes, correction)
    case .axis(let axis, let keeps):
      .axis(
        try integer("axis", endingAt: CADRE_END_cadre_attr_axis_axis) ?? axis,
        keeps: flag(endingAt: CADRE_END_cadre_attr_axis_keep_axis) ?? keeps)
    case .axes(let axes):
      .axes(
        try integers(
          "axes", endingAt: CADRE_END_cadre_attr_axes_axes,
          countEndingAt: CADRE_END_cadre_attr_axes_axis_count, limit: Self.axisLimit) ?? axes)
    case .shape(let lengths): .shape(try shape(lengths))
    case .split(let lengths, let axis):
      .split(
        lengths: try integers(
          "lengths", endingAt: CADRE_END_cadre_attr_split_lengths,
          countEndingAt: CADRE_END_cadre_attr_split_count, limit: Self.partLimit) ?? lengths,
        axis: try integer("axis", endingAt: CADRE_END_cadre_attr_split_axis) ?? axis)
    case .pad(let before, let after, let value): try padding(before, after, value)
    case .slice(let ranges): try slices(ranges)
    default: initial
    }
  }

  private func reduction(_ initial: ReductionAxes, _ correction: Double) throws -> OpAttributes {
    var axes = initial
    axes.keepAxes = flag(endingAt: CADRE_END_cadre_attr_reduce_keep_axes) ?? initial.keepAxes
    axes.axes =
      try integers(
        "axes", endingAt: CADRE_END_cadre_attr_reduce_axes,
        countEndingAt: CADRE_END_cadre_attr_reduce_axis_count, limit: Self.axisLimit)
      ?? initial.axes
    return .reduce(
      axes, correction: number(endingAt: CADRE_END_cadre_attr_reduce_correction) ?? correction)
  }

  private func shape(_ initial: [Int]) throws -> [Int] {
    let lengths = try integers(
      "lengths", endingAt: CADRE_END_cadre_attr_shape_lengths,
      countEndingAt: CADRE_END_cadre_attr_shape_rank, limit: Self.axisLimit)
    if let lengths { return lengths }
    // NULL is the shape of a scalar, but not where lengths are stated.
    guard (load(UInt64.self, endingAt: CADRE_END_cadre_attr_shape_rank) ?? 0) == 0 else {
      throw refusal("state a rank and have no lengths")
    }
    return initial
  }

  private func padding(_ before: [Int], _ after: [Int], _ value: Double) throws -> OpAttributes {
    let rank = CADRE_END_cadre_attr_pad_rank
    let stated = (
      before: try integers(
        "lengths before", endingAt: CADRE_END_cadre_attr_pad_before, countEndingAt: rank,
        limit: Self.axisLimit),
      after: try integers(
        "lengths after", endingAt: CADRE_END_cadre_attr_pad_after, countEndingAt: rank,
        limit: Self.axisLimit)
    )
    let value = number(endingAt: CADRE_END_cadre_attr_pad_value) ?? value
    guard let given = stated.before ?? stated.after else {
      return .pad(before: before, after: after, value: value)
    }
    // One side alone pads that side.
    let none = [Int](repeating: 0, count: given.count)
    return .pad(before: stated.before ?? none, after: stated.after ?? none, value: value)
  }

  private func slices(_ initial: [SliceRange]) throws -> OpAttributes {
    func read(_ name: String, _ end: Int) throws -> [Int]? {
      try integers(
        name, endingAt: end, countEndingAt: CADRE_END_cadre_attr_slice_rank, limit: Self.axisLimit)
    }
    let begins = try read("begins", CADRE_END_cadre_attr_slice_begins)
    let ends = try read("ends", CADRE_END_cadre_attr_slice_ends)
    let steps = try read("steps", CADRE_END_cadre_attr_slice_steps)
    guard let count = (begins ?? ends ?? steps)?.count else { return .slice(initial) }
    return .slice(
      (0..<count).map { axis in
        SliceRange(begin: begins?[axis] ?? 0, end: ends?[axis], step: steps?[axis] ?? 1)
      })
  }
}
