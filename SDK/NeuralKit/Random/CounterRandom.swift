/// Random numbers by counter: the k-th number of a stream is a fixed function of seed, name and k.
///
/// Equal seeds give equal weights on every machine, and a layer's weights do not depend on which layers
/// were made before it, because each has a stream of its own by name. The mix is SplitMix64's (Steele, Lea,
/// Flood: "Fast splittable pseudorandom number generators", 2014); names are hashed by FNV-1a. Not for
/// secrets.
///
///     var random = CounterRandom(seed: 7, stream: "hidden0.weight")
///     let x = random.uniform()  // in 0 ..< 1
public struct CounterRandom: Sendable, Hashable {
  private let key: UInt64
  /// How many numbers were drawn.
  public private(set) var counter: UInt64 = 0

  /// The beginning of a stream.
  ///
  /// - Parameters:
  ///   - seed: chooses the family of streams.
  ///   - stream: the stream's name.
  public init(seed: UInt64, stream: String) {
    var name: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in stream.utf8 { name = (name ^ UInt64(byte)) &* 0x100_0000_01b3 }
    key = Self.mix(Self.mix(seed) ^ name)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    counter &+= 1
    return Self.mix(key &+ counter &* 0x9e37_79b9_7f4a_7c15)
  }

  /// A number in `0 ..< 1`, a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `range`, but its upper bound.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  /// A number from the normal distribution with mean 0 and standard deviation 1, by Box and Muller.
  ///
  /// Always draws two numbers, so that the counter says where the stream is.
  public mutating func normal() -> Double {
    let radius = (-2 * RealFunctions.log(1 - uniform())).squareRoot()
    return radius * RealFunctions.cos(2 * .pi * uniform())
  }

  /// A number in `0 ..< bound`, each equally likely (Lemire, 2019).
  ///
  /// - Parameter bound: above 0.
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "an empty range has no number to draw: bound \(bound)")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let threshold = (0 &- width) % width
      while product.low < threshold { product = next().multipliedFullWidth(by: width) }
    }
    return Int(product.high)
  }

  /// `0 ..< count` in random order, by Fisher and Yates.
  ///
  /// - Complexity: O(count).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, next(below: last + 1))
    }
    return order
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
