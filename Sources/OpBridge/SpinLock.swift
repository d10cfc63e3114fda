import Glibc
import Synchronization

/// A lock for sections of a few loads and stores.
///
/// Half the price of `Mutex` when nobody else is there, since unlocking is a plain store; where
/// somebody is, the thread gives way soon. The thread sanitizer sees it, which it does not with `Mutex`.
struct SpinLock: ~Copyable {
  private let isTaken = Atomic<Bool>(false)

  /// Waiting that long costs about as much as asking the system once.
  private static let patience = 64

  @inline(__always)
  borrowing func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock()
    defer { unlock() }
    return try body()
  }

  @inline(__always)
  borrowing func lock() {
    if isTaken.exchange(true, ordering: .acquiring) { wait() }
  }

  @inline(__always)
  borrowing func unlock() { isTaken.store(false, ordering: .releasing) }

  @inline(never)
  private borrowing func wait() {
    var turns = 0
    while true {
      // Looks before it takes: looking alone does not fight over the cache line.
      while isTaken.load(ordering: .relaxed) {
        turns += 1
        if turns % Self.patience == 0 { sched_yield() }
      }
      if !isTaken.exchange(true, ordering: .acquiring) { return }
    }
  }
}
