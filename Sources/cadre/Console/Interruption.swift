import Dispatch
import Glibc

/// Ctrl-C, SIGTERM and a closed terminal as the cancellation of a task; a second one ends the process at once.
enum Interruption {
  /// Runs `body` in a task that the signals cancel; `notice` is told when the first one comes.
  static func cancelling<R: Sendable>(
    notice: @escaping @Sendable (String) -> Void, _ body: @escaping @Sendable () async throws -> R
  ) async throws -> R {
    let task = Task { try await body() }
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      // The default action would end the process before the source sees the signal.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        if task.isCancelled { _exit(130) }
        notice("stopping; Ctrl-C once more to stop at once")
        task.cancel()
      }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }
    return try await task.value
  }
}
