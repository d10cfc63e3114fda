import Synchronization

/// A number that several tests count up.
final class Counter: Sendable {
  private let value: Mutex<Int>

  init(_ start: Int) { value = Mutex(start) }

  func next() -> Int {
    value.withLock { value in
      value += 1
      return value
    }
  }
}
