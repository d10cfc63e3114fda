/// What the host learned about an agent's work in a team.
///
/// It comes from held-back data that the host blends on, never from sealed data.
public struct Feedback: Sendable, Hashable {
  /// The task that the feedback is about.
  public let task: String
  /// The name of the main metric.
  public let metric: String
  /// Its value for this agent alone.
  public let own: Double
  /// Its value for the whole team.
  public let team: Double
  /// The weight `w_i` of this agent in the joint decision.
  public let weight: Double
  /// All of it: figures a class, calibration, rounds.
  public let report: JSONValue
}

/// An agent that wants to hear how its work did: `cadre.feedback/1`.
public protocol FeedbackReceiver: Agent {
  /// Takes feedback about one assignment; its jobs may be running.
  func receive(_ feedback: Feedback, about assignment: any Assignment) throws
}

/// An agent whose learned state outlives it: `cadre.state/1`.
public protocol StateKeeper: Agent {
  /// The state as bytes that this agent understands; jobs may be running.
  func saveState() throws -> [UInt8]

  /// Throws when these bytes cannot be loaded; changes nothing.
  func checkState(_ state: [UInt8]) throws

  /// Loads a state, before the first `prepare`. On an error the agent is as before.
  func loadState(_ state: [UInt8]) throws
}
