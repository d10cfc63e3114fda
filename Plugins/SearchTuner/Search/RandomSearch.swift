import AgentKit
import Scoring

/// Search by independent draws.
///
/// Bergstra and Bengio: "Random search for hyper-parameter optimization" (2012): with few rounds it
/// beats a grid, because it tries another value of every setting in every round.
public struct RandomSearch: Sendable {
  /// What may be tried.
  public let space: SearchSpace
  /// All its randomness.
  public let seed: UInt64

  // A finite space may hold far more probable points than others (logarithmic ranges), so that a
  // few draws keep the distribution before the search walks on.
  private static let drawLimit = 32

  /// A search.
  public init(space: SearchSpace, seed: UInt64) {
    self.space = space
    self.seed = seed
  }

  /// The next point: a function of space, seed and history alone.
  ///
  /// A finite space gives no point twice until all were tried; then the best of them.
  ///
  /// - Complexity: O(rounds² · dimensions) at worst.
  public func next(after history: TrialHistory) -> Suggestion {
    var random = generator(round: history.trials.count)
    var point = draw(&random)
    for _ in 1..<Self.drawLimit where history.contains(point, in: space) { point = draw(&random) }
    guard history.contains(point, in: space), let count = space.count,
      let start = space.index(of: point)
    else { return Suggestion(settings: point, isExhausted: false) }
    // Each step passes a point that was tried, so the walk is no longer than the history.
    for step in 1..<max(count, 1) {
      guard step <= history.trials.count else { break }
      let index = (start % count + step % count) % count
      let candidate = space.point(index)
      if !history.contains(candidate, in: space) {
        return Suggestion(settings: candidate, isExhausted: false)
      }
    }
    return Suggestion(settings: history.best?.settings ?? point, isExhausted: true)
  }

  private func draw(_ random: inout SplitMix64) -> JSONValue {
    space.settings(
      space.dimensions.map { dimension in
        if case .choices(let values) = dimension { return values[random.next(below: values.count)] }
        return dimension.value(at: Double(random.next() >> 11) * 0x1p-53)
      })
  }

  /// Mixed twice: SplitMix64's states are a fixed step apart, so neighbouring seeds would give the
  /// same numbers, shifted.
  private func generator(round: Int) -> SplitMix64 {
    var bySeed = SplitMix64(seed: seed)
    var byRound = SplitMix64(seed: bySeed.next() ^ UInt64(truncatingIfNeeded: round))
    return SplitMix64(seed: byRound.next())
  }
}
