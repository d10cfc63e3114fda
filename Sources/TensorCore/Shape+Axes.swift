extension Shape {
  /// An axis by its number.
  ///
  /// - Parameters:
  ///   - axis: from 0 (outermost), or from -1 (innermost) down.
  ///   - op: the operation to name in an error.
  /// - Returns: the number from 0 on.
  /// - Throws: `TensorError.Code.invalidValue` for an axis that the shape does not have.
  public func axis(_ axis: Int, op: String) throws(TensorError) -> Int {
    let number = axis < 0 ? axis &+ rank : axis
    guard number >= 0, number < rank else {
      throw TensorError(
        .invalidValue, op: op, shapes: [self],
        rule: rank == 0
          ? "a scalar has no axes, got axis \(axis)"
          : "axis \(axis) must lie in \(-rank)..<\(rank)")
    }
    return number
  }

  /// The axes that a reduction takes, as one flag an axis.
  func flags(_ axes: [Int]?, op: String) throws(TensorError) -> InlineArray<8, Bool> {
    var flags = InlineArray<8, Bool>(repeating: axes == nil)
    for axis in axes ?? [] {
      let number = try self.axis(axis, op: op)
      guard !flags[number] else {
        throw TensorError(
          .invalidValue, op: op, shapes: [self], rule: "axis \(axis) is named twice")
      }
      flags[number] = true
    }
    return flags
  }

  /// The shape that is left when axes are reduced.
  ///
  /// - Parameters:
  ///   - axes: which, and whether they stay with length 1.
  ///   - op: the operation to name in an error.
  /// - Throws: `TensorError.Code.invalidValue` for an axis that is not there or named twice.
  public func reduced(over axes: ReductionAxes, op: String) throws(TensorError) -> Shape {
    if axes.axes == nil, !axes.keepAxes { return .scalar }
    let flags = try self.flags(axes.axes, op: op)
    var lengths: [Int] = []
    for axis in 0..<rank {
      if !flags[axis] {
        lengths.append(self[axis])
      } else if axes.keepAxes {
        lengths.append(1)
      }
    }
    return try Shape(lengths, op: op)
  }

  /// The same shape with one length changed.
  func replacing(_ axis: Int, with length: Int, op: String) throws(TensorError) -> Shape {
    var lengths = dimensions
    lengths[axis] = length
    return try Shape(lengths, op: op)
  }

  /// The product of the lengths of some axes; 1 for none.
  func product(_ axes: Range<Int>) -> Int {
    var product = 1
    for axis in axes { product *= self[axis] }
    return product
  }
}

/// Which axes a reduction takes.
public struct ReductionAxes: Sendable, Hashable {
  /// Nil for all; below 0 counts from the end.
  public var axes: [Int]?
  /// Whether reduced axes stay, with length 1.
  public var keepAxes: Bool

  /// Names the axes.
  ///
  /// - Parameters:
  ///   - axes: nil for all; an empty list reduces nothing.
  ///   - keepAxes: whether reduced axes stay, with length 1.
  public init(_ axes: [Int]? = nil, keepAxes: Bool = false) {
    self.axes = axes
    self.keepAxes = keepAxes
  }
}
