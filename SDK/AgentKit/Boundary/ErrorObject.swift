import CadreABI

/// A failure as an error object that the host owns.
///
/// The object keeps its texts and its cause alive; the host's `release` gives it up.
final class ErrorObject {
  private let failure: AgentFailure
  private let arena = Arena()
  private let table: UnsafeMutablePointer<cadre_error>
  private let message: cadre_str
  private let place: cadre_str
  private let cause: ErrorObject?

  private init(_ failure: AgentFailure) {
    self.failure = failure
    message = arena.str(failure.message)
    place = arena.str(failure.place)
    cause = failure.causes.first.map { first in
      ErrorObject(
        AgentFailure(
          first.code, first.message, where: first.place, retryAfter: first.retryAfter,
          causes: Array(failure.causes.dropFirst())))
    }
    table = .allocate(capacity: 1)
    table.initialize(
      to: cadre_error(
        size: UInt32(CADRE_END_cadre_error_release), reserved: 0, data: nil,
        code: { ErrorObject.behind($0)?.failure.code.rawValue ?? FailureCode.unknown.rawValue },
        message: { ErrorObject.behind($0)?.message ?? cadre_str() },
        where: { ErrorObject.behind($0)?.place ?? cadre_str() },
        cause: { ErrorObject.behind($0)?.cause.map { UnsafePointer($0.table) } },
        retry_after: { ErrorObject.behind($0)?.failure.retryAfter?.nanoseconds ?? 0 },
        release: { error in
          guard let data = error?.pointee.data else { return }
          Unmanaged<ErrorObject>.fromOpaque(data).release()
        }))
    // Not retained: a cause lives through its owner, the outermost one through `give`.
    table.pointee.data = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit { table.deallocate() }

  /// Hands a failure over: the receiver releases it.
  static func give(_ failure: AgentFailure) -> UnsafeMutablePointer<cadre_error> {
    let object = ErrorObject(failure)
    _ = Unmanaged.passRetained(object)
    return object.table
  }

  /// Runs a callback's body; what it throws becomes the error object to return.
  static func catching(_ body: () throws -> Void) -> UnsafeMutablePointer<cadre_error>? {
    do {
      try body()
      return nil
    } catch {
      return give(AgentFailure(error))
    }
  }

  private static func behind(_ table: UnsafePointer<cadre_error>?) -> ErrorObject? {
    table?.pointee.data.map { Unmanaged<ErrorObject>.fromOpaque($0).takeUnretainedValue() }
  }
}
