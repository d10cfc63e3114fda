import Synchronization

/// Counts the bytes of the tensors made on it, remembers the peak, and refuses to pass a limit.
///
/// Thread-safe. A host gives each agent an account of its own, so that one agent's appetite is
/// refused with an error where it would otherwise end the process.
///
/// Atomics and no lock: an allocation costs one exchange, and the thread sanitizer, which does not
/// see into `Mutex`, can follow.
public final class MemoryAccount: Sendable {
  private let current = Atomic<Int>(0)
  private let peak = Atomic<Int>(0)
  /// `Int.max` for no limit.
  private let ceiling: Atomic<Int>

  /// The account used where none is named; without a limit.
  public static let shared = MemoryAccount()

  /// Makes an account with nothing on it.
  ///
  /// - Parameter limit: the most bytes alive at once; nil for no limit.
  public init(limit: Int? = nil) {
    ceiling = Atomic(limit ?? .max)
  }

  /// Bytes alive now.
  public var currentBytes: Int { current.load(ordering: .relaxed) }

  /// The most bytes that were alive at once since the account was made or `resetPeak()` called.
  public var peakBytes: Int { peak.load(ordering: .relaxed) }

  /// The most bytes allowed alive at once; nil for no limit.
  ///
  /// Lowering it frees nothing: it only refuses what comes next.
  public var limit: Int? {
    get {
      let bytes = ceiling.load(ordering: .relaxed)
      return bytes == .max ? nil : bytes
    }
    set { ceiling.store(newValue ?? .max, ordering: .relaxed) }
  }

  /// Sets the peak to what is alive now.
  public func resetPeak() {
    peak.store(currentBytes, ordering: .relaxed)
  }

  func reserve(_ byteCount: Int) throws(TensorError) {
    let limit = ceiling.load(ordering: .relaxed)
    var before = current.load(ordering: .relaxed)
    while true {
      guard byteCount <= limit - before else {
        throw TensorError(
          .outOfMemory, op: "allocate",
          rule: "\(byteCount) bytes more would pass the limit of \(limit) bytes "
            + "(\(before) in use); free tensors, use smaller batches or raise the limit")
      }
      let (done, found) = current.weakCompareExchange(
        expected: before, desired: before + byteCount, ordering: .relaxed)
      if done { break }
      before = found
    }
    // Looked at first: most allocations pass no peak, and reading is cheaper than an exchange.
    if before + byteCount > peak.load(ordering: .relaxed) {
      peak.max(before + byteCount, ordering: .relaxed)
    }
  }

  func giveBack(_ byteCount: Int) {
    current.subtract(byteCount, ordering: .relaxed)
  }
}
