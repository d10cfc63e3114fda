import Glibc

/// A lock for short sections.
///
/// The standard library's `Mutex` is invisible to the thread sanitizer on Linux, which then reports
/// races that are none; this floor is checked with it.
///
/// `@unchecked Sendable`: the pointer never changes, and the mutex behind it is thread-safe.
final class Lock: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func withLock<R>(_ body: () -> R) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
