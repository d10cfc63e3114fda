import CadreABI
import Synchronization

/// What is lent to an agent for the life of a job or an assignment, and how it is taken back.
final class Loans: Sendable {
  /// Lent structs are plain data over memory that a return closure owns.
  ///
  /// `@unchecked Sendable`: `cadre_value` holds pointers that stay until `end`.
  private struct Lent: @unchecked Sendable {
    let value: cadre_value
  }

  private struct State {
    var isOver = false
    var returns: [@Sendable () -> Void] = []
    var lent: [String: Lent] = [:]
  }

  private let state = Mutex(State())

  /// Keeps something until the loan ends; if it has ended already, it is taken back at once.
  func add(_ takeBack: @escaping @Sendable () -> Void) {
    let isOver = state.withLock { state in
      if !state.isOver { state.returns.append(takeBack) }
      return state.isOver
    }
    if isOver { takeBack() }
  }

  /// What was lent under a name before, so that an agent that asks often does not fill the memory.
  func lent(_ name: String) -> cadre_value? { state.withLock { $0.lent[name] }?.value }

  /// Remembers what was lent under a name.
  func remember(_ value: cadre_value, as name: String) {
    let lent = Lent(value: value)
    state.withLock { $0.lent[name] = lent }
  }

  /// Takes everything back, last things first.
  func end() {
    let returns = state.withLock { state in
      state.isOver = true
      state.lent = [:]
      defer { state.returns = [] }
      return state.returns
    }
    for takeBack in returns.reversed() { takeBack() }
  }
}
