import Synchronization

/// How long what was borrowed from the host may be used: until the job, or the assignment, ended.
///
/// Values and handles look here before they touch borrowed memory, so that one that was kept too long
/// throws instead of reading freed memory.
final class BorrowScope: Sendable {
  private let name: String
  private let over = Atomic<Bool>(false)

  /// - Parameter name: `job` or `assignment`, for the message.
  init(_ name: String) { self.name = name }

  /// Ends all borrows.
  func end() { over.store(true, ordering: .releasing) }

  func check(_ port: String) throws(AgentFailure) {
    guard !over.load(ordering: .acquiring) else {
      throw AgentFailure(
        .failedPrecondition,
        "the value was borrowed until the \(name) ended; copy what you need before", where: port)
    }
  }
}
