/// A small seeded generator of 64-bit numbers: equal seeds give equal numbers on every machine.
///
/// Counter-based: the k-th number is a fixed mix of `seed + k · 0x9e3779b97f4a7c15`, so the state
/// is one integer and the period 2⁶⁴. Steele, Lea, Flood: *Fast Splittable Pseudorandom Number
/// Generators* (2014), with the constants of Java's `SplittableRandom`. Good for resampling;
/// never for secrets.
///
/// The standard library's bounded draws may change between Swift releases; ``next(below:)`` does
/// not, and intervals in old reports stay reproducible.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the sequence of this seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// A number in `0 ..< bound`, each equally likely.
  ///
  /// The high word of a 128-bit product, with the few draws rejected that would favour small
  /// numbers (Lemire: *Fast Random Integer Generation in an Interval*, 2019).
  ///
  /// - Parameter bound: above 0.
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "an empty range has no number to draw: bound \(bound)")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let threshold = (0 &- width) % width
      while product.low < threshold {
        product = next().multipliedFullWidth(by: width)
      }
    }
    return Int(product.high)
  }
}
