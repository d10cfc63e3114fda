/// How much a line of the log matters.
public enum LogLevel: UInt32, Sendable, Hashable, CaseIterable {
  /// For the author.
  case debug = 1
  /// For who wants to know.
  case info = 2
  /// Something is odd, but the work goes on.
  case warning = 3
  /// Something failed.
  case error = 4
}

/// The host, as one agent sees it; valid as long as the agent is open.
public final class Host: Sendable {
  let table: HostTable

  init(_ table: HostTable) { self.table = table }

  /// The host program's name.
  public var name: String { table.name }

  /// The host program's version.
  public var version: String { table.version }

  /// Writes one line to the run's record; from any thread.
  ///
  /// - Parameters:
  ///   - level: how much the line matters.
  ///   - message: one line.
  public func log(_ level: LogLevel, _ message: String) { table.log(level, message) }
}
