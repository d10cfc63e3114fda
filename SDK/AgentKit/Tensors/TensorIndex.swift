/// What may stand in the brackets of a tensor, for one axis: a range, or one position.
///
/// Positions below 0 count from the end, and what lies beyond the end is the end.
public protocol TensorIndex: Sendable {
  /// The positions that are meant.
  var sliceRange: SliceRange { get }
  /// One position, whose axis goes.
  var isPosition: Bool { get }
}

extension TensorIndex {
  /// Ranges keep their axis.
  public var isPosition: Bool { false }
}

/// Positions along one axis: from `begin` up to, not including, `end`, by `step`.
public struct SliceRange: TensorIndex, Hashable {
  /// The first one; below 0 counts from the end.
  public var begin: Int
  /// Where it stops; below 0 counts from the end, nil: at the end.
  public var end: Int?
  /// From one to the next; above 0.
  public var step: Int

  /// States positions.
  public init(begin: Int = 0, end: Int? = nil, step: Int = 1) {
    self.begin = begin
    self.end = end
    self.step = step
  }

  /// Itself.
  public var sliceRange: SliceRange { self }
}

extension TensorIndex where Self == SliceRange {
  /// All positions.
  public static var all: SliceRange { SliceRange() }

  /// Every n-th position, from the first.
  public static func every(_ step: Int) -> SliceRange { SliceRange(step: step) }
}

extension Int: TensorIndex {
  /// This one alone.
  public var sliceRange: SliceRange { SliceRange(begin: self, end: self == -1 ? nil : self + 1) }
  /// Its axis goes.
  public var isPosition: Bool { true }
}

extension Range<Int>: TensorIndex {
  /// `begin ..< end`.
  public var sliceRange: SliceRange { SliceRange(begin: lowerBound, end: upperBound) }
}

extension ClosedRange<Int>: TensorIndex {
  /// `begin ... last`.
  public var sliceRange: SliceRange {
    SliceRange(begin: lowerBound, end: upperBound == -1 ? nil : upperBound + 1)
  }
}

extension PartialRangeFrom<Int>: TensorIndex {
  /// `begin...`.
  public var sliceRange: SliceRange { SliceRange(begin: lowerBound) }
}

extension PartialRangeUpTo<Int>: TensorIndex {
  /// `..<end`.
  public var sliceRange: SliceRange { SliceRange(end: upperBound) }
}

extension PartialRangeThrough<Int>: TensorIndex {
  /// `...last`.
  public var sliceRange: SliceRange { SliceRange(end: upperBound == -1 ? nil : upperBound + 1) }
}

extension Tensor {
  /// A part of the tensor, copied.
  ///
  ///     let corner = try x[0..<2, 1...]
  ///     let last = try x[-1]            // one position: its axis goes
  ///     let columns = try x[.all, .every(2)]
  ///
  /// - Parameter indices: from the outermost axis on; axes without one are taken whole.
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get throws(AgentFailure) { try sliced(indices) }
  }

  /// A part of the tensor, copied; see the subscript.
  public func sliced(_ indices: [any TensorIndex]) throws(AgentFailure) -> Tensor {
    guard !indices.isEmpty else { return self }
    let part = try table.run(.slice, [self], .slice(indices.map(\.sliceRange)))
    guard indices.contains(where: \.isPosition) else { return part }
    let shape = try part.shape
    // A position beyond the end leaves nothing, where a range may.
    for (axis, index) in indices.enumerated() where index.isPosition && shape[axis] != 1 {
      throw AgentFailure(
        .outOfRange, "axis \(axis) has no position \(index.sliceRange.begin)", where: "slice")
    }
    return try part.reshaped(
      shape.indices.filter { $0 >= indices.count || !indices[$0].isPosition }.map { shape[$0] })
  }
}
