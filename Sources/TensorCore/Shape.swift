/// The lengths of a tensor's axes, outermost first.
///
/// Kept inline (no allocation), so at most eight axes. A shape is valid by construction: no length
/// is negative and the number of elements fits in `Int`.
public struct Shape: Sendable {
  /// The most axes that a shape can have.
  public static let maximumRank = 8

  /// The shape of a single number: no axes, one element.
  public static let scalar = Shape()

  /// The number of axes.
  public let rank: Int
  /// The product of all lengths; 1 for a scalar, 0 where a length is 0.
  public let elementCount: Int
  private var lengths: InlineArray<8, Int>

  private init() {
    rank = 0
    elementCount = 1
    lengths = InlineArray(repeating: 1)
  }

  /// Makes a shape from the lengths of its axes.
  ///
  /// - Parameters:
  ///   - dimensions: lengths, outermost first; empty for a scalar.
  ///   - op: the operation to name in an error.
  /// - Throws: `TensorError.Code.invalidShape` for more than eight axes, a negative length, or an
  ///   element count that overflows.
  public init(_ dimensions: [Int], op: String = "shape") throws(TensorError) {
    guard dimensions.count <= Shape.maximumRank else {
      throw TensorError(
        .invalidShape, op: op,
        rule: "at most \(Shape.maximumRank) axes; \(dimensions) has \(dimensions.count)")
    }
    var lengths = InlineArray<8, Int>(repeating: 1)
    var count = 1
    var extent = 1
    for (axis, length) in dimensions.enumerated() {
      guard length >= 0 else {
        throw TensorError(
          .invalidShape, op: op, rule: "lengths must not be negative; got \(dimensions)")
      }
      lengths[axis] = length
      count = length == 0 ? 0 : count
      // The product is checked with zeros taken as one, so that strides never overflow either.
      let (product, overflow) = extent.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else {
        throw TensorError(
          .invalidShape, op: op, rule: "the element count of \(dimensions) overflows 64 bits")
      }
      extent = product
    }
    self.rank = dimensions.count
    self.elementCount = count == 0 ? 0 : extent
    self.lengths = lengths
  }

  /// The length of one axis.
  ///
  /// - Parameter axis: from 0 (outermost) up to, not including, `rank`.
  public subscript(axis: Int) -> Int {
    precondition(axis >= 0 && axis < rank, "axis \(axis) of a shape of rank \(rank)")
    return lengths[axis]
  }

  /// The lengths as an array, outermost first.
  public var dimensions: [Int] { (0..<rank).map { lengths[$0] } }

  /// The length of the innermost axis; 1 for a scalar.
  public var columns: Int { rank == 0 ? 1 : lengths[rank - 1] }

  /// The product of all lengths but the innermost; 1 for a scalar or a vector.
  public var rows: Int {
    var product = 1
    for axis in 0..<max(rank - 1, 0) { product *= lengths[axis] }
    return product
  }

  /// The element steps of a dense row-major tensor of this shape.
  public var contiguousStrides: Strides {
    var steps = InlineArray<8, Int>(repeating: 0)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      steps[axis] = step
      step *= max(lengths[axis], 1)
    }
    return Strides(rank: rank, steps: steps)
  }
}

extension Shape: Hashable {
  /// Whether rank and all lengths agree.
  public static func == (left: Shape, right: Shape) -> Bool {
    guard left.rank == right.rank else { return false }
    for axis in 0..<left.rank where left.lengths[axis] != right.lengths[axis] { return false }
    return true
  }

  /// Feeds rank and lengths into the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for axis in 0..<rank { hasher.combine(lengths[axis]) }
  }
}

extension Shape: CustomStringConvertible {
  /// The lengths in brackets: `[2, 3]`, and `[]` for a scalar.
  public var description: String { "\(dimensions)" }
}

/// The step, in elements, from one position to the next along each axis.
public struct Strides: Sendable, Equatable, CustomStringConvertible {
  /// The number of axes.
  public let rank: Int
  private let steps: InlineArray<8, Int>

  init(rank: Int, steps: InlineArray<8, Int>) {
    self.rank = rank
    self.steps = steps
  }

  /// Makes strides from steps given outermost first.
  ///
  /// - Parameter elements: steps in elements, at most eight.
  /// - Throws: `TensorError.Code.invalidShape` for more than eight axes.
  public init(_ elements: [Int]) throws(TensorError) {
    guard elements.count <= Shape.maximumRank else {
      throw TensorError(
        .invalidShape, op: "strides", rule: "at most \(Shape.maximumRank) axes; got \(elements)")
    }
    var steps = InlineArray<8, Int>(repeating: 0)
    for (axis, step) in elements.enumerated() { steps[axis] = step }
    self.init(rank: elements.count, steps: steps)
  }

  /// The step of one axis.
  ///
  /// - Parameter axis: from 0 (outermost) up to, not including, `rank`.
  public subscript(axis: Int) -> Int {
    precondition(axis >= 0 && axis < rank, "axis \(axis) of strides of rank \(rank)")
    return steps[axis]
  }

  /// The steps as an array, outermost first.
  public var elements: [Int] { (0..<rank).map { steps[$0] } }

  /// Whether all steps agree.
  public static func == (left: Strides, right: Strides) -> Bool {
    guard left.rank == right.rank else { return false }
    for axis in 0..<left.rank where left.steps[axis] != right.steps[axis] { return false }
    return true
  }

  /// The steps in brackets.
  public var description: String { "\(elements)" }
}
