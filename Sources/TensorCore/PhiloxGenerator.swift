import TensorKernels

/// A counter-based random generator: Philox 4x64-10.
///
/// Block `i` of a seed is a pure function of both, so results depend neither on threads nor on the
/// order of calls elsewhere. The words equal those of `numpy.random.Philox(key=seed)`.
///
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public struct PhiloxGenerator: RandomNumberGenerator, Sendable, Hashable {
  /// The low half of the key.
  public let seed: UInt64
  /// The high half of the key: independent sequences of one seed.
  public let stream: UInt64
  /// The next block that was not touched yet; each holds four words.
  public private(set) var counter: UInt64

  private var words: [UInt64] = []

  /// Makes a generator that stands at a block.
  ///
  /// - Parameters:
  ///   - seed: the low half of the key.
  ///   - stream: the high half of the key.
  ///   - counter: the block to start with.
  public init(seed: UInt64, stream: UInt64 = 0, counter: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
    self.counter = counter
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if let word = words.popLast() { return word }
    let block = tk_philox4x64(key, counter).words
    counter &+= 1
    words = [block.3, block.2, block.1]  // popped from the end
    return block.0
  }

  var key: tk_philox_key { tk_philox_key(seed: seed, stream: stream) }

  /// Takes the blocks that `floatCount` floats need and says which is the first of them.
  ///
  /// What is left of a block that `next()` has begun is dropped.
  mutating func takeBlocks(floatCount: Int) -> UInt64 {
    words.removeAll(keepingCapacity: true)
    let first = counter
    counter &+= tk_philox_blocks_f32(floatCount)
    return first
  }
}
