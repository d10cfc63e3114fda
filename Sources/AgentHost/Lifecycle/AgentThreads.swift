import Glibc

/// Threads of the host's own, on which agents are called.
///
/// Never the cooperative pool: an agent may block, and an agent in Swift may wait for tasks of its own,
/// which would stand still if it held the pool's threads. Threads are made when work comes and none is
/// idle, up to a limit; they end with `stop`.
///
/// `@unchecked Sendable`: all fields but `mutex` and `wake` are only touched under `mutex`.
final class AgentThreads: @unchecked Sendable {
  /// 8 MB, what a main thread has: agents may recurse, and the memory is only touched when used.
  private static let stackSize = 8 << 20

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>
  private var limit: Int
  private var queue: [@Sendable () -> Void] = []
  private var idle = 0
  private var threads: [pthread_t] = []
  private var isStopping = false

  /// Makes an empty set.
  ///
  /// - Parameter limit: the most threads.
  init(limit: Int) {
    self.limit = max(1, limit)
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    wake = .allocate(capacity: 1)
    wake.initialize(to: pthread_cond_t())
    pthread_cond_init(wake, nil)
  }

  deinit {
    pthread_cond_destroy(wake)
    wake.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// The number of threads that were made.
  var count: Int { locked { threads.count } }

  /// Allows more threads; a smaller limit changes nothing.
  func grow(to limit: Int) { locked { self.limit = max(self.limit, limit) } }

  /// Runs the work on a thread of the set, in the order of submission where there is one thread.
  ///
  /// - Returns: false when no thread could be made or the set has stopped; the work does not run then.
  @discardableResult
  func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
    locked {
      guard !isStopping else { return false }
      if idle <= queue.count, threads.count < limit, !spawn(), threads.isEmpty { return false }
      queue.append(work)
      pthread_cond_signal(wake)
      return true
    }
  }

  /// Runs the work on a thread of the set.
  ///
  /// - Throws: `AgentError` when there is no thread, else what the work throws.
  func perform<R: Sendable>(_ work: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      let started = submit { continuation.resume(with: Result { try work() }) }
      if !started { continuation.resume(throwing: AgentThreads.noThread) }
    }
  }

  /// Lets the threads end when their work is done.
  ///
  /// - Parameter joining: waits for them; not from one of them.
  func stop(joining: Bool) {
    let threads: [pthread_t] = locked {
      guard !isStopping else { return [] }
      isStopping = true
      pthread_cond_broadcast(wake)
      return self.threads
    }
    for thread in threads {
      _ = joining ? pthread_join(thread, nil) : pthread_detach(thread)
    }
  }

  static let noThread = AgentError(
    .resourceExhausted, "the system gives no more threads, or the agent is closed")

  private func locked<R>(_ body: () -> R) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Makes a thread; the lock is held.
  private func spawn() -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<AgentThreads>.fromOpaque(context).takeRetainedValue().loop()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    threads.append(thread)
    return true
  }

  private func loop() {
    while let work = next() { work() }
  }

  private func next() -> (@Sendable () -> Void)? {
    locked {
      while queue.isEmpty {
        if isStopping { return nil }
        idle += 1
        pthread_cond_wait(wake, mutex)
        idle -= 1
      }
      return queue.removeFirst()
    }
  }
}
