import Glibc

/// Lets the short calls tagged [any] in until the agent closes, and lets the closing wait for them.
///
/// `@unchecked Sendable`: `isShut` is only touched under the lock.
final class CallGate: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>
  private var isShut = false

  init() {
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_rwlock_t())
    pthread_rwlock_init(lock, nil)
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deallocate()
  }

  /// Runs the body unless the agent is closed; it stays open meanwhile.
  ///
  /// - Returns: nil where the agent is closed.
  func enter<R>(_ body: () throws -> R) rethrows -> R? {
    pthread_rwlock_rdlock(lock)
    defer { pthread_rwlock_unlock(lock) }
    return isShut ? nil : try body()
  }

  /// Waits for the calls under way, and lets no more in.
  func shut() {
    pthread_rwlock_wrlock(lock)
    isShut = true
    pthread_rwlock_unlock(lock)
  }
}
