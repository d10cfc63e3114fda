import CadreABI
import Contracts
import OpBridge

/// What went wrong with an agent, on its side or on the host's.
///
/// Agents report errors as objects of the ABI; a C++ exception or a signal that passes the boundary
/// cannot be caught here and ends the process, so agents that nobody vouches for run elsewhere.
public struct AgentError: BoundaryError, Hashable {
  /// The kind of failure, as in `retry.on_errors`.
  public let code: ErrorCode
  /// What happened and what to do about it.
  public let message: String
  /// A port, an op, a setting, a file; may be empty.
  public let `where`: String
  /// The agent's id; empty where none was opened yet.
  public let agent: String
  /// The time after which a retry may succeed; nil for no statement.
  public let retryAfter: Duration?

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: the kind of failure.
  ///   - message: what happened and what to do about it.
  ///   - place: a port, an op, a setting, a file.
  ///   - agent: the agent's id.
  ///   - retryAfter: the time after which a retry may succeed.
  public init(
    _ code: ErrorCode, _ message: String, where place: String = "", agent: String = "",
    retryAfter: Duration? = nil
  ) {
    self.code = code
    self.message = message
    self.where = place
    self.agent = agent
    self.retryAfter = retryAfter
  }

  /// The ABI's number of the code.
  public var boundaryCode: UInt32 { code.rawValue }
  /// Same as `message`.
  public var boundaryMessage: String { message }
  /// Same as `where`.
  public var boundaryPlace: String { self.where }
}

extension AgentError: CustomStringConvertible {
  /// One line: code, agent, place, message.
  public var description: String {
    let from = agent.isEmpty ? "" : " from \(agent)"
    let place = self.where.isEmpty ? "" : " at \(self.where)"
    return "\(code.name)\(from)\(place): \(message)"
  }
}

extension AgentError {
  /// The longest chain of causes that is read: an agent may have built a circle.
  private static let causeLimit = 8
  private static let textLimit = 64 * 1024

  /// Reads an error object by its accessors and releases it, once.
  ///
  /// An accessor that its table does not hold, or that is NULL, is passed over.
  ///
  /// - Parameters:
  ///   - error: owned; gone afterwards.
  ///   - agent: the agent's id.
  init(taking error: UnsafeMutablePointer<cadre_error>, agent: String) {
    defer { ErrorObject.release(error) }
    var message = Self.message(of: error)
    var cause = Self.cause(of: error)
    for _ in 0..<Self.causeLimit {
      guard let behind = cause else { break }
      message += "; because: \(Self.message(of: behind))"
      cause = Self.cause(of: behind)
    }
    let size = Int(error.pointee.size)
    var number = UInt32(CADRE_UNKNOWN)
    if size >= CADRE_END_cadre_error_code, let code = error.pointee.code { number = code(error) }
    var place = ""
    if size >= CADRE_END_cadre_error_where, let read = error.pointee.where {
      place = BoundaryText.lossy(read(error), limit: Self.textLimit)
    }
    var retryAfter: Duration?
    if size >= CADRE_END_cadre_error_retry_after, let read = error.pointee.retry_after {
      let nanoseconds = read(error)
      retryAfter = nanoseconds == 0 ? nil : Duration(nanoseconds: nanoseconds)
    }
    self.init(
      ErrorCode(rawValue: number) ?? .unknown, message, where: place, agent: agent,
      retryAfter: retryAfter)
  }

  private static func message(of error: UnsafePointer<cadre_error>) -> String {
    guard Int(error.pointee.size) >= CADRE_END_cadre_error_message,
      let read = error.pointee.message
    else { return "the agent gave no message" }
    let text = BoundaryText.lossy(read(error), limit: textLimit)
    return text.isEmpty ? "the agent gave no message" : text
  }

  private static func cause(
    of error: UnsafePointer<cadre_error>
  ) -> UnsafePointer<cadre_error>? {
    guard Int(error.pointee.size) >= CADRE_END_cadre_error_cause, let read = error.pointee.cause
    else { return nil }
    return read(error)
  }
}

extension Duration {
  /// A duration of the ABI, clamped to what 64 signed bits hold (292 years).
  init(nanoseconds: UInt64) { self = .nanoseconds(Int64(clamping: nanoseconds)) }

  /// Whole nanoseconds, clamped to 0 and the greatest number.
  var abiNanoseconds: UInt64 {
    let parts = components
    guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
    let (whole, overflow) = UInt64(parts.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowToo) = whole.addingReportingOverflow(
      UInt64(parts.attoseconds / 1_000_000_000))
    return overflow || overflowToo ? .max : sum
  }
}
