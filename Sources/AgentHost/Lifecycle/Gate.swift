import Synchronization

/// Something that happens once, and that tasks can wait for, with a limit.
final class Gate: Sendable {
  private struct Waiter {
    let continuation: CheckedContinuation<Bool, Never>
    var timer: Task<Void, Never>?
  }

  private struct State {
    var isOpen = false
    var waiters: [Int: Waiter] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  /// Whether it has happened.
  var isOpen: Bool { state.withLock { $0.isOpen } }

  /// It has happened: all that wait go on.
  func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters {
      waiter.timer?.cancel()
      waiter.continuation.resume(returning: true)
    }
  }

  /// Waits until it has happened, at most `limit`.
  ///
  /// Cancelling the task does not shorten the wait: closing has to be finished.
  ///
  /// - Returns: whether it has happened.
  func wait(atMost limit: Duration) async -> Bool {
    await withCheckedContinuation { continuation in
      let key: Int? = state.withLock { state in
        guard !state.isOpen else { return nil }
        state.next += 1
        state.waiters[state.next] = Waiter(continuation: continuation)
        return state.next
      }
      guard let key else {
        continuation.resume(returning: true)
        return
      }
      let timer = Task {
        guard (try? await Task.sleep(for: limit)) != nil else { return }
        let late = state.withLock { $0.waiters.removeValue(forKey: key) }
        late?.continuation.resume(returning: false)
      }
      // Where the gate opened meanwhile, the timer has nothing left to do.
      let isWaiting = state.withLock { state in
        state.waiters[key]?.timer = timer
        return state.waiters[key] != nil
      }
      if !isWaiting { timer.cancel() }
    }
  }
}
