import Autodiff
import CadreABI
import Synchronization

/// A tape behind a handle.
///
/// `@unchecked Sendable`: the tape is only touched inside `withTape`, by one call at a time. The ABI asks
/// for one thread at a time; the flag keeps an agent that forgets it from breaking the host's memory.
final class TapeBox: @unchecked Sendable {
  private let tape = Tape()
  private let isInUse = Atomic<Bool>(false)

  /// Uses the tape.
  ///
  /// - Throws: `BridgeError` where another call does; waiting would hang an operation of a plug-in that
  ///   names the tape on which it is being recorded.
  func withTape<Result>(
    _ place: @autoclosure () -> String, _ body: (Tape) throws -> Result
  ) throws -> Result {
    guard !isInUse.exchange(true, ordering: .acquiring) else {
      throw BridgeError(
        CADRE_FAILED_PRECONDITION, place(),
        "the tape is in use by another call; a tape belongs to one thread at a time")
    }
    defer { isInUse.store(false, ordering: .releasing) }
    return try body(tape)
  }
}
