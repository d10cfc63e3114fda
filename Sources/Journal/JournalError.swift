/// What went wrong with the journal, where, and what to do about it.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Hashable, Sendable {
    /// There is no journal at the path, and it was to be opened for reading only.
    case missing
    /// The file is no SQLite database, or a database of another program.
    case notADatabase
    /// SQLite finds the file damaged.
    case corrupt
    /// Another process held the write lock for longer than five seconds.
    case locked
    /// A newer version of Cadre wrote the journal.
    case newerSchema
    /// The journal was opened for reading only, or comes from an older version that needs a
    /// migration first.
    case readOnly
    /// The disk or the quota is full.
    case diskFull
    /// The operating system refuses access to the file or its folder.
    case permission
    /// No run has this id or prefix.
    case runNotFound
    /// The prefix fits several runs.
    case ambiguousRun
    /// Another process took the run over; this one may write nothing more to it.
    case staleLease
    /// The run's owner is alive, so nobody else may take it over.
    case ownerAlive
    /// The run has ended.
    case runEnded
    /// The step stands committed as succeeded or skipped, and is never run again.
    case stepAlreadyCommitted
    /// The sealed data was read and its result committed once in this run; there is no second time.
    case sealAlreadyOpened
    /// A value broke a rule of the schema, as a doubled port or a negative count.
    case invalidRecord
    /// Any other failure of SQLite or the operating system.
    case io
  }

  /// The kind of failure.
  public let code: Code
  /// The journal's file.
  public let path: String
  /// What happened, with the place.
  public let message: String
  /// What the reader can do about it.
  public let remedy: String

  /// Makes an error.
  public init(code: Code, path: String, message: String, remedy: String) {
    self.code = code
    self.path = path
    self.message = message
    self.remedy = remedy
  }

  /// Message and remedy in one line.
  public var description: String { "\(message); \(remedy)" }
}
