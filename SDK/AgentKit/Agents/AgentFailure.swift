/// The codes of failures, with the names and the meaning of gRPC's.
public enum FailureCode: UInt32, Sendable, Hashable, CaseIterable {
  /// The job was told to stop.
  case cancelled = 1
  /// Nothing better is known.
  case unknown = 2
  /// What was handed over is wrong whatever the state of the system.
  case invalidArgument = 3
  /// The time ran out.
  case deadlineExceeded = 4
  /// What was asked for is not there.
  case notFound = 5
  /// What was to be made is there already.
  case alreadyExists = 6
  /// The caller may not do that.
  case permissionDenied = 7
  /// Memory, disk or a quota is used up.
  case resourceExhausted = 8
  /// The system is not in the state that this needs.
  case failedPrecondition = 9
  /// Given up because of a conflict; trying again may help.
  case aborted = 10
  /// Beyond the valid range.
  case outOfRange = 11
  /// Not offered by this agent or host.
  case unimplemented = 12
  /// An invariant is broken.
  case `internal` = 13
  /// Not there at the moment; trying again may help.
  case unavailable = 14
  /// Data is lost or damaged.
  case dataLoss = 15
  /// The caller is not known.
  case unauthenticated = 16
}

/// Why an agent could not do what it was asked, or why its host could not.
///
///     throw AgentFailure(.invalidArgument, "the table has no rows; check the source", where: "rows")
///
/// What an agent throws crosses the boundary as an error object with the same fields.
public struct AgentFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a caller can tell apart.
  public let code: FailureCode
  /// What happened and what to do about it.
  public let message: String
  /// Where: a file with line, a port, a setting; may be empty.
  public let place: String
  /// The time after which a retry may succeed, or nil.
  public let retryAfter: Duration?
  /// The failures behind this one, the nearest first.
  public let causes: [AgentFailure]

  /// Makes a failure.
  ///
  /// - Parameters:
  ///   - code: what a caller can tell apart.
  ///   - message: what happened and what to do about it.
  ///   - place: a file with line, a port, a setting.
  ///   - retryAfter: the time after which a retry may succeed.
  ///   - causes: the failures behind this one, the nearest first.
  public init(
    _ code: FailureCode, _ message: String, where place: String = "",
    retryAfter: Duration? = nil, causes: [AgentFailure] = []
  ) {
    self.code = code
    self.message = message
    self.place = place
    self.retryAfter = retryAfter
    self.causes = causes
  }

  /// Place, message and causes in one line.
  public var description: String {
    let own = place.isEmpty ? message : "\(place): \(message)"
    return ([own] + causes.map(\.description)).joined(separator: "; because ")
  }

  /// Any error as a failure: one of this type stays what it is.
  public init(_ error: any Error) {
    switch error {
    case let failure as AgentFailure: self = failure
    case let table as TableError:
      let place = [table.column.map { "column '\($0)'" }, table.row.map { "row \($0)" }]
      self.init(
        .invalidArgument, table.message, where: place.compactMap { $0 }.joined(separator: ", "))
    case is CancellationError: self.init(.cancelled, "the job was told to stop")
    default: self.init(.unknown, String(describing: error))
    }
  }
}
