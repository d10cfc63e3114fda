// Authors import AgentKit alone: tables are part of its vocabulary, so they come with it.
@_exported import ArrowTables

/// Who an agent is: the same for every agent of one image.
public struct AgentIdentity: Sendable, Hashable {
  /// A reversed domain name: `org.example.speller`.
  public var id: String
  /// A semantic version: `1.2.0`.
  public var version: String
  /// One line for a person.
  public var about: String

  /// Says who an agent is.
  ///
  /// - Parameters:
  ///   - id: a reversed domain name.
  ///   - version: a semantic version.
  ///   - about: one line for a person.
  public init(id: String, version: String, about: String = "") {
    self.id = id
    self.version = version
    self.about = about
  }
}

/// What an author writes: an agent says what it offers, bids, and accepts awards.
///
/// The host opens an agent, asks it for bids at any time from any thread, prepares an assignment for each
/// award that it won, and runs jobs on assignments. `bid` may overlap everything else, which is why agents
/// and assignments are `Sendable`; what changes is guarded by its owner (`Mutex`).
public protocol Agent: Sendable {
  /// Who this agent is.
  static var identity: AgentIdentity { get }

  /// Opens an agent.
  ///
  /// - Parameters:
  ///   - host: outlives the agent.
  ///   - config: what the user configured for this agent, an object.
  /// - Throws: to refuse; the message reaches the user.
  init(host: Host, config: JSONValue) throws

  /// What this agent can do; read once, when it was opened.
  var offers: [Offer] { get }

  /// Answers a call for proposals within 1 ms. Reserves nothing and answers the same to the same call.
  ///
  /// Without an implementation of its own an agent says yes and states no figures.
  func bid(_ call: Call) throws -> BidAnswer

  /// Accepts an award and warms up: reads the values on bound ports and the settings.
  ///
  /// - Parameter award: valid until this returns; what its ports gave lives as long as the assignment.
  func prepare(_ award: Award) throws -> any Assignment
}

extension Agent {
  /// Says yes and states no figures.
  public func bid(_ call: Call) throws -> BidAnswer { .yes() }
}

/// What an agent does under one award.
public protocol Assignment: Sendable {
  /// Runs one job: reads its inputs, sets its outputs, and polls `shouldStop` where it takes long.
  ///
  /// Called on a thread of the host's own, for up to `Offer.maxJobs` jobs at once.
  ///
  /// - Parameter job: valid until this returns.
  func run(_ job: Job) throws
}
