import AgentKit

/// Search through a grid, each of its points once.
///
/// The order is fixed, and spread out: each step goes on by the golden section of the grid, so that
/// the first few of many rounds do not all lie in one corner.
public struct GridSearch: Sendable {
  private let grid: SearchSpace
  private let count: Int
  private let stride: Int

  /// A search.
  ///
  /// - Parameters:
  ///   - space: what may be tried.
  ///   - points: values a range, at least 1; a range of fewer whole numbers has fewer.
  /// - Throws: `AgentFailure` with `outOfRange` for a grid of more than 2⁶² points.
  public init(space: SearchSpace, points: Int) throws(AgentFailure) {
    grid = SearchSpace(
      names: space.names,
      dimensions: space.dimensions.map { .choices($0.grid(points: max(1, points))) })
    guard let count = grid.count, count <= Int.max / 2 else {
      throw AgentFailure(
        .outOfRange, "the grid has more than 2⁶² points; lower 'points' or narrow the space",
        where: "settings.points")
    }
    self.count = count
    stride = Self.stride(for: count)
  }

  /// The number of points.
  public var pointCount: Int { count }

  /// The next point: a function of grid and history alone.
  ///
  /// When all were tried, the best of the history.
  ///
  /// - Complexity: O(rounds² · dimensions) at worst.
  public func next(after history: TrialHistory) -> Suggestion {
    var index = 0
    // Each step but the last passes a point that was tried.
    for _ in 0..<min(count, history.trials.count + 1) {
      index = (index + stride) % count
      let point = grid.point(index)
      if !history.contains(point, in: grid) {
        return Suggestion(settings: point, isExhausted: false)
      }
    }
    return Suggestion(settings: history.best?.settings ?? grid.point(index), isExhausted: true)
  }

  /// A step near the golden section that has no factor in common with the count, so that it reaches
  /// all.
  private static func stride(for count: Int) -> Int {
    var stride = max(1, Int((Double(count) * 0.618_033_988_749_895).rounded()))
    while greatestCommonDivisor(stride, count) != 1 { stride -= 1 }
    return stride
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
